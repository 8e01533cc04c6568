#include "engine/kernels/simdkernels.h"

#include "kerneltesting.h"

#include <QTest>

#include <array>
#include <bit>
#include <limits>
#include <numbers>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

constexpr std::array<int, 10> counts{0, 1, 2, 7, 8, 9, 16, 31, 33, 100};

// Both sets; on a CPU without AVX2 they are the same one.
std::array<const SimdKernels *, 2> sets()
{
    return {&simdKernels(), &portableKernels()};
}

// Values over the whole range of a format, its edges among them.
std::vector<float> awkwardFloats()
{
    std::vector<float> values{0.0F,     -0.0F,     1.0F,       65504.0F, 65519.0F,
                              65520.0F, -70000.0F, 5.96e-8F,   2.98e-8F, 2.99e-8F,
                              6.1e-5F,  1e-40F,    3.3895e38F, 3.4e38F,  std::numeric_limits<float>::infinity()};
    Random random(5);
    for (int exponent = -30; exponent < 20; ++exponent)
        for (int i = 0; i < 20; ++i)
            values.push_back(std::ldexp(random.normal(), exponent));
    return values;
}

} // namespace

class TestSimdKernels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void convertsEveryHalf();
    void convertsEveryBfloat16();
    void roundsToHalfAndBfloat16();
    void unpacksNibbles();
    void setsQuantizeAlike();
    void quantizesWithinHalfAStep();
    void quantizesZerosExactly();
    void taintedRowsAreMarked();
    void setsMultiplyAlike();
    void productsDoNotSaturate();
    void setsDequantizeAlike();
    void geluIsExact();
    void otherActivations();
    void activationsAtTheEnds();
    void layerNormNormalizes();
    void softmaxIsExact();
    void softmaxOfHugeValues();
};

void TestSimdKernels::convertsEveryHalf()
{
    std::vector<std::uint16_t> halves(65536);
    for (std::size_t i = 0; i < halves.size(); ++i)
        halves[i] = static_cast<std::uint16_t>(i);
    for (const SimdKernels *set : sets()) {
        std::vector<float> floats(halves.size());
        set->halfToFloat(halves.data(), 65536, floats.data());
        for (std::size_t i = 0; i < halves.size(); ++i) {
            const float expected = halfToFloat(halves[i]);
            if (std::isnan(expected))
                QVERIFY(std::isnan(floats[i]));
            else
                QCOMPARE(std::bit_cast<std::uint32_t>(floats[i]), std::bit_cast<std::uint32_t>(expected));
        }
    }
}

void TestSimdKernels::convertsEveryBfloat16()
{
    std::vector<std::uint16_t> values(65536);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<std::uint16_t>(i);
    for (const SimdKernels *set : sets()) {
        std::vector<float> floats(values.size());
        set->bfloat16ToFloat(values.data(), 65536, floats.data());
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(std::bit_cast<std::uint32_t>(floats[i]), static_cast<std::uint32_t>(i) << 16);
    }
}

void TestSimdKernels::roundsToHalfAndBfloat16()
{
    const std::vector<float> values = awkwardFloats();
    for (const SimdKernels *set : sets()) {
        for (const int count : counts) {
            std::vector<std::uint16_t> out(values.size() + 1, 0xabcd);
            set->floatToHalf(values.data(), count, out.data());
            for (int i = 0; i < count; ++i)
                QCOMPARE(out[static_cast<std::size_t>(i)], floatToHalf(values[static_cast<std::size_t>(i)]));
            QCOMPARE(out[static_cast<std::size_t>(count)], std::uint16_t{0xabcd});
        }
        std::vector<std::uint16_t> out(values.size());
        set->floatToHalf(values.data(), static_cast<std::int64_t>(values.size()), out.data());
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(out[i], floatToHalf(values[i]));
        set->floatToBfloat16(values.data(), static_cast<std::int64_t>(values.size()), out.data());
        for (std::size_t i = 0; i < values.size(); ++i)
            QCOMPARE(out[i], floatToBfloat16(values[i]));
        const float nan = std::numeric_limits<float>::quiet_NaN();
        set->floatToBfloat16(&nan, 1, out.data());
        QVERIFY(std::isnan(bfloat16ToFloat(out[0])));
        set->floatToHalf(&nan, 1, out.data());
        QVERIFY(std::isnan(halfToFloat(out[0])));
    }
}

