#include "engine/compress/gptq.h"
#include "engine/compress/int4.h"
#include "engine/compress/int8.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <algorithm>
#include <numeric>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// tr(D G D^T) with D = W - W'.
double outputError(const Tensor &original, const Tensor &rounded, const std::vector<double> &gram)
{
    const std::int64_t features = original.dim(1);
    double error = 0;
    for (std::int64_t n = 0; n < original.dim(0); ++n)
        for (std::int64_t i = 0; i < features; ++i)
            for (std::int64_t j = 0; j < features; ++j) {
                const auto difference = [&](std::int64_t k) {
                    return static_cast<double>(original.floats()[n * features + k]) -
                           rounded.floats()[n * features + k];
                };
                error += difference(i) * gram[static_cast<std::size_t>(i * features + j)] * difference(j);
            }
    return error;
}

RoundingGrid gridOf(const LinearWeights &linear, int groupSize)
{
    return chooseInt4Grid(linear.values, {groupSize},
                          std::vector<float>(static_cast<std::size_t>(linear.spec.inFeatures), 1.0F));
}

std::vector<double> diagonal(std::vector<double> gram, std::int64_t features)
{
    for (std::int64_t i = 0; i < features; ++i)
        for (std::int64_t j = 0; j < features; ++j)
            if (i != j)
                gram[static_cast<std::size_t>(i * features + j)] = 0;
    return gram;
}

class CancelledJob : public NoProgress
{
public:
    bool cancelled() const override { return true; }
};

} // namespace

