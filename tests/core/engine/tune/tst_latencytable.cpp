#include "engine/tune/latencytable.h"

#include "engine/kernels/linear.h"

#include <QTest>

using namespace edgeflex;

class TestLatencyTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresOnceAShape()
    {
        LatencyTable table(detectTarget(1));
        for (const NumberFormat format : allNumberFormats()) {
            LinearSpec linear{"a", 64, 96, true, format, 32, format == NumberFormat::Int4};
            const double first = table.milliseconds(linear, 50);
            QVERIFY(first > 0);
            linear.name = "b"; // the same shape
            QCOMPARE(table.milliseconds(linear, 50), first);
        }
    }
};

QTEST_APPLESS_MAIN(TestLatencyTable)
#include "tst_latencytable.moc"