void TestSimdKernels::unpacksNibbles()
{
    std::vector<std::uint8_t> packed(64);
    for (std::size_t i = 0; i < packed.size(); ++i)
        packed[i] = static_cast<std::uint8_t>(37 * i + 11);
    for (const SimdKernels *set : sets()) {
        for (const int count : counts) {
            std::vector<float> out(128, -1.0F);
            set->unpackInt4(packed.data(), count, 0.125F, 7, out.data());
            for (int i = 0; i < count; ++i) {
                const int byte = packed[static_cast<std::size_t>(i / 2)];
                const int q = i % 2 == 0 ? byte % 16 : byte / 16;
                QCOMPARE(out[static_cast<std::size_t>(i)], 0.125F * static_cast<float>(q - 7));
            }
            QCOMPARE(out[static_cast<std::size_t>(count)], -1.0F);
        }
    }
}

void TestSimdKernels::setsQuantizeAlike()
{
    Random random(6);
    for (const int count : counts) {
        for (const bool scaled : {false, true}) {
            for (const float shift : {0.0F, 5.0F, -5.0F}) {
                std::vector<float> x = random.normals(count);
                std::for_each(x.begin(), x.end(), [shift](float &value) { value += shift; });
                const std::vector<float> factors = random.normals(count);
                const float *inputScale = scaled ? factors.data() : nullptr;
                std::vector<std::uint8_t> q(static_cast<std::size_t>(count) + 1, 77);
                std::vector<std::uint8_t> portableQ = q;
                const RowQuantization row = simdKernels().quantizeRow(x.data(), inputScale, count, q.data());
                const RowQuantization portableRow =
                    portableKernels().quantizeRow(x.data(), inputScale, count, portableQ.data());
                QCOMPARE(std::bit_cast<std::uint32_t>(row.scale), std::bit_cast<std::uint32_t>(portableRow.scale));
                QCOMPARE(row.zeroPoint, portableRow.zeroPoint);
                QCOMPARE(q, portableQ); // and neither wrote beyond the end
                QCOMPARE(q.back(), std::uint8_t{77});
            }
        }
    }
}

void TestSimdKernels::quantizesWithinHalfAStep()
{
    Random random(7);
    const std::vector<float> x = random.normals(301, 3);
    for (const SimdKernels *set : sets()) {
        std::vector<std::uint8_t> q(x.size());
        const RowQuantization row = set->quantizeRow(x.data(), nullptr, 301, q.data());
        const auto [low, high] = std::minmax_element(x.begin(), x.end());
        QCOMPARE(row.scale, (*high - *low) / 255.0F);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const float restored = row.scale * static_cast<float>(q[i] - row.zeroPoint);
            // The ends may lose up to half a step more because the zero point is rounded.
            QVERIFY(std::abs(restored - x[i]) <= 1.001F * row.scale);
            if (q[i] > 0 && q[i] < 255)
                QVERIFY(std::abs(restored - x[i]) <= 0.501F * row.scale);
        }
    }
}

