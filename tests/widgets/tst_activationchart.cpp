#include "widgets/activationchart.h"

#include "plan/compressionplan.h"

#include <QTest>

using namespace edgeflex;

class tst_ActivationChart : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void stacksWhatLayersWrite()
    {
        const ModelSpec spec = makeVitSpec({});
        CompressionPlan plan = identityPlan(spec);
        plan.blocks[2].mlpKeep = 0.5;
        ActivationChart chart;
        chart.setModel(spec, plannedSpec(spec, plan), 2);
        QCOMPARE(chart.columnCount(), 14);
        const std::int64_t tokens = 2 * 197 * 4;
        QCOMPARE(chart.bytes(1), tokens * (576 + 192 + 768 + 192));
        QCOMPARE(chart.bytes(3), tokens * (576 + 192 + 384 + 192));
        QVERIFY(chart.describe(3).contains("before"));
        QVERIFY(!chart.describe(4).contains("before"));
        QCOMPARE(chart.describe(99), QString());
        chart.highlightLayers({"blocks.2.mlp.fc1"});
        chart.clear();
        QCOMPARE(chart.columnCount(), 0);
    }
};

QTEST_MAIN(tst_ActivationChart)
#include "tst_activationchart.moc"
