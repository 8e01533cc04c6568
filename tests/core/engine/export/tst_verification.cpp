#include "engine/export/verification.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace edgeflex;

class TestVerification : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void nothingComparedIsNotTheSame()
    {
        const LogitComparison comparison;
        QVERIFY(!comparison.same());
        QCOMPARE(comparison.images(), std::int64_t(0));
    }

    void logits_data()
    {
        QTest::addColumn<std::vector<float>>("ours");
        QTest::addColumn<std::vector<float>>("theirs");
        QTest::addColumn<bool>("same");
        QTest::addColumn<double>("difference");
        QTest::addColumn<double>("agreement");
        using Row = std::vector<float>;
        const float nan = std::numeric_limits<float>::quiet_NaN();
        const float inf = std::numeric_limits<float>::infinity();
        QTest::newRow("equal") << Row{1, 8, 3} << Row{1, 8, 3} << true << 0.0 << 1.0;
        QTest::newRow("within a thousandth of the largest")
            << Row{1, 8, 3} << Row{1.0078125F, 8, 3} << true << 0.0078125 << 1.0;
        QTest::newRow("beyond it") << Row{1, 8, 3} << Row{1.015625F, 8, 3} << false << 0.015625 << 1.0;
        QTest::newRow("the largest may be negative")
            << Row{1, -8, 0} << Row{1.0078125F, -8, 0} << true << 0.0078125 << 1.0;
        QTest::newRow("a tie falls the other way")
            << Row{8, 8.001953125F} << Row{8.001953125F, 8} << true << 0.001953125 << 0.0;
        QTest::newRow("another class") << Row{8, 1} << Row{1, 8} << false << 7.0 << 0.0;
        QTest::newRow("theirs is NaN") << Row{8, 1} << Row{8, nan} << false << double(inf) << 1.0;
        QTest::newRow("theirs is infinite") << Row{8, 1} << Row{inf, 1} << false << double(inf) << 1.0;
        QTest::newRow("ours is infinite") << Row{inf, 1} << Row{8, 1} << false << double(inf) << 1.0;
        QTest::newRow("both are NaN") << Row{8, nan} << Row{8, nan} << false << double(inf) << 1.0;
        QTest::newRow("all zero") << Row{0, 0} << Row{0, 0} << true << 0.0 << 1.0;
    }
    void logits()
    {
        QFETCH(std::vector<float>, ours);
        QFETCH(std::vector<float>, theirs);
        QFETCH(bool, same);
        QFETCH(double, difference);
        QFETCH(double, agreement);
        LogitComparison comparison;
        comparison.add(ours, theirs);
        QCOMPARE(comparison.same(), same);
        QCOMPARE(comparison.maxDifference(), difference);
        QCOMPARE(comparison.top1Agreement(), agreement);
    }

    void imagesAddUp()
    {
        LogitComparison comparison;
        comparison.add({100, 0}, {100, 0});
        comparison.add({1, 0}, {1.0625F, 0}); // a sixteenth, where the largest logit of all allows a tenth
        QVERIFY(comparison.same());
        comparison.add({1, 0}, {0, 1});
        comparison.add({1, 0}, {1, 0});
        QVERIFY(!comparison.same());
        QCOMPARE(comparison.images(), std::int64_t(4));
        QCOMPARE(comparison.top1Agreement(), 0.75);
        QCOMPARE(comparison.maxDifference(), 1.0);
    }
};

QTEST_APPLESS_MAIN(TestVerification)
#include "tst_verification.moc"