void TestSimdKernels::quantizesZerosExactly()
{
    for (const SimdKernels *set : sets()) {
        for (const float value : {0.0F, -0.0F, 1e-44F, -1e-44F}) {
            const std::vector<float> x(20, value);
            std::vector<std::uint8_t> q(x.size(), 1);
            const RowQuantization row = set->quantizeRow(x.data(), nullptr, 20, q.data());
            QCOMPARE(row.scale, 1.0F);
            QCOMPARE(row.zeroPoint, 0);
            QCOMPARE(q, std::vector<std::uint8_t>(20, 0));
        }
        // Zero is kept exactly in an asymmetric range.
        const std::vector<float> x{0.0F, 1.7F, -0.4F};
        std::vector<std::uint8_t> q(3);
        const RowQuantization row = set->quantizeRow(x.data(), nullptr, 3, q.data());
        QCOMPARE(static_cast<int>(q[0]), row.zeroPoint);
    }
}

void TestSimdKernels::taintedRowsAreMarked()
{
    for (const SimdKernels *set : sets()) {
        for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
                                -std::numeric_limits<float>::infinity()}) {
            for (const std::size_t at : {std::size_t{0}, std::size_t{5}, std::size_t{18}}) {
                std::vector<float> x(19, 0.5F);
                x[at] = bad;
                std::vector<std::uint8_t> q(x.size());
                QVERIFY(std::isnan(set->quantizeRow(x.data(), nullptr, 19, q.data()).scale));
            }
        }
    }
}

void TestSimdKernels::setsMultiplyAlike()
{
    Random random(8);
    for (int round = 0; round < 200; ++round) {
        const int rows = random.integer(1, 7);
        const int outputs = random.integer(1, 11);
        const int k = random.integer(1, 70);
        std::vector<std::uint8_t> x(static_cast<std::size_t>(rows * k));
        std::vector<std::int8_t> w(static_cast<std::size_t>(outputs * k));
        std::generate(x.begin(), x.end(), [&] { return static_cast<std::uint8_t>(random.integer(0, 255)); });
        std::generate(w.begin(), w.end(), [&] { return static_cast<std::int8_t>(random.integer(-128, 127)); });
        const int stride = outputs + 3;
        const float untouched = -1;
        std::vector<float> expected(static_cast<std::size_t>(rows * stride), untouched);
        for (int row = 0; row < rows; ++row) {
            for (int output = 0; output < outputs; ++output) {
                std::int32_t sum = 0;
                for (int i = 0; i < k; ++i)
                    sum += x[static_cast<std::size_t>(row * k + i)] * w[static_cast<std::size_t>(output * k + i)];
                expected[static_cast<std::size_t>(row * stride + output)] = std::bit_cast<float>(sum);
            }
        }
        for (const SimdKernels *set : sets()) {
            std::vector<float> sums(expected.size(), untouched);
            set->int8Products(x.data(), k, rows, w.data(), k, outputs, k, sums.data(), stride);
            QVERIFY(std::memcmp(sums.data(), expected.data(), sums.size() * sizeof(float)) == 0);
        }
    }
}

void TestSimdKernels::productsDoNotSaturate()
{
    constexpr int k = 65536;
    const std::vector<std::uint8_t> x(k, 255);
    for (const int value : {127, -128}) {
        const std::vector<std::int8_t> w(k, static_cast<std::int8_t>(value));
        for (const SimdKernels *set : sets()) {
            float sum = 0;
            set->int8Products(x.data(), k, 1, w.data(), k, 1, k, &sum, 1);
            QCOMPARE(std::bit_cast<std::int32_t>(sum), 255 * value * k);
        }
    }
}

