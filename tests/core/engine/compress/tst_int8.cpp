#include "engine/compress/int8.h"
#include "plan/error.h"
#include "syntheticlayer.h"

#include <QTest>

#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

double weightedError(const LinearWeights &original, const Tensor &rounded, const std::vector<double> &weights)
{
    double error = 0;
    for (std::int64_t i = 0; i < rounded.elements(); ++i) {
        const double difference = static_cast<double>(original.values.floats()[i]) - rounded.floats()[i];
        error += weights[static_cast<std::size_t>(i) % weights.size()] * difference * difference;
    }
    return error;
}

} // namespace

class TestInt8 : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void representableWeightsAreExact()
    {
        std::vector<float> values;
        for (int n = 0; n < 4; ++n)
            for (int k = 0; k < 50; ++k)
                values.push_back(std::ldexp(static_cast<float>((k * 37 + n * 11) % 255 - 127), -n - 3));
        for (int n = 0; n < 4; ++n)
            values[static_cast<std::size_t>(n * 50)] = std::ldexp(-127.0f, -n - 3);
        const LinearWeights linear = linearOf(4, 50, values, normals(4, 1));
        const LinearWeights quantized = quantizeInt8(linear);
        QVERIFY(quantized.dequantized().sameBytes(linear.values));
        QVERIFY(quantized.spec.format == NumberFormat::Int8);
        QVERIFY(quantized.values.dtype() == DType::I8);
        QCOMPARE(quantized.scales.shape(), std::vector<std::int64_t>{4});
        QVERIFY(quantized.bias.sameBytes(linear.bias));
    }

    void errorIsHalfAStepOrClipped()
    {
        const LinearWeights linear = randomLinear(16, 200, 2);
        const LinearWeights quantized = quantizeInt8(linear);
        const Tensor rounded = quantized.dequantized();
        for (std::int64_t n = 0; n < 16; ++n) {
            const float scale = quantized.scales.floats()[n];
            for (std::int64_t k = 0; k < 200; ++k) {
                const float w = linear.values.floats()[n * 200 + k];
                const float error = std::fabs(w - rounded.floats()[n * 200 + k]);
                const float clipped = std::max(std::fabs(w) - 127 * scale, 0.0f);
                QVERIFY(error <= std::max(0.5f * scale, clipped) * 1.0001f);
            }
        }
    }

    void scaleSearchNeverLoses()
    {
        // A lone outlier on an input that hardly speaks: clipping it serves the rest.
        LinearWeights linear = randomLinear(4, 64, 3);
        ChannelMoments moments{std::vector<double>(64, 0.0), std::vector<double>(64, 1.0)};
        moments.meanSquare[5] = 1e-9;
        for (std::int64_t n = 0; n < 4; ++n)
            linear.values.floats()[n * 64 + 5] = 0.4f;
        const LinearWeights searched = quantizeInt8(linear, {}, &moments);
        Tensor plain = Tensor::allocate(DType::F32, {4, 64});
        for (std::int64_t n = 0; n < 4; ++n) {
            float greatest = 0;
            for (std::int64_t k = 0; k < 64; ++k)
                greatest = std::max(greatest, std::fabs(linear.values.floats()[n * 64 + k]));
            for (std::int64_t k = 0; k < 64; ++k)
                plain.floats()[n * 64 + k] =
                    std::nearbyint(linear.values.floats()[n * 64 + k] / (greatest / 127)) * (greatest / 127);
            QVERIFY(searched.scales.floats()[n] < greatest / 127);
        }
        const double searchedError = weightedError(linear, searched.dequantized(), moments.meanSquare);
        QVERIFY(searchedError < 0.9 * weightedError(linear, plain, moments.meanSquare));
    }

    void biasCorrectionMakesTheMeanExact()
    {
        const Tokens tokens = makeTokens(100, 48, 4, 3.0);
        const ChannelMoments moments = channelMoments(statisticsOf(tokens));
        const LinearWeights linear = randomLinear(12, 48, 5);
        const LinearWeights corrected = quantizeInt8(linear, {}, &moments);
        const auto exact = outputOf(linear, moments.mean);
        const auto mean = outputOf(corrected, moments.mean);
        const auto uncorrected = outputOf(quantizeInt8(linear), moments.mean);
        double shift = 0;
        for (std::size_t n = 0; n < exact.size(); ++n) {
            QVERIFY(std::fabs(mean[n] - exact[n]) < 1e-6);
            shift = std::max(shift, std::fabs(uncorrected[n] - exact[n]));
        }
        QVERIFY(shift > 1e-4);
    }

    void degenerateWeightsStayFinite_data()
    {
        QTest::addColumn<float>("value");
        QTest::newRow("zero") << 0.0f;
        QTest::newRow("denormal") << 1e-44f;
        QTest::newRow("least normal") << std::numeric_limits<float>::min();
        QTest::newRow("huge") << 3e38f;
    }

    void degenerateWeightsStayFinite()
    {
        QFETCH(float, value);
        const LinearWeights linear = linearOf(2, 3, {value, -value, 0, 0, value, value / 3}, {1, 2});
        const ChannelMoments moments{{1e30, 0, 1}, {1e60, 0, 1}};
        for (const ChannelMoments *given : {static_cast<const ChannelMoments *>(nullptr), &moments}) {
            const LinearWeights quantized = quantizeInt8(linear, {}, given);
            QVERIFY(allFinite(quantized.dequantized()));
            QVERIFY(allFinite(quantized.scales));
            QVERIFY(allFinite(quantized.bias));
            QVERIFY(quantized.scales.floats()[0] > 0);
        }
    }

    void notFiniteIsRefused()
    {
        const float nan = std::numeric_limits<float>::quiet_NaN();
        QVERIFY_EXCEPTION_THROWN(quantizeInt8(linearOf(1, 2, {1, nan})), Error);
        QVERIFY_EXCEPTION_THROWN(quantizeInt8(quantizeInt8(linearOf(1, 2, {1, 2}))), Error);
        const ChannelMoments otherWidth{{1}, {1}};
        QVERIFY_EXCEPTION_THROWN(quantizeInt8(linearOf(1, 2, {1, 2}), {}, &otherWidth), Error);
    }
};

QTEST_APPLESS_MAIN(TestInt8)
#include "tst_int8.moc"
