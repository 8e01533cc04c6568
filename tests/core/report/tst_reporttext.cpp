#include "report/reporttext.h"

#include <QTest>

#include <cmath>

using namespace edgeflex;

class TestReportText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void numbers()
    {
        QCOMPARE(fixed(2.345, 1), "2.3");
        QCOMPARE(fixed(-0.001, 2), "0.00");
        QCOMPARE(fixed(-0.2, 1), "-0.2");
        QCOMPARE(fixed(std::nan(""), 1), "unknown");
        QCOMPARE(threeDigits(4.0448), "4.04");
        QCOMPARE(threeDigits(9.996), "10.0");
        QCOMPARE(threeDigits(99.96), "100");
        QCOMPARE(grouped(999), "999");
        QCOMPARE(grouped(632045800), "632,045,800");
        QCOMPARE(grouped(-1234), "-1,234");
        QCOMPARE(grouped(-123), "-123");
        QCOMPARE(counted(1, "image"), "1 image");
        QCOMPARE(counted(1200, "image"), "1,200 images");
        QCOMPARE(range(-0.21, 2.206, 2), "-0.21 to 2.21");
    }

    void ratios()
    {
        QCOMPARE(speed(0.346), "2.89x faster");
        QCOMPARE(speed(1.1), "1.10x slower");
        QCOMPARE(speed(1.004), "as fast");
        QCOMPARE(speed(0), "unknown");
        QCOMPARE(speed(std::nan("")), "unknown");
        QCOMPARE(size(0.25), "4.00x smaller");
        QCOMPARE(size(1), "as large");
        QCOMPARE(pointsLost(1), "1.00 points lost");
        QCOMPARE(pointsLost(-0.333), "0.33 points gained");
        QCOMPARE(pointsLost(-0.001), "0.00 points lost");
    }

    void forPrint_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("printed");
        QTest::newRow("minus") << "95 %: -0.21 to 2.21"
                               << "95\u00a0%: \u22120.21 to 2.21";
        QTest::newRow("factor") << "2.89x faster; 4x"
                                << "2.89\u00d7 faster; 4\u00d7";
        QTest::newRow("product") << "224 x 224 px"
                                 << "224 \u00d7 224\u00a0px";
        QTest::newRow("unit") << "5.65 MB, 3 layers"
                              << "5.65\u00a0MB, 3 layers";
        QTest::newRow("names stay") << "vit2x a-5 2025-06-01 max x 3 -x"
                                    << "vit2x a-5 2025-06-01 max x 3 -x";
        QTest::newRow("letters stay") << "5 x\u00e4 0x1f"
                                      << "5 x\u00e4 0x1f";
        QTest::newRow("nothing") << ""
                                 << "";
    }
    void forPrint()
    {
        QFETCH(QString, text);
        QFETCH(QString, printed);
        QCOMPARE(QString::fromStdString(typographic(text.toStdString())), printed);
    }
};

QTEST_APPLESS_MAIN(TestReportText)
#include "tst_reporttext.moc"
