#include "engine/compress/importance.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

class TestImportance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void closedForms()
    {
        // Two tokens (3, -1, 0) and (1, 2, 0): mean |a| = (2, 1.5, 0), E[a^2] = (5, 2.5, 0).
        const Tokens tokens{2, 3, {3, -1, 0, 1, 2, 0}};
        const LinearStatistics statistics = statisticsOf(tokens);
        const LinearWeights fc2 = linearOf(2, 3, {3, 0, 7, 4, 2, 9});
        QCOMPARE(channelImportance(ImportanceScore::MeanActivation, fc2, statistics), (std::vector<double>{2, 1.5, 0}));
        const std::vector<double> wanda = channelImportance(ImportanceScore::Wanda, fc2, statistics);
        QCOMPARE(wanda[0], 5 * std::sqrt(5.0));
        QCOMPARE(wanda[1], 2 * std::sqrt(2.5));
        QCOMPARE(wanda[2], 0.0);
        // Var a = (1, 2.25, 0).
        QCOMPARE(channelImportance(ImportanceScore::Flap, fc2, statistics), (std::vector<double>{25, 9, 0}));
        QVERIFY_EXCEPTION_THROWN(channelImportance(ImportanceScore::Obs, fc2, statistics), Error);
    }

    void validationTokensCount()
    {
        const LinearWeights fc2 = randomLinear(4, 9, 1);
        const Tokens a = makeTokens(20, 9, 2);
        const Tokens b = makeTokens(12, 9, 3);
        Tokens both = a;
        both.count += b.count;
        both.values.insert(both.values.end(), b.values.begin(), b.values.end());
        const auto split = channelImportance(ImportanceScore::Wanda, fc2, statisticsOf(a, b));
        const auto joint = channelImportance(ImportanceScore::Wanda, fc2, statisticsOf(both));
        for (std::size_t j = 0; j < joint.size(); ++j)
            QVERIFY(std::fabs(split[j] - joint[j]) < 1e-9);
    }

    void wandaNeedsSquares()
    {
        LinearStatistics statistics = statisticsOf(makeTokens(8, 3, 1));
        statistics.fit.gram.clear();
        const LinearWeights fc2 = randomLinear(2, 3, 1);
        QVERIFY_EXCEPTION_THROWN(channelImportance(ImportanceScore::Wanda, fc2, statistics), Error);
        QCOMPARE(channelImportance(ImportanceScore::MeanActivation, fc2, statistics).size(), std::size_t(3));
    }

    void badInputIsRefused()
    {
        const LinearStatistics statistics = statisticsOf(makeTokens(8, 3, 1));
        QVERIFY_EXCEPTION_THROWN(channelImportance(ImportanceScore::Wanda, randomLinear(2, 4, 1), statistics), Error);
        LinearStatistics noTokens = statistics;
        noTokens.tokens = 0;
        const LinearWeights fc2 = randomLinear(2, 3, 1);
        QVERIFY_EXCEPTION_THROWN(channelImportance(ImportanceScore::Wanda, fc2, noTokens), Error);
        LinearStatistics notFinite = statistics;
        notFinite.meanAbs[1] = std::numeric_limits<float>::quiet_NaN();
        QVERIFY_EXCEPTION_THROWN(channelImportance(ImportanceScore::MeanActivation, fc2, notFinite), Error);
    }
};

QTEST_APPLESS_MAIN(TestImportance)
#include "tst_importance.moc"