void TestSimdKernels::setsDequantizeAlike()
{
    Random random(11);
    for (const int count : counts) {
        for (const bool biased : {false, true}) {
            const RowQuantization row{0.037F, random.integer(0, 255)};
            const std::vector<float> scales = random.normals(count, 0.01F);
            const std::vector<float> biases = random.normals(count);
            std::vector<std::int32_t> columnSums;
            std::vector<float> sums;
            std::vector<double> expected;
            for (std::size_t n = 0; n < static_cast<std::size_t>(count); ++n) {
                columnSums.push_back(random.integer(-8000000, 8000000));
                const std::int32_t sum = random.integer(-100000000, 100000000);
                sums.push_back(std::bit_cast<float>(sum));
                expected.push_back(static_cast<double>(row.scale) * scales[n] * (sum - row.zeroPoint * columnSums[n]) +
                                   (biased ? biases[n] : 0));
            }
            sums.push_back(77);
            std::vector<float> portable = sums;
            const float *bias = biased ? biases.data() : nullptr;
            simdKernels().dequantizeRow(row, count, scales.data(), columnSums.data(), bias, sums.data());
            portableKernels().dequantizeRow(row, count, scales.data(), columnSums.data(), bias, portable.data());
            QCOMPARE(sums, portable);
            QCOMPARE(sums.back(), 77.0F);
            QVERIFY(relativeError(sums.data(), expected) < 1e-6);
        }
    }
}

void TestSimdKernels::geluIsExact()
{
    std::vector<float> x;
    for (int i = -80000; i <= 80000; ++i)
        x.push_back(static_cast<float>(i) * 1e-4F);
    for (const SimdKernels *set : sets()) {
        std::vector<float> y = x;
        set->gelu(y.data(), static_cast<std::int64_t>(y.size()));
        double error = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double value = x[i];
            error = std::max(error, std::abs(y[i] - 0.5 * value * std::erfc(-value / std::numbers::sqrt2)));
        }
        QVERIFY2(error < 1e-6, qPrintable(QString("%1: %2").arg(set->name).arg(error)));
    }
}

void TestSimdKernels::otherActivations()
{
    std::vector<float> x;
    for (int i = -8000; i <= 8000; ++i)
        x.push_back(static_cast<float>(i) * 1e-3F);
    for (const SimdKernels *set : sets()) {
        std::vector<float> tanhForm = x;
        std::vector<float> quick = x;
        set->geluTanh(tanhForm.data(), static_cast<std::int64_t>(x.size()));
        set->quickGelu(quick.data(), static_cast<std::int64_t>(x.size()));
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double value = x[i];
            const double inner = std::sqrt(2 / std::numbers::pi) * (value + 0.044715 * value * value * value);
            QVERIFY(std::abs(tanhForm[i] - 0.5 * value * (1 + std::tanh(inner))) < 1e-6);
            QVERIFY(std::abs(quick[i] - value / (1 + std::exp(-1.702 * value))) < 1e-6);
        }
    }
}

void TestSimdKernels::activationsAtTheEnds()
{
    for (const SimdKernels *set : sets()) {
        for (const auto kernel : {set->gelu, set->geluTanh, set->quickGelu}) {
            for (const int count : counts) {
                std::vector<float> x(static_cast<std::size_t>(count) + 1, 100.0F);
                kernel(x.data(), count);
                QCOMPARE(x, std::vector<float>(x.size(), 100.0F)); // saturated, and nothing beyond the end
            }
            std::vector<float> x{-100.0F, -1e30F, 1e30F, std::numeric_limits<float>::infinity(),
                                 std::numeric_limits<float>::quiet_NaN()};
            kernel(x.data(), 5);
            QVERIFY(std::abs(x[0]) < 1e-30F);
            QVERIFY(std::abs(x[1]) < 1e-6F);
            QCOMPARE(x[2], 1e30F);
            QCOMPARE(x[3], std::numeric_limits<float>::infinity());
            QVERIFY(std::isnan(x[4]));
        }
    }
}

