#include "jsonchecks.h"

#include "plan/budgetsolver.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

using Groups = std::vector<std::vector<Choice>>;

// The distributions of the standard library differ between implementations; this does not.
class Random
{
public:
    explicit Random(std::uint32_t seed) : m_engine(seed) {}
    std::int64_t upTo(std::int64_t most) { return static_cast<std::int64_t>(m_engine() % std::uint64_t(most + 1)); }
    double share() { return static_cast<double>(upTo(1'000'000)) / 1e6; }

private:
    std::mt19937_64 m_engine;
};

Groups randomGroups(Random &random, int groups, int choices, std::int64_t mostBytes)
{
    Groups result(static_cast<std::size_t>(groups));
    for (auto &group : result) {
        const std::int64_t count = 1 + random.upTo(choices - 1);
        for (std::int64_t i = 0; i < count; ++i)
            group.push_back({random.upTo(mostBytes), random.share(), random.share()});
    }
    return result;
}

// Of few different scratches.
Groups groupsWithScratch(Random &random)
{
    Groups groups = randomGroups(random, 4, 4, 300);
    for (auto &group : groups) {
        for (Choice &choice : group)
            choice.scratchBytes = 100 * random.upTo(6);
    }
    return groups;
}

template<class Visit>
void forEachAllocation(const Groups &groups, Visit visit)
{
    std::vector<std::size_t> index(groups.size(), 0);
    while (true) {
        Allocation each;
        for (std::size_t g = 0; g < groups.size(); ++g) {
            const Choice &choice = groups[g][index[g]];
            each.bytes += choice.bytes;
            each.milliseconds += choice.milliseconds;
            each.loss += choice.loss;
            each.scratchBytes = std::max(each.scratchBytes, choice.scratchBytes);
        }
        visit(each);
        std::size_t g = 0;
        while (g < groups.size() && ++index[g] == groups[g].size())
            index[g++] = 0;
        if (g == groups.size())
            return;
    }
}

// Least loss within the budget; infinite when nothing is.
double bruteForce(const Groups &groups, const Budget &budget)
{
    double least = std::numeric_limits<double>::infinity();
    forEachAllocation(groups, [&](const Allocation &each) {
        if (each.bytes <= budget.bytes.value_or(each.bytes) &&
            each.milliseconds <= budget.milliseconds.value_or(each.milliseconds) &&
            each.bytes + each.scratchBytes <= budget.peakBytes.value_or(each.bytes + each.scratchBytes))
            least = std::min(least, each.loss);
    });
    return least;
}

std::int64_t sumOfExtreme(const Groups &groups, bool least)
{
    std::int64_t sum = 0;
    for (const auto &group : groups) {
        const auto [low, high] = std::minmax_element(
            group.begin(), group.end(), [](const Choice &a, const Choice &b) { return a.bytes < b.bytes; });
        sum += least ? low->bytes : high->bytes;
    }
    return sum;
}

void verifySums(const Groups &groups, const Allocation &allocation)
{
    QCOMPARE(allocation.chosen.size(), groups.size());
    Allocation sums;
    for (std::size_t g = 0; g < groups.size(); ++g) {
        const int chosen = allocation.chosen[g];
        QVERIFY(chosen >= 0 && std::size_t(chosen) < groups[g].size());
        const Choice &choice = groups[g][std::size_t(chosen)];
        sums.bytes += choice.bytes;
        sums.milliseconds += choice.milliseconds;
        sums.loss += choice.loss;
        sums.scratchBytes = std::max(sums.scratchBytes, choice.scratchBytes);
    }
    QCOMPARE(allocation.bytes, sums.bytes);
    QCOMPARE(allocation.scratchBytes, sums.scratchBytes);
    QVERIFY(std::abs(allocation.milliseconds - sums.milliseconds) < 1e-9);
    QVERIFY(std::abs(allocation.loss - sums.loss) < 1e-9);
}

void verifyWithin(const Allocation &allocation, const Budget &budget)
{
    QVERIFY(!budget.bytes || allocation.bytes <= *budget.bytes);
    QVERIFY(!budget.milliseconds || allocation.milliseconds <= *budget.milliseconds);
    QVERIFY(!budget.peakBytes || allocation.bytes + allocation.scratchBytes <= *budget.peakBytes);
}

