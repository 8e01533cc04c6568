#include "engine/compress/channelmoments.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

class TestChannelMoments : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void coversFitAndValidation()
    {
        const LinearStatistics statistics = statisticsOf(makeTokens(30, 6, 1), makeTokens(10, 6, 2));
        const ChannelMoments moments = channelMoments(statistics);
        const Moments all = statistics.all();
        for (std::size_t k = 0; k < 6; ++k) {
            QVERIFY(std::fabs(moments.mean[k] - all.mean[k]) < 1e-12);
            QVERIFY(std::fabs(moments.meanSquare[k] - all.gram[k * 6 + k]) < 1e-12);
        }
    }

    void withoutGramThereAreNoSquares()
    {
        LinearStatistics statistics = statisticsOf(makeTokens(30, 6, 1));
        statistics.fit.gram.clear();
        QVERIFY(channelMoments(statistics).meanSquare.empty());
        QCOMPARE(channelMoments(statistics).mean.size(), std::size_t(6));
    }

    void meanSquaresNeedNoGram()
    {
        LinearStatistics statistics = statisticsOf(makeTokens(30, 3, 1));
        statistics.fit.gram.clear();
        statistics.meanSquare = {1, 2, 3};
        QCOMPARE(channelMoments(statistics).meanSquare, statistics.meanSquare);
        statistics.meanSquare.pop_back();
        QVERIFY_EXCEPTION_THROWN(channelMoments(statistics), Error);
    }

    void sizesThatDisagreeAreRefused()
    {
        LinearStatistics statistics = statisticsOf(makeTokens(30, 6, 1));
        statistics.features = 7;
        QVERIFY_EXCEPTION_THROWN(channelMoments(statistics), Error);
        const ChannelMoments moments{{1, 2}, {3, 4}};
        QVERIFY_EXCEPTION_THROWN(scaledDown(moments, {1}), Error);
        QVERIFY_EXCEPTION_THROWN(errorWeights(&moments, 3), Error);
    }

    void scalingDividesOnceAndTwice()
    {
        const ChannelMoments scaled = scaledDown({{4, 6}, {32, 54}}, {2, 3});
        QCOMPARE(scaled.mean, (std::vector<double>{2, 2}));
        QCOMPARE(scaled.meanSquare, (std::vector<double>{8, 6}));
    }

    void gramMatricesAreScaledAndCentred()
    {
        const ChannelMoments moments{{4, 6}, {32, 54}, {32, 30, 30, 54}};
        QCOMPARE(scaledDown(moments, {2, 3}).gram, (std::vector<double>{8, 5, 5, 6}));
        const ChannelMoments about = centred(moments);
        QCOMPARE(about.mean, (std::vector<double>{0, 0}));
        QCOMPARE(about.meanSquare, (std::vector<double>{16, 18}));
        QCOMPARE(about.gram, (std::vector<double>{16, 6, 6, 18}));
        QVERIFY(channelMoments(statisticsOf(makeTokens(30, 3, 1))).gram.empty());
        QCOMPARE(channelMoments(statisticsOf(makeTokens(30, 3, 1)), true).gram, momentsOf(makeTokens(30, 3, 1)).gram);
        const ChannelMoments other{{1, 2}, {3, 4}, {5}};
        QVERIFY_EXCEPTION_THROWN(scaledDown(other, {1, 1}), Error);
        QVERIFY_EXCEPTION_THROWN(centred(other), Error);
    }

    void errorWeightsHaveAFloor()
    {
        const ChannelMoments moments{{0, 0, 0}, {4, 2, 0}};
        const std::vector<float> weights = errorWeights(&moments, 3);
        QCOMPARE(weights[0], 1.0f);
        QCOMPARE(weights[1], 0.5f);
        QCOMPARE(weights[2], 0.005f); // a hundredth of the mean, 0.5
    }

    void errorWeightsWithoutInformationAreEqual()
    {
        const std::vector<float> ones(2, 1.0f);
        QCOMPARE(errorWeights(nullptr, 2), ones);
        const ChannelMoments zero{{0, 0}, {0, 0}};
        QCOMPARE(errorWeights(&zero, 2), ones);
        const ChannelMoments noGram{{1, 1}, {}};
        QCOMPARE(errorWeights(&noGram, 2), ones);
        const ChannelMoments infinite{{1, 1}, {INFINITY, 1}};
        QCOMPARE(errorWeights(&infinite, 2), ones);
    }
};

QTEST_APPLESS_MAIN(TestChannelMoments)
#include "tst_channelmoments.moc"
