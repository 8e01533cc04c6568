#include "engine/compress/pruningpath.h"

#include "engine/compress/importance.h"
#include "engine/compress/pruning.h"
#include "engine/compress/refit.h"
#include "plan/error.h"
#include "reference/cancelling.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>
#include <numeric>
#include <set>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

constexpr std::int64_t width = 72; // two blocks and a quarter
constexpr std::int64_t outputs = 8;

double meanVariance(const Moments &moments, bool centred)
{
    const std::size_t features = moments.mean.size();
    double sum = 0;
    for (std::size_t k = 0; k < features; ++k)
        sum += moments.gram[k * features + k] - (centred ? moments.mean[k] * moments.mean[k] : 0);
    return sum / static_cast<double>(features);
}

// As if every channel had noise of its own of that variance.
LinearStatistics withNoise(LinearStatistics statistics, double variance)
{
    const auto features = static_cast<std::size_t>(statistics.features);
    for (Moments *part : {&statistics.fit, &statistics.validation})
        for (std::size_t k = 0; k < features && part->tokens > 0; ++k)
            part->gram[k * features + k] += variance;
    return statistics;
}

double refitError(const LinearWeights &fc2, const LinearStatistics &statistics, const std::vector<std::int64_t> &kept)
{
    LinearStatistics one = statistics;
    one.fit = statistics.all();
    one.validation = {};
    RefitOptions exact;
    exact.rhoWithoutValidation = 1e-13;
    return refitInputs(fc2, one, kept, exact).error.refit;
}

} // namespace