double excess(const Allocation &allocation, const Budget &budget)
{
    double most = 0;
    if (budget.bytes)
        most = std::max(most, double(allocation.bytes - *budget.bytes) / double(*budget.bytes));
    if (budget.milliseconds)
        most = std::max(most, (allocation.milliseconds - *budget.milliseconds) / *budget.milliseconds);
    return most;
}

} // namespace

class TestBudgetSolver : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void withoutABudgetTheLeastLoss()
    {
        const Groups groups{{{10, 1, 0.5}, {20, 2, 0.1}, {15, 1, 0.1}}, {{5, 1, 0}, {1, 1, 1}}};
        const Allocation result = solveBudget(groups, {});
        QVERIFY(result.feasible);
        QVERIFY(result.chosen == (std::vector<int>{2, 0})); // of equal losses the smaller
        QCOMPARE(result.bytes, std::int64_t(20));
    }

    void noGroups()
    {
        const Allocation result = solveBudget({}, {0, 0.0});
        QVERIFY(result.feasible);
        QVERIFY(result.chosen.empty());
    }

    // Few choices: every allowance of scratch is tried, and the least loss found wherever there is any.
    void peaksAreSolvedExactlyWhereFewScratchesDiffer()
    {
        Random random(11);
        int feasible = 0;
        for (int round = 0; round < 200; ++round) {
            const Groups groups = groupsWithScratch(random);
            Budget budget{std::nullopt, std::nullopt, sumOfExtreme(groups, true) + random.upTo(900)};
            if (round % 3 == 0)
                budget.bytes = *budget.peakBytes - random.upTo(600);
            budget.bytes = budget.bytes ? std::optional(std::max<std::int64_t>(0, *budget.bytes)) : std::nullopt;
            const double least = bruteForce(groups, budget);
            const Allocation result = solveBudget(groups, budget);
            verifySums(groups, result);
            QCOMPARE(result.feasible, std::isfinite(least));
            if (!result.feasible)
                continue;
            ++feasible;
            verifyWithin(result, budget);
            QVERIFY(std::abs(result.loss - least) < 1e-9);
        }
        QVERIFY(feasible > 100);
    }

    void theNearestIsNearestInAllBudgets()
    {
        // The slower is lossless, and both fit the peak.
        const Groups groups{{{100, 10, 0, 0}, {50, 5, 1, 10}}};
        const Allocation result = solveBudget(groups, {std::nullopt, 4.0, 1000});
        QVERIFY(!result.feasible);
        QCOMPARE(result.chosen, std::vector<int>{1});
        QCOMPARE(solveBudget(groups, {std::nullopt, 4.0}).chosen, std::vector<int>{1});
    }

    void threeBudgetsAtOnce()
    {
        Random random(12);
        int possible = 0;
        int feasible = 0;
        for (int round = 0; round < 200; ++round) {
            const Groups groups = groupsWithScratch(random);
            const std::int64_t least = sumOfExtreme(groups, true);
            const Budget budget{least + random.upTo(600), 1 + 2 * random.share(), least + random.upTo(900)};
            const Allocation result = solveBudget(groups, budget);
            verifySums(groups, result);
            possible += std::isfinite(bruteForce(groups, budget));
            if (result.feasible) {
                ++feasible;
                verifyWithin(result, budget);
                QVERIFY(result.loss >= bruteForce(groups, budget) - 1e-9);
            }
        }
        QVERIFY(possible > 50 && feasible > 0.9 * possible);
    }

    void hugeBudgetsAreNone()
    {
        const Groups groups{{{100, 10, 0, 7}, {50, 5, 1, 10}}};
        constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
        const Allocation result = solveBudget(groups, {huge, std::nullopt, huge});
        QVERIFY(result.feasible);
        QCOMPARE(result.chosen, std::vector<int>{0});
    }

    // Scratch counts once however many groups take it: where one has given up lossless choices to need less, all do.
    void scratchIsSharedByAllGroups()
    {
        const std::vector<Choice> group{{100, 0, 0.0, 1000}, {100, 0, 0.1, 500}, {60, 0, 0.3, 1000}};
        const Groups groups(10, group);
        const Allocation slim = solveBudget(groups, {std::nullopt, std::nullopt, 1500});
        QVERIFY(slim.feasible);
        QVERIFY(std::ranges::all_of(slim.chosen, [](int chosen) { return chosen == 1; }));
        const Allocation wide = solveBudget(groups, {std::nullopt, std::nullopt, 1920});
        QVERIFY(wide.feasible);
        QCOMPARE(wide.scratchBytes, std::int64_t(1000)); // two of ten in the small choice cost less
        const Allocation none = solveBudget(groups, {std::nullopt, std::nullopt, 1400});
        QVERIFY(!none.feasible);
        QCOMPARE(none.bytes + none.scratchBytes, std::int64_t(1500)); // the lowest there is
    }

    // With at most one byte a bin the programme is exact.
    void smallBudgetsAreSolvedExactly()
    {
        Random random(1);
        for (int round = 0; round < 300; ++round) {
            const Groups groups = randomGroups(random, 5, 5, 400);
            const std::int64_t least = sumOfExtreme(groups, true);
            const std::int64_t most = sumOfExtreme(groups, false);
            const Budget budget{least + random.upTo(most - least), {}};
            const Allocation result = solveBudget(groups, budget);
            QVERIFY(result.feasible);
            verifySums(groups, result);
            verifyWithin(result, budget);
            QVERIFY(std::abs(result.loss - bruteForce(groups, budget)) < 1e-12);
        }
    }

    // With wider bins at most one bin a group is lost to rounding.
    void largeBudgetsAreSolvedUpToTheBins()
    {
        Random random(2);
        for (int round = 0; round < 200; ++round) {
            const Groups groups = randomGroups(random, 6, 4, 50'000'000);
            const std::int64_t least = sumOfExtreme(groups, true);
            const std::int64_t most = sumOfExtreme(groups, false);
            const Budget budget{least + random.upTo(most - least), {}};
            const Allocation result = solveBudget(groups, budget);
            QVERIFY(result.feasible);
            verifySums(groups, result);
            verifyWithin(result, budget);
            const std::int64_t bin = (*budget.bytes - least + 2047) / 2048;
            QVERIFY(result.loss >= bruteForce(groups, budget) - 1e-12);
            QVERIFY(result.loss <= bruteForce(groups, {*budget.bytes - 6 * bin, {}}) + 1e-12);
        }
    }

    void bothBudgetsHoldAndNoExchangeOfTwoIsBetter()
    {
        Random random(3);
        int feasible = 0;
        for (int round = 0; round < 150; ++round) {
            const Groups groups = randomGroups(random, 5, 5, 300);
            const std::int64_t least = sumOfExtreme(groups, true);
            const Budget budget{least + random.upTo(sumOfExtreme(groups, false) - least), 1 + 2 * random.share()};
            const double truth = bruteForce(groups, budget);
            const Allocation result = solveBudget(groups, budget);
            verifySums(groups, result);
            QCOMPARE(result.feasible, std::isfinite(truth)); // one byte a bin: exact
            if (!result.feasible)
                continue;
            ++feasible;
            verifyWithin(result, budget);
            QVERIFY(result.loss >= truth - 1e-12);
            for (std::size_t g = 0; g < groups.size(); ++g) {
                for (std::size_t h = g + 1; h < groups.size(); ++h) {
                    Groups free(groups.size());
                    for (std::size_t k = 0; k < groups.size(); ++k)
                        free[k] = k == g || k == h ? groups[k]
                                                   : std::vector<Choice>{groups[k][std::size_t(result.chosen[k])]};
                    QVERIFY(result.loss <= bruteForce(free, budget) + 1e-9);
                }
            }
        }
        QVERIFY(feasible > 50 && feasible < 150); // the instances test both
    }

    void timeAloneHoldsAndIsMet()
    {
        Random random(4);
        for (int round = 0; round < 150; ++round) {
            const Groups groups = randomGroups(random, 6, 4, 1000);
            const Budget budget{{}, 0.5 + 3 * random.share()};
            const double truth = bruteForce(groups, budget);
            const Allocation result = solveBudget(groups, budget);
            verifySums(groups, result);
            QCOMPARE(result.feasible, std::isfinite(truth));
            if (result.feasible) {
                verifyWithin(result, budget);
                QVERIFY(result.loss >= truth - 1e-12);
            }
        }
    }

    void bytesThatCannotBeMetGiveTheSmallest()
    {
        Random random(5);
        for (int round = 0; round < 50; ++round) {
            Groups groups = randomGroups(random, 5, 4, 1000);
            groups.front().front().bytes += 100;
            groups.front().resize(1);
            const std::int64_t least = sumOfExtreme(groups, true);
            const Allocation result = solveBudget(groups, {least - 1, {}});
            QVERIFY(!result.feasible);
            verifySums(groups, result);
            QCOMPARE(result.bytes, least);
            QVERIFY(std::abs(result.loss - bruteForce(groups, {least, {}})) < 1e-12);
        }
    }

    void timeThatCannotBeMetGivesTheFastest()
    {
        const Groups groups{{{10, 3, 0}, {10, 2, 0.1}, {20, 2, 0.05}}, {{10, 5, 0}, {5, 4, 0.5}}};
        const Allocation result = solveBudget(groups, {{}, 5.0});
        QVERIFY(!result.feasible);
        QVERIFY(result.chosen == (std::vector<int>{2, 1})); // of the two fastest the one with less loss
    }

    // The nearest for two budgets at once: compared with the best there is.
    void nearestOfBoth()
    {
        Random random(6);
        int seen = 0;
        for (int round = 0; round < 200; ++round) {
            const Groups groups = randomGroups(random, 6, 5, 1000);
            const Budget budget{500 + random.upTo(500), 0.5 + random.share()};
            const Allocation result = solveBudget(groups, budget);
            verifySums(groups, result);
            if (result.feasible)
                continue;
            ++seen;
            double least = std::numeric_limits<double>::infinity();
            forEachAllocation(groups, [&](const Allocation &each) { least = std::min(least, excess(each, budget)); });
            QVERIFY(excess(result, budget) >= least - 1e-9);
            // Weighing finds the hull of what is possible; one group's change lies between it and the best.
            double step = 0;
            for (const auto &group : groups) {
                for (const Choice &choice : group)
                    step = std::max({step, double(choice.bytes) / double(*budget.bytes),
                                     choice.milliseconds / *budget.milliseconds});
            }
            QVERIFY(excess(result, budget) <= least + step);
        }
        QVERIFY(seen > 20);
    }

    void littleIsLeftUnused()
    {
        // 48 groups in four formats as a ViT's layers have them.
        Random random(7);
        Groups groups;
        for (int g = 0; g < 48; ++g) {
            const std::int64_t weights = 100'000 + random.upTo(2'000'000);
            const double sensitivity = 0.01 + random.share();
            groups.push_back({{4 * weights, 1, 0},
                              {2 * weights, 1, 1e-6 * sensitivity},
                              {weights + 1000, 0.5, 1e-3 * sensitivity},
                              {weights * 17 / 32, 1.5, 2e-2 * sensitivity}});
        }
        const std::int64_t budget = sumOfExtreme(groups, false) / 3;
        const Allocation result = solveBudget(groups, {budget, {}});
        QVERIFY(result.feasible);
        verifySums(groups, result);
        QVERIFY(result.bytes <= budget);
        QVERIFY(result.bytes > budget - budget / 100);
        QVERIFY(solveBudget(groups, {budget, {}}) == result); // deterministic
        const Allocation faster = solveBudget(groups, {budget, result.milliseconds * 0.9});
        QVERIFY(faster.feasible);
        verifyWithin(faster, {budget, result.milliseconds * 0.9});
        QVERIFY(faster.loss >= result.loss);
        QVERIFY(solveBudget(groups, {budget, result.milliseconds * 0.9}) == faster);
    }

    void moreBudgetIsNeverWorse()
    {
        Random random(8);
        const Groups groups = randomGroups(random, 6, 5, 300);
        double last = std::numeric_limits<double>::infinity();
        const std::int64_t least = sumOfExtreme(groups, true);
        for (std::int64_t bytes = least; bytes <= sumOfExtreme(groups, false); bytes += 7) {
            const Allocation result = solveBudget(groups, {bytes, {}});
            QVERIFY(result.feasible);
            QVERIFY(result.loss <= last + 1e-12);
            last = result.loss;
        }
    }

    // With one byte a bin every point of the front is exact, and none is missing.
    void frontIsWhatNothingBeats()
    {
        Random random(9);
        for (int round = 0; round < 50; ++round) {
            const Groups groups = randomGroups(random, 5, 5, 300);
            std::vector<std::pair<std::int64_t, double>> all;
            forEachAllocation(groups, [&](const Allocation &each) { all.emplace_back(each.bytes, each.loss); });
            std::sort(all.begin(), all.end());
            std::vector<std::pair<std::int64_t, double>> truth;
            for (const auto &each : all) {
                if (truth.empty() || each.second < truth.back().second - 1e-12)
                    truth.push_back(each);
            }
            const std::vector<Allocation> front = solveFront(groups, Resource::Bytes, 100'000);
            QCOMPARE(front.size(), truth.size());
            for (std::size_t i = 0; i < front.size(); ++i) {
                verifySums(groups, front[i]);
                QVERIFY(front[i].feasible);
                QCOMPARE(front[i].bytes, truth[i].first);
                QVERIFY(std::abs(front[i].loss - truth[i].second) < 1e-9);
            }
        }
    }

    void frontIsThinnedAndKeepsItsEnds()
    {
        Random random(10);
        const Groups groups = randomGroups(random, 30, 8, 5'000'000);
        const std::vector<Allocation> front = solveFront(groups, Resource::Bytes, 20);
        QVERIFY(front.size() > 10 && front.size() <= 20);
        QCOMPARE(front.front().bytes, sumOfExtreme(groups, true));
        QCOMPARE(front.back().loss, solveBudget(groups, {}).loss);
        for (std::size_t i = 1; i < front.size(); ++i)
            QVERIFY(front[i].bytes > front[i - 1].bytes && front[i].loss < front[i - 1].loss);
        // A budget of a point's bytes is worth the point: both solve the same, up to their bins.
        for (const Allocation &each : front)
            QVERIFY(solveBudget(groups, {each.bytes, {}}).loss <= each.loss * 1.05 + 1e-9);
    }

    void frontByTime()
    {
        Random random(11);
        const Groups groups = randomGroups(random, 4, 4, 1000);
        const std::vector<Allocation> front = solveFront(groups, Resource::Milliseconds, 100'000);
        for (std::size_t i = 0; i < front.size(); ++i) {
            verifySums(groups, front[i]);
            QVERIFY(i == 0 || (front[i].milliseconds > front[i - 1].milliseconds && front[i].loss < front[i - 1].loss));
        }
        double fastest = std::numeric_limits<double>::infinity();
        forEachAllocation(groups, [&](const Allocation &each) { fastest = std::min(fastest, each.milliseconds); });
        QVERIFY(std::abs(front.front().milliseconds - fastest) < 1e-9);
        QCOMPARE(front.back().loss, solveBudget(groups, {}).loss);
        QCOMPARE(solveFront({}, Resource::Bytes, 5).size(), std::size_t(1)); // nothing to choose
    }

    void negativeLossesAreFine()
    {
        const Groups groups{{{10, 1, -0.5}, {5, 1, 0}}, {{10, 1, -0.25}, {5, 1, 0}}};
        QVERIFY(solveBudget(groups, {15, {}}).chosen == (std::vector<int>{0, 1}));
    }

    void hugeBudgets()
    {
        const Groups groups{{{std::int64_t(1) << 50, 1, 0}, {0, 2, 1}}};
        const std::int64_t most = std::numeric_limits<std::int64_t>::max();
        QVERIFY(solveBudget(groups, {most, {}}).chosen == (std::vector<int>{0}));
        QVERIFY(solveBudget(groups, {0, {}}).chosen == (std::vector<int>{1}));
        QVERIFY(!solveBudget(groups, {most - 1, 0.5}).feasible);
        QVERIFY(!solveBudget(groups, {0, 0.0}).feasible);
    }

    void refusals()
    {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        const Groups sound{{{1, 1, 1}}};
        QVERIFY(failure([] { solveBudget({{}}, {}); }).find("group 0") != std::string::npos);
        QVERIFY(failure([] { solveBudget({{{1, 1, 1}}, {{-1, 1, 1}}}, {}); }).find("group 1") != std::string::npos);
        QVERIFY(!failure([&] { solveBudget({{{1, nan, 1}}}, {}); }).empty());
        QVERIFY(!failure([&] { solveBudget({{{1, -1, 1}}}, {}); }).empty());
        QVERIFY(!failure([&] { solveBudget({{{1, 1, infinity}}}, {}); }).empty());
        QVERIFY(!failure([&] { solveBudget({{{std::int64_t(1) << 62, 1, 1}}}, {}); }).empty());
        QVERIFY(!failure([&] { solveBudget(sound, {-1, {}}); }).empty());
        QVERIFY(!failure([&] { solveBudget(sound, {{}, -1.0}); }).empty());
        QVERIFY(!failure([&] { solveBudget(sound, {{}, nan}); }).empty());
        QVERIFY(!failure([&] { solveBudget(sound, {{}, infinity}); }).empty());
    }
};

QTEST_APPLESS_MAIN(TestBudgetSolver)
#include "tst_budgetsolver.moc"
