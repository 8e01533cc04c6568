#include "report/ticks.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using Numbers = std::vector<double>;
using Texts = std::vector<std::string>;

class TestTicks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void roundValues()
    {
        QCOMPARE(niceTicks(0, 10), (Numbers{0, 2, 4, 6, 8, 10}));
        QCOMPARE(niceTicks(0, 25.3, 4), (Numbers{0, 10, 20}));
        QCOMPARE(niceTicks(67.2, 76.4), (Numbers{68, 70, 72, 74, 76}));
        QCOMPARE(niceTicks(-1.1, 1.1, 5), (Numbers{-1, -0.5, 0, 0.5, 1}));
        QCOMPARE(niceTicks(0, 1e9, 3), (Numbers{0, 5e8, 1e9}));
        QCOMPARE(niceTicks(1e-9, 3e-9, 3).size(), std::size_t(3));
    }

    void neverMoreThanAsked()
    {
        for (int most = 2; most < 12; ++most) {
            for (double high = 0.013; high < 1e7; high *= 1.7) {
                const Numbers ticks = niceTicks(0.01, high, most);
                QVERIFY(!ticks.empty());
                QVERIFY(ticks.size() <= static_cast<std::size_t>(most));
                QVERIFY(ticks.front() >= 0.01 * (1 - 1e-9) && ticks.back() <= high * (1 + 1e-9));
            }
        }
    }

    void logarithmic()
    {
        QCOMPARE(niceLogTicks(3, 24, 4), (Numbers{5, 10, 20}));
        QCOMPARE(niceLogTicks(1, 1000, 4), (Numbers{1, 10, 100, 1000}));
        QCOMPARE(niceLogTicks(0.25, 1.3, 20).front(), 0.3);
        QVERIFY(niceLogTicks(0, 10).empty());
        QVERIFY(niceLogTicks(1e-12, 1e12, 5).size() <= 5);
    }

    void nothingToMark()
    {
        const double infinity = std::numeric_limits<double>::infinity();
        QVERIFY(niceTicks(1, 1).empty());
        QVERIFY(niceTicks(2, 1).empty());
        QVERIFY(niceTicks(std::nan(""), 1).empty());
        QVERIFY(niceTicks(0, infinity).empty());
    }

    void texts()
    {
        QCOMPARE(tickTexts({0, 0.5, 1}), (Texts{"0.0", "0.5", "1.0"}));
        QCOMPARE(tickTexts({0, 20, 40}), (Texts{"0", "20", "40"}));
        QCOMPARE(tickTexts({0.3 - 0.1, 0.25}), (Texts{"0.20", "0.25"}));
        QCOMPARE(tickTexts({}), Texts{});
    }
};

QTEST_APPLESS_MAIN(TestTicks)
#include "tst_ticks.moc"