void TestSimdKernels::layerNormNormalizes()
{
    Random random(9);
    for (const SimdKernels *set : sets()) {
        for (const int count : {1, 2, 7, 8, 33, 192, 1281}) {
            std::vector<float> x = random.normals(count);
            std::for_each(x.begin(), x.end(), [](float &value) { value += 1000; }); // one pass would lose this
            const std::vector<float> gamma = random.normals(count);
            const std::vector<float> beta = random.normals(count);
            double mean = 0;
            for (const float value : x)
                mean += value / static_cast<double>(count);
            double variance = 0;
            for (const float value : x)
                variance += (value - mean) * (value - mean) / count;
            std::vector<double> expected;
            for (std::size_t i = 0; i < x.size(); ++i)
                expected.push_back((x[i] - mean) / std::sqrt(variance + 1e-6) * gamma[i] + beta[i]);
            std::vector<float> y(x.size() + 1, 77.0F);
            set->layerNormRow(x.data(), count, gamma.data(), beta.data(), 1e-6F, y.data());
            QCOMPARE(y.back(), 77.0F);
            QVERIFY(count == 1 || relativeError(y.data(), expected) < 2e-4); // x itself is known to 6e-5
            set->layerNormRow(x.data(), count, gamma.data(), beta.data(), 1e-6F, x.data());
            y.pop_back();
            QCOMPARE(x, y); // in place
        }
        const std::vector<float> same(50, 3.0F);
        const std::vector<float> gamma(50, 2.0F);
        std::vector<float> beta = random.normals(50);
        std::vector<float> y(50);
        set->layerNormRow(same.data(), 50, gamma.data(), beta.data(), 1e-6F, y.data());
        for (std::size_t i = 0; i < y.size(); ++i)
            QVERIFY(std::abs(y[i] - beta[i]) < 1e-3F); // no variance: eps keeps it finite
    }
}

void TestSimdKernels::softmaxIsExact()
{
    Random random(10);
    for (const SimdKernels *set : sets()) {
        for (const int count : {1, 2, 7, 8, 9, 17, 197, 1000}) {
            std::vector<float> x = random.normals(count, 5);
            std::vector<double> expected;
            double sum = 0;
            for (const float value : x)
                sum += std::exp(static_cast<double>(value));
            for (const float value : x)
                expected.push_back(std::exp(static_cast<double>(value)) / sum);
            std::vector<float> y(x.size() + 1, 77.0F);
            set->softmaxRow(x.data(), count, y.data());
            QCOMPARE(y.back(), 77.0F);
            y.pop_back();
            for (std::size_t i = 0; i < x.size(); ++i) // x - max is rounded: half a unit in 32 is 2e-6
                QVERIFY(std::abs(y[i] - expected[i]) <= 3e-6 * expected[i]);
            set->softmaxRow(x.data(), count, x.data());
            QCOMPARE(x, y); // in place
        }
        set->softmaxRow(nullptr, 0, nullptr);
        // Differences that are exact in FP32 leave the exponential's own error.
        std::vector<float> exact{0.0F, -0.25F, -1.0F, -3.5F, -17.0F, -0.125F, -10.0F, -60.0F, -5.0F};
        std::vector<float> y(exact.size());
        double sum = 0;
        for (const float value : exact)
            sum += std::exp(static_cast<double>(value));
        set->softmaxRow(exact.data(), 9, y.data());
        for (std::size_t i = 0; i < exact.size(); ++i)
            QVERIFY(std::abs(y[i] * sum / std::exp(static_cast<double>(exact[i])) - 1) < 3.5e-7);
    }
}

void TestSimdKernels::softmaxOfHugeValues()
{
    for (const SimdKernels *set : sets()) {
        std::vector<float> x{3e38F, 3e38F, -3e38F, 0.0F, 3e38F, -3e38F, 0.0F, 1.0F, 3e38F};
        set->softmaxRow(x.data(), 9, x.data());
        QCOMPARE(x[0], 0.25F);
        QCOMPARE(x[8], 0.25F);
        QVERIFY(x[2] >= 0 && x[2] < 1e-30F);
        std::vector<float> tainted{1.0F, 2.0F, std::numeric_limits<float>::quiet_NaN(), 0.0F};
        set->softmaxRow(tainted.data(), 4, tainted.data());
        QVERIFY(std::isnan(tainted[0]));
    }
}

QTEST_APPLESS_MAIN(TestSimdKernels)
#include "tst_simdkernels.moc"
