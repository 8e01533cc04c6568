#include "engine/compress/int4.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

double squaredError(const Tensor &a, const Tensor &b, const std::vector<double> &weights)
{
    double error = 0;
    for (std::int64_t i = 0; i < a.elements(); ++i) {
        const double difference = static_cast<double>(a.floats()[i]) - b.floats()[i];
        error += weights[static_cast<std::size_t>(i) % weights.size()] * difference * difference;
    }
    return error;
}

} // namespace

class TestInt4 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void representableWeightsAreExact()
    {
        // Two full groups and a short one, each with its own power-of-two scale and zero point, all 16 codes.
        const std::int64_t features = 64 + 21;
        std::vector<float> values;
        for (int n = 0; n < 3; ++n)
            for (int k = 0; k < features; ++k) {
                const int group = k / 32;
                const int zeroPoint = (5 + 3 * n + group) % 16;
                values.push_back(std::ldexp(static_cast<float>(k % 16 - zeroPoint), -2 - n - group));
            }
        const LinearWeights linear = linearOf(3, features, values, normals(3, 1));
        const LinearWeights quantized = quantizeInt4(linear, {32});
        QVERIFY(quantized.dequantized().sameBytes(linear.values));
        QVERIFY(quantized.spec.format == NumberFormat::Int4);
        QCOMPARE(quantized.spec.groupSize, 32);
        QCOMPARE(quantized.values.shape(), (std::vector<std::int64_t>{3, 43}));
        QCOMPARE(quantized.scales.shape(), (std::vector<std::int64_t>{3, 3}));
        QVERIFY(quantized.scales.dtype() == DType::F16);
        QCOMPARE(quantized.zeroPoints.shape(), (std::vector<std::int64_t>{3, 2}));
        QVERIFY(quantized.bias.sameBytes(linear.bias));
    }

    void packingMatchesTheCodes()
    {
        const LinearWeights linear = randomLinear(5, 71, 2);
        const RoundingGrid grid = chooseInt4Grid(linear.values, {32, {.clip = false}}, std::vector<float>(71, 1.0f));
        const std::vector<std::int8_t> codes = nearestCodes(linear.values, grid);
        QVERIFY(*std::max_element(codes.begin(), codes.end()) <= 15);
        const LinearWeights packed = packInt4(linear, grid, codes);
        QVERIFY(packed.dequantized().sameBytes(dequantizedCodes(codes, grid)));
        const auto *bytes = packed.values.as<std::uint8_t>();
        QCOMPARE(bytes[0] & 15, int(codes[0])); // low nibble first
        QCOMPARE(bytes[0] >> 4, int(codes[1]));
        QCOMPARE(bytes[35] & 15, int(codes[70]));
        QCOMPARE(bytes[35] >> 4, 0);
    }

    void errorIsHalfAStepWithoutClipping_data()
    {
        QTest::addColumn<int>("groupSize");
        QTest::addColumn<int>("features");
        QTest::newRow("32, last short") << 32 << 100;
        QTest::newRow("64") << 64 << 128;
        QTest::newRow("128, one short group") << 128 << 50;
        QTest::newRow("odd width") << 64 << 67;
        QTest::newRow("one input") << 64 << 1;
    }

    void errorIsHalfAStepWithoutClipping()
    {
        QFETCH(int, groupSize);
        QFETCH(int, features);
        const LinearWeights linear = randomLinear(9, features, 3);
        const LinearWeights quantized = quantizeInt4(linear, {groupSize, {.clip = false}});
        const Tensor rounded = quantized.dequantized();
        const std::int64_t groups = quantized.scales.dim(1);
        for (std::int64_t n = 0; n < 9; ++n)
            for (std::int64_t k = 0; k < features; ++k) {
                const float scale = halfToFloat(quantized.scales.as<std::uint16_t>()[n * groups + k / groupSize]);
                const float error =
                    std::fabs(linear.values.floats()[n * features + k] - rounded.floats()[n * features + k]);
                // FP16 rounds the scale by up to 2^-11, of a range of 15 steps.
                QVERIFY(error <= scale * (0.5f + 15.0f / 2048.0f) * 1.001f);
            }
    }

    void clipSearchNeverLoses()
    {
        const LinearWeights linear = randomLinear(16, 256, 4);
        ChannelMoments moments{std::vector<double>(256, 0.0), std::vector<double>(256, 0.01)};
        for (std::size_t k = 0; k < 256; k += 7)
            moments.meanSquare[k] = 5;
        const std::vector<float> weights = errorWeights(&moments, 256);
        for (const int groupSize : {32, 64, 128}) {
            const RoundingGrid plain = chooseInt4Grid(linear.values, {groupSize, {.clip = false}}, weights);
            const RoundingGrid clipped = chooseInt4Grid(linear.values, {groupSize}, weights);
            const double plainError = squaredError(
                linear.values, dequantizedCodes(nearestCodes(linear.values, plain), plain), moments.meanSquare);
            const double clippedError = squaredError(
                linear.values, dequantizedCodes(nearestCodes(linear.values, clipped), clipped), moments.meanSquare);
            QVERIFY(clippedError < 0.95 * plainError);
        }
    }

    void biasCorrectionMakesTheMeanExact()
    {
        const ChannelMoments moments = channelMoments(statisticsOf(makeTokens(100, 96, 5, 3.0)));
        const LinearWeights linear = randomLinear(12, 96, 6);
        const auto exact = outputOf(linear, moments.mean);
        const auto mean = outputOf(quantizeInt4(linear, {64}, &moments), moments.mean);
        const auto uncorrected = outputOf(quantizeInt4(linear, {64}), moments.mean);
        double shift = 0;
        for (std::size_t n = 0; n < exact.size(); ++n) {
            QVERIFY(std::fabs(mean[n] - exact[n]) < 1e-5);
            shift = std::max(shift, std::fabs(uncorrected[n] - exact[n]));
        }
        QVERIFY(shift > 1e-2);
    }

    void degenerateWeightsStayFinite_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("zero") << 0.0f;
        QTest::newRow("below FP16") << 1e-9f;
        QTest::newRow("denormal FP16 scale") << 1e-6f;
        QTest::newRow("beyond FP16") << 1e7f;
        QTest::newRow("huge") << 3e38f;
    }

    void degenerateWeightsStayFinite()
    {
        QFETCH(float, value);
        const LinearWeights linear = linearOf(2, 3, {value, -value, 0, 0, value, value / 3}, {1, 2});
        const ChannelMoments moments{{1e30, 0, 1}, {1e60, 0, 1}};
        for (const bool clip : {false, true}) {
            const LinearWeights quantized = quantizeInt4(linear, {32, {.clip = clip}}, &moments);
            const Tensor rounded = quantized.dequantized();
            QVERIFY(allFinite(rounded));
            QVERIFY(allFinite(quantized.bias));
            for (std::int64_t i = 0; i < rounded.elements(); ++i)
                QVERIFY(std::fabs(rounded.floats()[i]) <= 1.01f * value + 1e-7f);
        }
    }

    void constantGroupsAreNearlyExact()
    {
        for (const float value : {0.37f, -0.37f}) {
            const LinearWeights linear = linearOf(1, 32, std::vector<float>(32, value));
            const Tensor rounded = quantizeInt4(linear, {32}).dequantized();
            for (std::int64_t k = 0; k < 32; ++k)
                QVERIFY(std::fabs(rounded.floats()[k] - value) < 1e-3f * std::fabs(value));
        }
    }

    void badInputIsRefused()
    {
        const LinearWeights linear = randomLinear(2, 32, 7);
        for (const int groupSize : {0, -32, 16, 48, 256})
            QVERIFY_EXCEPTION_THROWN(quantizeInt4(linear, {groupSize}), Error);
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY_EXCEPTION_THROWN(quantizeInt4(linearOf(1, 2, {1, nan})), Error);
        QVERIFY_EXCEPTION_THROWN(quantizeInt4(quantizeInt4(linear)), Error);
        const ChannelMoments otherWidth{{1}, {1}};
        QVERIFY_EXCEPTION_THROWN(quantizeInt4(linear, {64}, &otherWidth), Error);
    }
};

QTEST_APPLESS_MAIN(TestInt4)
#include "tst_int4.moc"
