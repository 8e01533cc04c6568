#include "jsonchecks.h"
#include "plansamples.h"

#include "plan/randomplans.h"

#include <array>
#include <cmath>
#include <map>

using namespace edgeflex;
using namespace edgeflex::test;

class TestRandomPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aSeedIsASequence()
    {
        RandomPlans a(sampleSpec(), 7);
        RandomPlans b(sampleSpec(), 7);
        RandomPlans c(sampleSpec(), 8);
        const CompressionPlan first = a.next(1);
        QVERIFY(first == b.next(1));
        QVERIFY(!(first == c.next(1)));
        QVERIFY(!(first == a.next(1)));
        // std::mt19937_64's first number is the same everywhere.
        QCOMPARE(RandomPlans(sampleSpec(), 5489).share(), double(14514284786278117030ULL >> 11) * 0x1p-53);
    }

    void keepsAndFormatsAreUniform()
    {
        RandomPlans random(sampleSpec(), 1);
        std::map<NumberFormat, int> formats;
        std::array<int, 6> keeps{};
        constexpr int rounds = 2000;
        for (int i = 0; i < rounds; ++i) {
            const CompressionPlan plan = random.next(1);
            plannedSpec(sampleSpec(), plan); // fits the model
            for (const BlockPlan &block : plan.blocks) {
                for (const double keep : {block.mlpKeep, block.qkKeep, block.voKeep}) {
                    QVERIFY(keep >= 0.4 && keep < 1);
                    ++keeps[std::size_t((keep - 0.4) * 10)];
                }
            }
            for (const auto &[layer, format] : plan.formats)
                ++formats[format];
        }
        QCOMPARE(formats.size(), std::size_t(5));
        const double layers = rounds * double(sampleSpec().linears().size());
        for (const auto &[format, count] : formats)
            QVERIFY(std::abs(count - layers / 5) < 5 * std::sqrt(layers / 5));
        for (const int count : keeps)
            QVERIFY(std::abs(count - rounds * 6 / 6.0) < 5 * std::sqrt(rounds * 6 / 6.0));
    }

    void removalIsDrawnWhereItIsAskedFor()
    {
        RandomPlans random(sampleSpec(), 1, true);
        int fewer = 0;
        int linear = 0;
        constexpr int rounds = 2000;
        for (int i = 0; i < rounds; ++i) {
            const CompressionPlan plan = random.next(1);
            validate(plannedSpec(sampleSpec(), plan));
            for (const BlockPlan &block : plan.blocks) {
                QVERIFY(block.headKeep == 0 || (block.headKeep >= 0.4 && block.headKeep < 1));
                fewer += block.headKeep > 0 && block.headKeep < 2 / 3.0; // one of three is left
                linear += (block.headKeep == 0) + (block.mlpKeep == 0);
            }
        }
        const double blocks = rounds * 2;
        QVERIFY(std::abs(linear - 0.2 * blocks) < 5 * std::sqrt(0.2 * blocks));
        QVERIFY(std::abs(fewer - 0.9 * blocks * (2 / 3.0 - 0.4) / 0.6) < 5 * std::sqrt(blocks));
        QVERIFY(RandomPlans(sampleSpec(), 1, true).next(0) == identityPlan(sampleSpec()));
    }

    void strengthIsAProbability()
    {
        RandomPlans random(sampleSpec(), 2);
        QVERIFY(random.next(0) == identityPlan(sampleSpec()));
        int pruned = 0;
        for (int i = 0; i < 1000; ++i) {
            for (const BlockPlan &block : random.next(0.25).blocks)
                pruned += block.mlpKeep < 1;
        }
        QVERIFY(std::abs(pruned - 500) < 5 * std::sqrt(500 * 0.75));
    }

    // Drops that grow as the strength's square: every range gets its plans.
    void everyRangeGetsItsPlans()
    {
        RandomPlans random(sampleSpec(), 3);
        StrengthSearch search({2, 5, 20});
        QCOMPARE(search.rangeOf(-1), std::size_t(0));
        QCOMPARE(search.rangeOf(2), std::size_t(0));
        QCOMPARE(search.rangeOf(2.1), std::size_t(1));
        QCOMPARE(search.rangeOf(50), std::size_t(2));
        std::array<int, 3> counts{};
        for (int i = 0; i < 60; ++i) {
            const double strength = search.next(random);
            QVERIFY(strength > 0 && strength <= 1);
            const double drop = 60 * strength * strength * (0.7 + 0.6 * random.share());
            search.add(strength, drop);
            ++counts[search.rangeOf(drop)];
        }
        for (const int count : counts)
            QVERIFY(count >= 14);
    }

    // One plan in ten is destroyed, whatever its strength: these fill no range and mislead nobody.
    void outliersDoNotMislead()
    {
        RandomPlans random(sampleSpec(), 4);
        StrengthSearch search({2, 5, 20});
        std::array<int, 3> counts{};
        for (int i = 0; i < 90; ++i) {
            const double strength = search.next(random);
            const bool destroyed = random.share() < 0.1;
            const double drop = destroyed ? 30 : 15 * strength * strength * (0.7 + 0.6 * random.share());
            search.add(strength, drop);
            if (!destroyed)
                ++counts[search.rangeOf(drop)];
        }
        for (const int count : counts)
            QVERIFY(count >= 20);
    }
};

QTEST_APPLESS_MAIN(TestRandomPlans)
#include "tst_randomplans.moc"
