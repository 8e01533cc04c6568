#include "engine/compress/awq.h"
#include "engine/compress/int4.h"
#include "engine/compress/int8.h"
#include "engine/kernels/simdkernels.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

// Inputs where a few channels are much louder than the rest, as after a ViT's LayerNorms.
Tokens tokensWithOutliers(std::int64_t count, std::int64_t features, unsigned seed)
{
    Tokens tokens = makeTokens(count, features, seed, 0.0);
    for (std::int64_t t = 0; t < count; ++t)
        for (std::int64_t k = 3; k < features; k += 31)
            tokens.values[static_cast<std::size_t>(t * features + k)] *= 40;
    return tokens;
}

double replayedLoss(const LinearWeights &original, const LinearWeights &quantized, const Tokens &tokens)
{
    return meanSquaredDistance(replay(original, tokens), replay(quantized, tokens), tokens.count);
}

// LayerNorm of one row, in double.
std::vector<double> normalized(const std::vector<double> &x, const NormWeights &norm)
{
    double mean = 0, variance = 0;
    for (const double value : x)
        mean += value / static_cast<double>(x.size());
    for (const double value : x)
        variance += (value - mean) * (value - mean) / static_cast<double>(x.size());
    std::vector<double> y(x.size());
    for (std::size_t k = 0; k < x.size(); ++k)
        y[k] = (x[k] - mean) / std::sqrt(variance + 1e-6) * norm.gamma.floats()[k] + norm.beta.floats()[k];
    return y;
}

// Multi-head attention with its projection, [tokens, proj outputs].
std::vector<double> attend(const LinearWeights &qkv, const LinearWeights &proj, const Tokens &tokens, std::size_t heads)
{
    const std::vector<double> projected = replay(qkv, tokens);
    const auto count = static_cast<std::size_t>(tokens.count);
    const auto inner = static_cast<std::size_t>(proj.spec.inFeatures);
    const std::size_t headDim = inner / heads;
    std::vector<double> result;
    for (std::size_t t = 0; t < count; ++t) {
        std::vector<double> context(inner, 0.0);
        for (std::size_t h = 0; h < heads; ++h) {
            std::vector<double> shares(count);
            double sum = 0;
            for (std::size_t u = 0; u < count; ++u) {
                double score = 0;
                for (std::size_t i = h * headDim; i < (h + 1) * headDim; ++i)
                    score += projected[t * 3 * inner + i] * projected[u * 3 * inner + inner + i];
                shares[u] = std::exp(score / std::sqrt(static_cast<double>(headDim)));
                sum += shares[u];
            }
            for (std::size_t u = 0; u < count; ++u)
                for (std::size_t i = h * headDim; i < (h + 1) * headDim; ++i)
                    context[i] += shares[u] / sum * projected[u * 3 * inner + 2 * inner + i];
        }
        const std::vector<double> y = outputOf(proj, context);
        result.insert(result.end(), y.begin(), y.end());
    }
    return result;
}

std::vector<float> someScales(std::size_t count)
{
    std::vector<float> scales(count);
    for (std::size_t k = 0; k < count; ++k)
        scales[k] = 0.3f + 0.25f * static_cast<float>(k % 9);
    return scales;
}

double greatestDifference(const std::vector<double> &a, const std::vector<double> &b)
{
    double greatest = a.size() == b.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        greatest = std::max(greatest, std::fabs(a[i] - b[i]));
    return greatest;
}

} // namespace