class TestGptq : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void correlatedInputsAreRoundedTogether_data()
    {
        QTest::addColumn<int>("features");
        QTest::addColumn<int>("groupSize");
        QTest::newRow("one block") << 96 << 32;
        QTest::newRow("several blocks, the last short") << 300 << 64;
        QTest::newRow("one group") << 140 << 140;
    }

    void correlatedInputsAreRoundedTogether()
    {
        QFETCH(int, features);
        QFETCH(int, groupSize);
        const LinearWeights linear = randomLinear(24, features, 1);
        const Moments moments = momentsOf(makeTokens(800, features, 2));
        const RoundingGrid grid = gridOf(linear, groupSize);
        const auto error = [&](const std::vector<std::int8_t> &codes) {
            return outputError(linear.values, dequantizedCodes(codes, grid), moments.gram);
        };
        const double nearest = error(nearestCodes(linear.values, grid));
        const double feedback = error(gptqCodes(linear.values, grid, moments.gram));
        QVERIFY2(feedback < 0.5 * nearest, qPrintable(QString("%1 of %2").arg(feedback).arg(nearest)));
        // Judged on tokens it has not seen.
        const Moments others = momentsOf(makeTokens(800, features, 3));
        QVERIFY(outputError(linear.values, dequantizedCodes(gptqCodes(linear.values, grid, moments.gram), grid),
                            others.gram) <
                0.6 *
                    outputError(linear.values, dequantizedCodes(nearestCodes(linear.values, grid), grid), others.gram));
    }

    // Two inputs that are always equal: with weights of 1.4 steps each, 1 + 2 is nearer to their sum than 1 + 1.
    void errorsAreMadeUpFor()
    {
        RoundingGrid grid{1, 2, 2, {1.0F}, {0.0F}, -7, 7};
        const LinearWeights linear = linearOf(1, 2, {1.4F, 1.4F});
        const auto codes = gptqCodes(linear.values, grid, {1, 1, 1, 1});
        QCOMPARE(codes[0] + codes[1], 3);
        QCOMPARE(nearestCodes(linear.values, grid), (std::vector<std::int8_t>{1, 1}));
    }

    void uncorrelatedInputsAreRoundedToNearest()
    {
        const LinearWeights linear = randomLinear(8, 160, 4);
        const RoundingGrid grid = gridOf(linear, 64);
        const auto nearest = nearestCodes(linear.values, grid);
        const std::vector<double> gram = momentsOf(makeTokens(300, 160, 5)).gram;
        QCOMPARE(gptqCodes(linear.values, grid, diagonal(gram, 160)), nearest);
        QCOMPARE(gptqCodes(linear.values, grid, std::vector<double>(160 * 160, 0.0)), nearest);
    }

    void invariances()
    {
        const std::int64_t features = 70;
        const LinearWeights linear = randomLinear(6, features, 6);
        const RoundingGrid grid = gridOf(linear, 32);
        const std::vector<double> gram = momentsOf(makeTokens(300, features, 7)).gram;
        const auto codes = gptqCodes(linear.values, grid, gram);
        // The unit of the inputs does not matter,
        std::vector<double> scaled = gram;
        for (double &value : scaled)
            value *= 1024;
        QCOMPARE(gptqCodes(linear.values, grid, scaled), codes);
        // nor does what the other rows are.
        const LinearWeights last =
            linearOf(1, features,
                     std::vector<float>(linear.values.floats() + 5 * features, linear.values.floats() + 6 * features));
        QCOMPARE(gptqCodes(last.values, gridOf(last, 32), gram),
                 std::vector<std::int8_t>(codes.begin() + 5 * features, codes.end()));
        // Weights that are points of the grid stay.
        const Tensor rounded = dequantizedCodes(codes, grid);
        QCOMPARE(gptqCodes(rounded, grid, gram), codes);
    }

    void orderOfInputsDoesNotMatter()
    {
        const std::int64_t features = 90;
        const LinearWeights linear = randomLinear(5, features, 8);
        const std::vector<double> gram = momentsOf(makeTokens(400, features, 9)).gram;
        LinearWeights turned = linearOf(5, features, std::vector<float>(static_cast<std::size_t>(5 * features)));
        std::vector<double> turnedGram(gram.size());
        for (std::int64_t k = 0; k < features; ++k) {
            const std::int64_t from = features - 1 - k;
            for (std::int64_t n = 0; n < 5; ++n)
                turned.values.floats()[n * features + k] = linear.values.floats()[n * features + from];
            for (std::int64_t j = 0; j < features; ++j)
                turnedGram[static_cast<std::size_t>(k * features + j)] =
                    gram[static_cast<std::size_t>(from * features + features - 1 - j)];
        }
        const RoundingGrid grid{5,    features, features, std::vector<float>(5, 0.02F), std::vector<float>(5, 0.0F),
                                -127, 127};
        const auto codes = gptqCodes(linear.values, grid, gram);
        const auto turnedCodes = gptqCodes(turned.values, grid, turnedGram);
        for (std::int64_t n = 0; n < 5; ++n)
            for (std::int64_t k = 0; k < features; ++k)
                QCOMPARE(turnedCodes[static_cast<std::size_t>(n * features + k)],
                         codes[static_cast<std::size_t>(n * features + features - 1 - k)]);
    }

    void silentInputsAndNoTokensAreTaken()
    {
        const LinearWeights linear = randomLinear(4, 40, 10);
        std::vector<double> gram = momentsOf(makeTokens(10, 40, 11)).gram; // rank 10
        for (std::int64_t k = 0; k < 40; ++k)
            gram[static_cast<std::size_t>(3 * 40 + k)] = gram[static_cast<std::size_t>(k * 40 + 3)] = 0;
        const RoundingGrid grid = gridOf(linear, 32);
        QVERIFY(allFinite(dequantizedCodes(gptqCodes(linear.values, grid, gram), grid)));
    }

    // In both formats, and together with the correction of the bias.
    void formatsGain()
    {
        const LinearWeights linear = randomLinear(16, 128, 12);
        const ChannelMoments moments = channelMoments(statisticsOf(makeTokens(600, 128, 13, 2.0)), true);
        const ChannelMoments about = centred(moments);
        const auto gains = [&](const LinearWeights &with, const LinearWeights &without) {
            return outputError(linear.values, with.dequantized(), about.gram) <
                   0.6 * outputError(linear.values, without.dequantized(), about.gram);
        };
        QVERIFY(gains(quantizeInt4(linear, {64}, &moments), quantizeInt4(linear, {64, {.gptq = false}}, &moments)));
        QVERIFY(gains(quantizeInt8(linear, {}, &moments), quantizeInt8(linear, {.gptq = false}, &moments)));
    }

    void refusesWhatDoesNotFit()
    {
        const LinearWeights linear = randomLinear(4, 40, 14);
        QVERIFY_EXCEPTION_THROWN(gptqCodes(linear.values, gridOf(linear, 32), std::vector<double>(39 * 39)), Error);
    }

    void canBeCancelled()
    {
        const LinearWeights linear = randomLinear(4, 40, 15);
        const std::vector<double> gram = momentsOf(makeTokens(100, 40, 16)).gram;
        QVERIFY_EXCEPTION_THROWN(gptqCodes(linear.values, gridOf(linear, 32), gram, CancelledJob()), Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestGptq)
#include "tst_gptq.moc"