class TestPruningPath : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void errorIsThatOfTheRefit_data()
    {
        QTest::addColumn<int>("score");
        QTest::addColumn<bool>("bias");
        for (const ImportanceScore score : {ImportanceScore::Obs, ImportanceScore::Wanda})
            for (const bool bias : {true, false})
                QTest::addRow("%s %s", toString(score).data(), bias ? "centred" : "uncentred")
                    << static_cast<int>(score) << bias;
    }

    // Accumulated channel by channel, it equals that of removing and refitting all at once.
    void errorIsThatOfTheRefit()
    {
        QFETCH(int, score);
        QFETCH(bool, bias);
        const LinearWeights fc2 = randomLinear(outputs, width, 2, bias);
        const LinearStatistics statistics = statisticsOf(makeTokens(300, width, 1), makeTokens(60, width, 3));
        const PruningPath path = pruningPath(static_cast<ImportanceScore>(score), fc2, statistics);
        const LinearStatistics damped = withNoise(statistics, 1e-3 * meanVariance(statistics.all(), bias));
        for (const std::int64_t removed : {1, 5, 32, 40, 64, 71}) {
            const double exact = refitError(fc2, damped, path.kept(width - removed));
            const double accumulated = path.errorAt(width - removed);
            QVERIFY2(std::fabs(accumulated - exact) < 1e-8 * exact,
                     qPrintable(QString("%1: %2 %3").arg(removed).arg(accumulated).arg(exact)));
        }
    }

    void isNestedAndEndsInNothing()
    {
        const LinearWeights fc2 = randomLinear(outputs, width, 2);
        const PruningPath path = pruningPath(ImportanceScore::Obs, fc2, statisticsOf(makeTokens(300, width, 1)));
        QCOMPARE(std::set<std::int64_t>(path.order.begin(), path.order.end()).size(), std::size_t(width));
        QCOMPARE(path.error.size(), std::size_t(width + 1));
        QCOMPARE(path.error.front(), 0.0);
        QCOMPARE(path.error.back(), 1.0);
        QVERIFY(std::is_sorted(path.error.begin(), path.error.end()));
        for (std::int64_t kept = 1; kept < width; ++kept) {
            const auto fewer = path.kept(kept);
            const auto more = path.kept(kept + 1);
            QVERIFY(std::is_sorted(fewer.begin(), fewer.end()));
            QVERIFY(std::includes(more.begin(), more.end(), fewer.begin(), fewer.end()));
        }
        QVERIFY_EXCEPTION_THROWN(path.kept(0), Error);
        QVERIFY_EXCEPTION_THROWN(path.kept(width + 1), Error);
    }

    // Each alone, by brute force.
    void theFirstToGoCostsLeast()
    {
        const LinearWeights fc2 = randomLinear(outputs, 24, 5);
        const LinearStatistics statistics = statisticsOf(makeTokens(200, 24, 6));
        const LinearStatistics damped = withNoise(statistics, 1e-3 * meanVariance(statistics.fit, true));
        std::int64_t best = -1;
        double least = std::numeric_limits<double>::max();
        for (std::int64_t channel = 0; channel < 24; ++channel) {
            const double error = refitError(fc2, damped, removedChannels({channel}, 24));
            if (error < least) {
                least = error;
                best = channel;
            }
        }
        QCOMPARE(pruningPath(ImportanceScore::Obs, fc2, statistics).order.front(), best);
    }

    void whatOthersSayTooGoesForNothing()
    {
        Tokens tokens = makeTokens(400, 40, 8);
        for (std::int64_t t = 0; t < tokens.count; ++t)
            tokens.values[static_cast<std::size_t>(t * 40 + 7)] = 2 * tokens.row(t)[3];
        const LinearWeights fc2 = randomLinear(outputs, 40, 9);
        const PruningPath path = pruningPath(ImportanceScore::Obs, fc2, statisticsOf(tokens));
        QVERIFY(path.order.front() == 7 || path.order.front() == 3);
        QVERIFY(path.error[1] < 1e-2 * path.error[2]);
    }

    void scoresKeepTheirOrder()
    {
        const LinearWeights fc2 = randomLinear(outputs, width, 2);
        const LinearStatistics statistics = statisticsOf(makeTokens(300, width, 1));
        for (const ImportanceScore score :
             {ImportanceScore::MeanActivation, ImportanceScore::Wanda, ImportanceScore::Flap}) {
            LinearStatistics squares = statistics;
            for (std::size_t k = 0; k < std::size_t(width); ++k)
                squares.meanSquare.push_back(statistics.fit.gram[k * width + k]);
            const PruningPath path = pruningPath(score, fc2, squares);
            const PruningPath obs = pruningPath(ImportanceScore::Obs, fc2, squares);
            for (const std::int64_t kept : {8, 36, 50, 72})
                QCOMPARE(path.kept(kept), keptChannels(channelImportance(score, fc2, squares), kept));
            // Greedy is not best at every width, but along the whole path.
            QVERIFY(std::accumulate(obs.error.begin(), obs.error.end(), 0.0) <
                    std::accumulate(path.error.begin(), path.error.end(), 0.0));
        }
    }

    void constantInputsCostNothing()
    {
        Tokens tokens{8, 3, std::vector<float>(24, 1.5F)};
        const PruningPath path = pruningPath(ImportanceScore::Obs, randomLinear(2, 3, 1), statisticsOf(tokens));
        QCOMPARE(path.error, (std::vector<double>(4, 0.0)));
        QCOMPARE(path.kept(2).size(), std::size_t(2));
    }

    void badInputIsRefused()
    {
        const LinearWeights fc2 = randomLinear(outputs, 9, 1);
        LinearStatistics statistics = statisticsOf(makeTokens(50, 9, 2));
        QVERIFY_EXCEPTION_THROWN(pruningPath(ImportanceScore::Obs, randomLinear(2, 8, 1), statistics), Error);
        statistics.fit.gram[4] = std::numeric_limits<double>::quiet_NaN();
        QVERIFY_EXCEPTION_THROWN(pruningPath(ImportanceScore::Obs, fc2, statistics), Error);
        statistics.fit.gram.clear();
        QVERIFY_EXCEPTION_THROWN(pruningPath(ImportanceScore::Obs, fc2, statistics), Error);
    }

    void cancelStops()
    {
        const LinearWeights fc2 = randomLinear(outputs, width, 2);
        const LinearStatistics statistics = statisticsOf(makeTokens(100, width, 1));
        const Cancelling late(4); // while channels go
        QVERIFY_EXCEPTION_THROWN(pruningPath(ImportanceScore::Obs, fc2, statistics, late), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestPruningPath)
#include "tst_pruningpath.moc"