class TestAwq : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void outlierChannelsLoseLess()
    {
        const Tokens tokens = tokensWithOutliers(150, 128, 1);
        const LinearWeights linear = randomLinear(24, 128, 2);
        const AwqScales awq =
            searchAwqScales(linear, statisticsOf(tokens), {.groupSize = 64, .rounding = {.biasCorrection = false}});
        QVERIFY(awq.helps());
        QVERIFY(awq.alpha > 0);
        QVERIFY(awq.loss < 0.5 * awq.lossPlain);
        // The losses are what a replay of the tokens gives.
        const double plain = replayedLoss(linear, quantizeInt4(linear, {64, {.clip = false}}), tokens);
        const LinearWeights scaled = quantizeInt4(withInputScale(linear, awq.scales), {64, {.clip = false}});
        const double withScales = replayedLoss(linear, scaled, tokens);
        QVERIFY(std::fabs(awq.lossPlain - plain) < 1e-3 * plain);
        QVERIFY(std::fabs(awq.loss - withScales) < 1e-3 * withScales);
    }

    void scalesAreNormalizedAndFollowLoudness()
    {
        const LinearStatistics statistics = statisticsOf(tokensWithOutliers(150, 96, 3));
        const AwqScales awq = searchAwqScales(randomLinear(16, 96, 4), statistics, {.groupSize = 32});
        const auto [least, greatest] = std::minmax_element(awq.scales.begin(), awq.scales.end());
        QVERIFY(std::fabs(*least * *greatest - 1.0f) < 1e-4f);
        QVERIFY(awq.scales[3] > 2 * awq.scales[4]);
    }

    // Both what rounds the weights and what rounds each token's inputs to 8 bits, by replay.
    void int8LosesLessWithScales()
    {
        const Tokens tokens = tokensWithOutliers(200, 96, 7);
        const LinearWeights linear = randomLinear(48, 96, 8);
        const AwqScales awq = searchAwqScales(linear, statisticsOf(tokens), {.format = NumberFormat::Int8});
        QVERIFY(awq.helps());
        const auto loss = [&](const std::vector<float> &scales) {
            Tokens rounded = tokens;
            std::vector<std::uint8_t> codes(96);
            for (std::int64_t t = 0; t < tokens.count; ++t) {
                float *x = rounded.values.data() + t * 96;
                for (std::size_t k = 0; k < 96; ++k)
                    x[k] /= scales[k];
                const RowQuantization row = portableKernels().quantizeRow(x, nullptr, 96, codes.data());
                for (std::size_t k = 0; k < 96; ++k)
                    x[k] = row.scale * static_cast<float>(codes[k] - row.zeroPoint);
            }
            const LinearWeights quantized = quantizeInt8(scaledInputs(linear, scales));
            return meanSquaredDistance(replay(linear, tokens), replay(quantized, rounded), tokens.count);
        };
        QVERIFY(loss(awq.scales) < 0.5 * loss(std::vector<float>(96, 1.0F)));
    }

    void halvesDoNotOverflow()
    {
        LinearStatistics statistics = statisticsOf(tokensWithOutliers(150, 96, 3));
        const LinearWeights linear = randomLinear(16, 96, 4);
        const AwqScales free = searchAwqScales(linear, statistics, {.groupSize = 32});
        const std::size_t quiet = 4;
        QVERIFY(free.scales[quiet] < 1);
        statistics.maxAbs[quiet] = 0.2F * 65504; // a burst on a quiet channel
        const AwqScales guarded = searchAwqScales(linear, statistics, {.groupSize = 32});
        QVERIFY(statistics.maxAbs[quiet] / guarded.scales[quiet] < 0.25F * 65504);
        QVERIFY(guarded.loss >= free.loss);
    }

    void sampledRowsGiveNearlyTheSameChoice()
    {
        const LinearStatistics statistics = statisticsOf(tokensWithOutliers(150, 96, 5));
        const LinearWeights linear = randomLinear(80, 96, 6);
        const AwqScales all = searchAwqScales(linear, statistics, {.groupSize = 32, .sampledRows = 80});
        const AwqScales sampled = searchAwqScales(linear, statistics, {.groupSize = 32, .sampledRows = 20});
        QVERIFY(std::fabs(all.alpha - sampled.alpha) < 0.16);
        QVERIFY(sampled.loss < 0.5 * all.loss); // a sum over a quarter of the rows
    }

    void layerNormFoldKeepsTheFunction()
    {
        const std::size_t features = 40;
        const Tokens tokens = makeTokens(10, features, 7);
        const NormWeights norm{Tensor::fromFloats({features}, normals(features, 8)),
                               Tensor::fromFloats({features}, normals(features, 9))};
        const LinearWeights linear = randomLinear(20, features, 10);
        const std::vector<float> scales = someScales(features);
        const NormWeights foldedNorm = dividedByScales(norm, scales);
        const LinearWeights foldedLinear = scaledInputs(linear, scales);
        QVERIFY(!foldedLinear.values.sameBytes(linear.values));
        for (std::int64_t t = 0; t < tokens.count; ++t) {
            const std::vector<double> x(tokens.row(t), tokens.row(t) + features);
            QVERIFY(greatestDifference(outputOf(linear, normalized(x, norm)),
                                       outputOf(foldedLinear, normalized(x, foldedNorm))) < 2e-6);
        }
    }

    void valueFoldKeepsTheFunction()
    {
        const Tokens tokens = makeTokens(7, 12, 11);
        const LinearWeights qkv = randomLinear(3 * 16, 12, 12);
        const LinearWeights proj = randomLinear(12, 16, 13);
        const std::vector<float> scales = someScales(16);
        const LinearWeights folded = dividedValues(qkv, scales);
        const auto before = attend(qkv, proj, tokens, 2);
        QVERIFY(greatestDifference(before, attend(folded, scaledInputs(proj, scales), tokens, 2)) < 1e-6);
        // Half of the fold is not the function.
        QVERIFY(greatestDifference(before, attend(folded, proj, tokens, 2)) > 1e-2);
        // Queries and keys are untouched.
        for (std::int64_t i = 0; i < 32 * 12; ++i)
            QCOMPARE(folded.values.floats()[i], qkv.values.floats()[i]);
    }

    void inputScaleKeepsTheFunction()
    {
        const Tokens tokens = makeTokens(10, 30, 14);
        const LinearWeights linear = randomLinear(8, 30, 15);
        const std::vector<float> scales = someScales(30);
        const LinearWeights scaled = withInputScale(linear, scales);
        QVERIFY(scaled.spec.inputScale);
        QVERIFY(greatestDifference(replay(linear, tokens), replay(scaled, tokens)) < 1e-6);
        // Applied twice it multiplies.
        const LinearWeights twice = withInputScale(scaled, scales);
        QVERIFY(greatestDifference(replay(linear, tokens), replay(twice, tokens)) < 1e-6);
        QVERIFY(std::fabs(twice.inputScale.floats()[0] - 1 / (scales[0] * scales[0])) < 1e-5f);
    }

    void originalsAreNeverWritten()
    {
        const LinearWeights linear = randomLinear(6, 10, 16);
        const LinearWeights copy{linear.spec, linear.values.clone(), {}, {}, linear.bias.clone(), {}};
        const NormWeights norm{Tensor::fromFloats({10}, normals(10, 17)), Tensor::fromFloats({10}, normals(10, 18))};
        const Tensor gamma = norm.gamma.clone();
        scaledInputs(linear, someScales(10));
        withInputScale(linear, someScales(10));
        dividedValues(linear, someScales(2));
        dividedByScales(norm, someScales(10));
        QVERIFY(linear.values.sameBytes(copy.values));
        QVERIFY(linear.bias.sameBytes(copy.bias));
        QVERIFY(norm.gamma.sameBytes(gamma));
    }

    void deadChannelsKeepScaleOne()
    {
        Tokens tokens = tokensWithOutliers(60, 64, 19);
        for (std::int64_t t = 0; t < tokens.count; ++t)
            tokens.values[static_cast<std::size_t>(t * 64 + 10)] = 0;
        const AwqScales awq = searchAwqScales(randomLinear(8, 64, 20), statisticsOf(tokens), {.groupSize = 32});
        QVERIFY(awq.alpha > 0);
        QCOMPARE(awq.scales[10], 1.0f);
    }

    void degenerateInputStaysFinite_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<float>("inputs");
        QTest::addColumn<float>("weights");
        QTest::newRow("one token") << 1 << 1.0f << 1.0f;
        QTest::newRow("all inputs zero") << 10 << 0.0f << 1.0f;
        QTest::newRow("all weights zero") << 10 << 1.0f << 0.0f;
        QTest::newRow("huge inputs") << 10 << 1e17f << 1.0f;
        QTest::newRow("huge weights") << 10 << 1.0f << 1e30f;
        QTest::newRow("tiny inputs") << 10 << 1e-18f << 1.0f;
        QTest::newRow("tiny weights") << 10 << 1.0f << 1e-30f;
    }

    void degenerateInputStaysFinite()
    {
        QFETCH(int, tokens);
        QFETCH(float, inputs);
        QFETCH(float, weights);
        Tokens made = tokensWithOutliers(tokens, 40, 21);
        for (float &value : made.values)
            value *= inputs;
        LinearWeights linear = randomLinear(6, 40, 22);
        for (std::int64_t i = 0; i < linear.values.elements(); ++i)
            linear.values.floats()[i] *= weights;
        const AwqScales awq = searchAwqScales(linear, statisticsOf(made), {.groupSize = 32});
        QVERIFY(std::isfinite(awq.loss) && std::isfinite(awq.lossPlain));
        QVERIFY(awq.loss >= 0 && awq.loss <= awq.lossPlain);
        QCOMPARE(awq.scales.size(), std::size_t(40));
        for (const float scale : awq.scales)
            QVERIFY(std::isfinite(scale) && scale > 0);
        QVERIFY(allFinite(scaledInputs(linear, awq.scales).values));
    }

    void badInputIsRefused()
    {
        const LinearWeights linear = randomLinear(6, 10, 23);
        LinearStatistics statistics = statisticsOf(makeTokens(10, 10, 24));
        QVERIFY_EXCEPTION_THROWN(searchAwqScales(randomLinear(6, 11, 25), statistics, {.groupSize = 32}), Error);
        QVERIFY_EXCEPTION_THROWN(searchAwqScales(linear, {}, {.groupSize = 32}), Error);
        statistics.fit.gram.clear();
        QVERIFY_EXCEPTION_THROWN(searchAwqScales(linear, statistics, {.groupSize = 32}), Error);
        QVERIFY_EXCEPTION_THROWN(scaledInputs(linear, someScales(9)), Error);
        QVERIFY_EXCEPTION_THROWN(dividedValues(linear, someScales(3)), Error);
        QVERIFY_EXCEPTION_THROWN(withInputScale(linear, std::vector<float>(10, 0.0f)), Error);
        QVERIFY_EXCEPTION_THROWN(scaledInputs(linear, std::vector<float>(10, std::numeric_limits<float>::infinity())),
                                 Error);
    }
};

QTEST_APPLESS_MAIN(TestAwq)
#include "tst_awq.moc"
