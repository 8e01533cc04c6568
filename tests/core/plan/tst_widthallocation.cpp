#include "plan/widthallocation.h"

#include <QTest>

#include <limits>
#include <numeric>

using namespace edgeflex;

class TestWidthAllocation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesFromWhoCanSpare()
    {
        const std::map<std::int64_t, double> dear{{16, 9}, {32, 4}, {48, 1}, {64, 0}};
        const std::map<std::int64_t, double> cheap{{16, 0.3}, {32, 0.1}, {48, 0.01}, {64, 0}};
        QCOMPARE(allocateWidths({dear, cheap}, 0.75), (std::vector<std::int64_t>{64, 32}));
        QCOMPARE(allocateWidths({dear, cheap, dear}, 0.5), (std::vector<std::int64_t>{32, 16, 48}));
        QCOMPARE(allocateWidths({dear, cheap}, 1), (std::vector<std::int64_t>{64, 64}));
        QVERIFY(allocateWidths({dear, cheap}, 0.2).empty()); // 25 of 128, and 32 is the least
    }

    // Against all combinations.
    void isTheLeastThereIs()
    {
        std::vector<std::map<std::int64_t, double>> losses(4);
        for (int block = 0; block < 4; ++block)
            for (int width = 1; width <= 6; ++width)
                losses[static_cast<std::size_t>(block)][16 * width] =
                    (block * 7 + 3) % 5 * (6.0 - width) * (6 - width) / 9;
        for (const double keep : {0.3, 0.5, 0.7, 0.9}) {
            double least = std::numeric_limits<double>::max();
            for (int all = 0; all < 6 * 6 * 6 * 6; ++all) {
                std::int64_t kept = 0;
                double loss = 0;
                for (int block = 0, rest = all; block < 4; ++block, rest /= 6) {
                    kept += 16 * (rest % 6 + 1);
                    loss += losses[static_cast<std::size_t>(block)][16 * (rest % 6 + 1)];
                }
                if (double(kept) <= keep * 384 + 1e-6)
                    least = std::min(least, loss);
            }
            const auto widths = allocateWidths(losses, keep);
            double loss = 0;
            for (std::size_t block = 0; block < 4; ++block)
                loss += losses[block][widths[block]];
            QVERIFY(std::fabs(loss - least) < 1e-9);
            QVERIFY(double(std::accumulate(widths.begin(), widths.end(), std::int64_t{0})) <= keep * 384 + 1e-6);
        }
    }

    // Where losses do not add up, widths that are best one by one are not best together.
    void exchangesWhereLossesDoNotAddUp()
    {
        const std::map<std::int64_t, double> each{{16, 3}, {32, 2}, {48, 1}, {64, 0}};
        const std::vector<std::map<std::int64_t, double>> losses(4, each);
        // What the first two blocks lose multiplies; the others are free.
        const auto loss = [](const std::vector<std::int64_t> &widths) {
            const auto lost = [&](std::size_t i) {
                return 64.0 - static_cast<double>(widths[i]);
            };
            return (1 + lost(0)) * (1 + lost(1)) + 1e-3 * (lost(2) * lost(2) + lost(3) * lost(3));
        };
        const std::vector<std::int64_t> start{48, 48, 48, 48};
        const std::vector<std::int64_t> found = exchangeWidths(losses, start, 0.75, loss);
        QCOMPARE(found, (std::vector<std::int64_t>{64, 64, 32, 32}));
        QCOMPARE(exchangeWidths(losses, found, 0.75, loss), found); // stays where it is
        // Room that the start left is used, and the limit holds.
        QCOMPARE(exchangeWidths(losses, {16, 64, 16, 16}, 0.5, loss), (std::vector<std::int64_t>{32, 64, 16, 16}));
        // With losses that add up there is nothing to exchange once the solver was there.
        const auto sum = [&](const std::vector<std::int64_t> &widths) {
            double total = 0;
            for (std::size_t i = 0; i < widths.size(); ++i)
                total += losses[i].at(widths[i]);
            return total;
        };
        const std::vector<std::int64_t> solved = allocateWidths(losses, 0.6);
        QCOMPARE(exchangeWidths(losses, solved, 0.6, sum), solved);
    }
};

QTEST_APPLESS_MAIN(TestWidthAllocation)
#include "tst_widthallocation.moc"
