#include "engine/compress/pruning.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <numeric>

using namespace edgeflex;
using namespace edgeflex::test;

class TestPruning : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsTheGreatestInOrder()
    {
        QCOMPARE(keptChannels({3, 1, 4, 1, 5}, 3), (std::vector<std::int64_t>{0, 2, 4}));
        // Of equals the lower index stays.
        QCOMPARE(keptChannels({1, 1, 1, 1}, 2), (std::vector<std::int64_t>{0, 1}));
        QCOMPARE(keptChannels({3, 1, 4, 1, 5}, 4), (std::vector<std::int64_t>{0, 1, 2, 4}));
        QCOMPARE(removedChannels({0, 2, 4}, 5), (std::vector<std::int64_t>{1, 3}));
        QVERIFY(removedChannels({0, 1}, 2).empty());
    }

    void fullWidthIsTheIdentity()
    {
        const LinearWeights linear = randomLinear(5, 8, 1);
        std::vector<std::int64_t> rows(5), columns(8);
        std::iota(rows.begin(), rows.end(), 0);
        std::iota(columns.begin(), columns.end(), 0);
        for (const LinearWeights &same : {keepOutputs(linear, rows), keepInputs(linear, columns)}) {
            QVERIFY(same.values.sameBytes(linear.values));
            QVERIFY(same.bias.sameBytes(linear.bias));
            QVERIFY(same.spec == linear.spec);
        }
        const LinearStatistics statistics = statisticsOf(makeTokens(20, 8, 2), makeTokens(5, 8, 3));
        const LinearStatistics same = keepFeatures(statistics, columns);
        QCOMPARE(same.meanAbs, statistics.meanAbs);
        QCOMPARE(same.fit.gram, statistics.fit.gram);
        QCOMPARE(same.validation.mean, statistics.validation.mean);
    }

    void matricesBecomeSmaller()
    {
        const LinearWeights linear = linearOf(3, 4, {0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23}, {5, 6, 7});
        const LinearWeights outputs = keepOutputs(linear, {0, 2});
        QCOMPARE(outputs.values.shape(), (std::vector<std::int64_t>{2, 4}));
        QCOMPARE(outputs.spec.outFeatures, std::int64_t(2));
        QCOMPARE(outputs.values.floats()[4], 20.0f);
        QCOMPARE(outputs.bias.floats()[1], 7.0f);
        const LinearWeights inputs = keepInputs(linear, {1, 3});
        QCOMPARE(inputs.values.shape(), (std::vector<std::int64_t>{3, 2}));
        QCOMPARE(inputs.spec.inFeatures, std::int64_t(2));
        QCOMPARE(inputs.values.floats()[5], 23.0f);
        QCOMPARE(inputs.bias.elements(), std::int64_t(3));
    }

    // A channel that is always zero contributes nothing: without it the outputs are the same.
    void removingDeadChannelsIsExact()
    {
        Tokens tokens = makeTokens(16, 12, 4);
        for (std::int64_t t = 0; t < tokens.count; ++t)
            for (const std::int64_t dead : {2, 7, 11})
                tokens.values[static_cast<std::size_t>(t * tokens.features + dead)] = 0;
        const LinearWeights fc2 = randomLinear(6, 12, 5);
        const std::vector<std::int64_t> kept{0, 1, 3, 4, 5, 6, 8, 9, 10};
        QCOMPARE(replay(keepInputs(fc2, kept), tokens, kept), replay(fc2, tokens));
    }

    void statisticsFollowTheChannels()
    {
        const Tokens tokens = makeTokens(30, 6, 6);
        const std::vector<std::int64_t> kept{1, 4, 5};
        Tokens cut{tokens.count, 3, {}};
        for (std::int64_t t = 0; t < tokens.count; ++t)
            for (const std::int64_t k : kept)
                cut.values.push_back(tokens.row(t)[k]);
        const LinearStatistics expected = statisticsOf(cut);
        LinearStatistics full = statisticsOf(tokens);
        full.meanSquare = {0, 1, 2, 3, 4, 5};
        const LinearStatistics actual = keepFeatures(full, kept);
        QCOMPARE(actual.meanSquare, (std::vector<double>{1, 4, 5}));
        QCOMPARE(actual.features, std::int64_t(3));
        QCOMPARE(actual.tokens, expected.tokens);
        QCOMPARE(actual.meanAbs, expected.meanAbs);
        QCOMPARE(actual.maxAbs, expected.maxAbs);
        QCOMPARE(actual.fit.mean, expected.fit.mean);
        QCOMPARE(actual.fit.gram, expected.fit.gram);
        QVERIFY(actual.validation.gram.empty());
    }

    void badChannels_data()
    {
        QTest::addColumn<QList<int>>("kept");
        QTest::newRow("none") << QList<int>{};
        QTest::newRow("negative") << QList<int>{-1, 0};
        QTest::newRow("beyond") << QList<int>{0, 4};
        QTest::newRow("twice") << QList<int>{1, 1};
        QTest::newRow("descending") << QList<int>{2, 1};
    }

    void badChannels()
    {
        QFETCH(QList<int>, kept);
        const std::vector<std::int64_t> channels(kept.begin(), kept.end());
        const LinearWeights linear = randomLinear(4, 4, 1);
        QVERIFY_EXCEPTION_THROWN(keepOutputs(linear, channels), Error);
        QVERIFY_EXCEPTION_THROWN(keepInputs(linear, channels), Error);
        QVERIFY_EXCEPTION_THROWN(keepFeatures(statisticsOf(makeTokens(5, 4, 1)), channels), Error);
    }

    void badWidths()
    {
        QVERIFY_EXCEPTION_THROWN(keptChannels({1, 2}, 0), Error);
        QVERIFY_EXCEPTION_THROWN(keptChannels({1, 2}, 3), Error);
    }
};

QTEST_APPLESS_MAIN(TestPruning)
#include "tst_pruning.moc"
