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

std::vector<const SimdKernels *> sets()
{
    return availableKernels();
}

// Widths of a panel and counts of rows that meet every tail of every set's tiles.
constexpr std::array<int, 9> widths{1, 7, 8, 9, 15, 16, 17, 31, 32};

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
    void int4PanelsUnpackExactly();
    void floatPanelsMultiply();
    void bfloat16PanelsMultiply();
    void bfloat16PanelsPack();
    void bfloat16ExponentialsAreRounded();
    void int8PanelsMultiplyAlike();
    void int8PanelsDoNotSaturate();
    void activationsFollowTheProducts();
    void transposes();
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
                const RowQuantization portableRow =
                    portableKernels().quantizeRow(x.data(), inputScale, count, portableQ.data());
                for (const SimdKernels *set : sets()) {
                    const RowQuantization row = set->quantizeRow(x.data(), inputScale, count, q.data());
                    QCOMPARE(std::bit_cast<std::uint32_t>(row.scale), std::bit_cast<std::uint32_t>(portableRow.scale));
                    QCOMPARE(row.zeroPoint, portableRow.zeroPoint);
                    QCOMPARE(q, portableQ); // and none wrote beyond the end
                    QCOMPARE(q.back(), std::uint8_t{77});
                }
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

void TestSimdKernels::int4PanelsUnpackExactly()
{
    Random random(12);
    for (const int width : widths) {
        const int half = (width + 1) / 2;
        constexpr int inputs = 5;
        std::vector<std::uint8_t> values(static_cast<std::size_t>(half * inputs));
        std::vector<std::uint8_t> zeroPoints(static_cast<std::size_t>(half));
        std::vector<std::uint16_t> scales;
        std::generate(values.begin(), values.end(), [&] { return static_cast<std::uint8_t>(random.integer(0, 255)); });
        std::generate(zeroPoints.begin(), zeroPoints.end(),
                      [&] { return static_cast<std::uint8_t>(random.integer(0, 255)); });
        for (int n = 0; n < width; ++n)
            scales.push_back(floatToHalf(random.normal()));
        for (const SimdKernels *set : sets()) {
            std::vector<float> out(static_cast<std::size_t>(inputs * width) + 1, 77.0F);
            set->unpackInt4Panel(values.data(), inputs, width, scales.data(), zeroPoints.data(), out.data());
            QCOMPARE(out.back(), 77.0F);
            const auto level = [half](const std::uint8_t *row, int n) {
                return n < half ? row[n] % 16 : row[n - half] / 16;
            };
            for (int i = 0; i < inputs; ++i)
                for (int n = 0; n < width; ++n)
                    QCOMPARE(out[static_cast<std::size_t>(i * width + n)],
                             halfToFloat(scales[static_cast<std::size_t>(n)]) *
                                 static_cast<float>(level(values.data() + i * half, n) - level(zeroPoints.data(), n)));
        }
    }
}

void TestSimdKernels::floatPanelsMultiply()
{
    Random random(8);
    for (int round = 0; round < 300; ++round) {
        const int width = round % 3 == 0 ? 32 : random.integer(1, 32);
        const int rows = random.integer(1, 40);
        const int k = random.integer(1, 70);
        const int ldx = k + random.integer(0, 3);
        const int ldpanel = width + random.integer(0, 3);
        const int stride = width + random.integer(0, 3);
        const bool accumulate = round % 2 == 0;
        const bool biased = round % 4 < 2;
        const std::vector<float> x = random.normals(rows * ldx);
        const std::vector<float> panel = random.normals(k * ldpanel);
        const std::vector<float> bias = random.normals(width);
        const std::vector<float> before = random.normals(rows * stride);
        std::vector<double> expected(before.begin(), before.end());
        for (int row = 0; row < rows; ++row) {
            for (int n = 0; n < width; ++n) {
                double &value = expected[static_cast<std::size_t>(row * stride + n)];
                value = (accumulate ? value : 0) + (biased ? bias[static_cast<std::size_t>(n)] : 0);
                for (int i = 0; i < k; ++i)
                    value += static_cast<double>(x[static_cast<std::size_t>(row * ldx + i)]) *
                             panel[static_cast<std::size_t>(i * ldpanel + n)];
            }
        }
        for (const SimdKernels *set : sets()) {
            std::vector<float> y = before;
            set->floatPanel(x.data(), ldx, rows, panel.data(), ldpanel, width, k,
                            {y.data(), stride, biased ? bias.data() : nullptr, accumulate, nullptr});
            QVERIFY(relativeError(y.data(), expected) < 1e-6);
            for (int row = 0; row < rows; ++row)
                for (int n = width; n < stride; ++n)
                    QCOMPARE(y[static_cast<std::size_t>(row * stride + n)],
                             before[static_cast<std::size_t>(row * stride + n)]);
        }
    }
}

void TestSimdKernels::bfloat16PanelsMultiply()
{
    Random random(13);
    bool any = false;
    for (const SimdKernels *set : sets()) {
        if (!set->bfloat16Panel)
            continue;
        any = true;
        for (const int width : widths) {
            const int rows = random.integer(1, 30);
            const int pairs = random.integer(1, 40);
            const auto rounded = [&random](int count) {
                std::vector<std::uint16_t> values;
                for (int i = 0; i < count; ++i)
                    values.push_back(floatToBfloat16(random.normal()));
                return values;
            };
            const std::vector<std::uint16_t> x = rounded(rows * 2 * pairs);
            const std::vector<std::uint16_t> panel = rounded(2 * pairs * width);
            std::vector<double> expected;
            for (int row = 0; row < rows; ++row) {
                for (int n = 0; n < width; ++n) {
                    double sum = 0;
                    for (int i = 0; i < 2 * pairs; ++i)
                        sum += static_cast<double>(bfloat16ToFloat(x[static_cast<std::size_t>(row * 2 * pairs + i)])) *
                               bfloat16ToFloat(panel[static_cast<std::size_t>((i / 2 * width + n) * 2 + i % 2)]);
                    expected.push_back(sum);
                }
            }
            std::vector<float> y(expected.size());
            set->bfloat16Panel(x.data(), 2 * pairs, rows, panel.data(), width, pairs,
                               {y.data(), width, nullptr, false, nullptr});
            QVERIFY(relativeError(y.data(), expected) < 1e-6);
        }
    }
    if (!any)
        QSKIP("this CPU has no BF16 products");
}

// Every value where a panel has it, every one that is missing 0, and nothing written beyond.
void TestSimdKernels::bfloat16PanelsPack()
{
    constexpr std::uint16_t mark = 0x5a5a;
    Random random(31);
    for (const SimdKernels *set : sets()) {
        if (!set->bfloat16Panel)
            continue;
        for (const int width : widths) {
            for (const int k : {1, 2, 15, 16, 31, 33, 64, 65}) {
                const std::int64_t even = (k + 1) / 2 * 2;
                const auto verify = [&](const std::vector<std::uint16_t> &panel, const auto &expected) {
                    for (std::int64_t i = 0; i < even; ++i)
                        for (std::int64_t n = 0; n < width; ++n) {
                            const std::uint16_t value =
                                panel[static_cast<std::size_t>((i / 2 * width + n) * 2 + i % 2)];
                            QCOMPARE(value, i < k ? floatToBfloat16(expected(n, i)) : std::uint16_t{0});
                        }
                    QCOMPARE(panel.back(), mark);
                };
                std::vector<std::uint16_t> panel(static_cast<std::size_t>(even * width + 1), mark);
                const std::vector<float> rows = random.normals(width * (k + 3));
                set->packBfloat16Rows(rows.data(), k + 3, width, k, 0.3F, panel.data());
                verify(panel, [&](std::int64_t n, std::int64_t i) {
                    return rows[static_cast<std::size_t>(n * (k + 3) + i)] * 0.3F;
                });
                std::fill(panel.begin(), panel.end(), mark);
                const std::vector<float> columns = random.normals(k * (width + 5));
                set->packBfloat16Columns(columns.data(), width + 5, width, k, panel.data());
                verify(panel, [&](std::int64_t n, std::int64_t i) {
                    return columns[static_cast<std::size_t>(i * (width + 5) + n)];
                });
            }
        }
    }
}

void TestSimdKernels::bfloat16ExponentialsAreRounded()
{
    Random random(32);
    for (const SimdKernels *set : sets()) {
        if (!set->bfloat16Panel)
            continue;
        for (const int count : counts) {
            if (count == 0)
                continue;
            const std::vector<float> x = random.normals(count, 5);
            const float high = *std::max_element(x.begin(), x.end());
            double sum = 0;
            for (const float value : x)
                sum += std::exp(static_cast<double>(value - high));
            std::vector<float> inPlace = x;
            auto *y = reinterpret_cast<std::uint16_t *>(inPlace.data());
            const float factor = set->bfloat16Exponentials(inPlace.data(), count, y);
            QVERIFY(std::abs(factor * sum - 1) < 1e-4);
            for (int i = 0; i < count; ++i) {
                const double expected = std::exp(static_cast<double>(x[static_cast<std::size_t>(i)] - high));
                QVERIFY(std::abs(bfloat16ToFloat(y[i]) - expected) <= expected * (0x1p-8 + 1e-4));
            }
        }
        std::vector<float> tainted{1, std::numeric_limits<float>::quiet_NaN(), 2};
        std::vector<std::uint16_t> y(3);
        QVERIFY(std::isnan(set->bfloat16Exponentials(tainted.data(), 3, y.data())));
    }
}

void TestSimdKernels::int8PanelsMultiplyAlike()
{
    Random random(11);
    for (int round = 0; round < 300; ++round) {
        const int width = round % 3 == 0 ? 32 : random.integer(1, 32);
        const int rows = random.integer(1, 120);
        const int quads = random.integer(1, 90);
        const bool biased = round % 2 == 0;
        const bool accumulate = round % 4 < 2;
        std::vector<std::uint8_t> x(static_cast<std::size_t>(rows * 4 * quads));
        std::vector<std::int8_t> panel(static_cast<std::size_t>(4 * quads * width));
        std::generate(x.begin(), x.end(), [&] { return static_cast<std::uint8_t>(random.integer(0, 255)); });
        std::generate(panel.begin(), panel.end(), [&] { return static_cast<std::int8_t>(random.integer(-128, 127)); });
        std::vector<RowQuantization> rowsOfX;
        for (int row = 0; row < rows; ++row)
            rowsOfX.push_back({0.01F + std::abs(random.normal()), random.integer(0, 255)});
        const std::vector<float> scales = random.normals(width, 0.01F);
        const std::vector<float> bias = random.normals(width);
        std::vector<std::int32_t> columnSums(static_cast<std::size_t>(width));
        for (int i = 0; i < 4 * quads; ++i)
            for (int n = 0; n < width; ++n)
                columnSums[static_cast<std::size_t>(n)] +=
                    panel[static_cast<std::size_t>((i / 4 * width + n) * 4 + i % 4)];
        const std::vector<float> before = random.normals(rows * (width + 1));
        std::vector<float> expected = before;
        for (int row = 0; row < rows; ++row) {
            const RowQuantization &quantization = rowsOfX[static_cast<std::size_t>(row)];
            for (int n = 0; n < width; ++n) {
                const auto at = static_cast<std::size_t>(n);
                std::int32_t sum = 0;
                for (int i = 0; i < 4 * quads; ++i)
                    sum += (x[static_cast<std::size_t>(row * 4 * quads + i)] - quantization.zeroPoint) *
                           panel[static_cast<std::size_t>((i / 4 * width + n) * 4 + i % 4)];
                volatile float value = scales[at] * static_cast<float>(sum); // each step rounded
                value = quantization.scale * value;
                if (biased)
                    value = value + bias[at];
                float &y = expected[static_cast<std::size_t>(row * (width + 1) + n)];
                y = accumulate ? value + y : static_cast<float>(value);
            }
        }
        for (const SimdKernels *set : sets()) {
            std::vector<float> y = before;
            set->int8Panel(x.data(), 4 * quads, rows, rowsOfX.data(), panel.data(), width, quads, scales.data(),
                           columnSums.data(),
                           {y.data(), width + 1, biased ? bias.data() : nullptr, accumulate, nullptr});
            QCOMPARE(y, expected);
        }
    }
}

void TestSimdKernels::int8PanelsDoNotSaturate()
{
    constexpr int k = 65536;
    const std::vector<std::uint8_t> x(k, 255);
    const RowQuantization row{1, 0};
    const float one = 1;
    for (const int value : {127, -128}) {
        const std::vector<std::int8_t> panel(k, static_cast<std::int8_t>(value));
        const std::int32_t columnSum = value * k;
        for (const SimdKernels *set : sets()) {
            float sum = 0;
            set->int8Panel(x.data(), k, 1, &row, panel.data(), 1, k / 4, &one, &columnSum,
                           {&sum, 1, nullptr, false, nullptr});
            QCOMPARE(sum, static_cast<float>(255 * value * k));
        }
    }
}

void TestSimdKernels::activationsFollowTheProducts()
{
    Random random(14);
    const std::vector<float> x = random.normals(13 * 6);
    const std::vector<float> panel = random.normals(6 * 20);
    const std::vector<float> bias = random.normals(20);
    for (const SimdKernels *set : sets()) {
        std::vector<float> fused(13 * 20);
        std::vector<float> apart(fused.size());
        set->floatPanel(x.data(), 6, 13, panel.data(), 20, 20, 6, {fused.data(), 20, bias.data(), false, set->gelu});
        set->floatPanel(x.data(), 6, 13, panel.data(), 20, 20, 6, {apart.data(), 20, bias.data(), false, nullptr});
        for (int row = 0; row < 13; ++row)
            set->gelu(apart.data() + row * 20, 20);
        QCOMPARE(fused, apart);
    }
}

void TestSimdKernels::transposes()
{
    Random random(15);
    for (const SimdKernels *set : sets()) {
        for (int round = 0; round < 60; ++round) {
            const int rows = random.integer(1, 50);
            const int columns = random.integer(1, 50);
            const std::vector<float> x = random.normals(rows * (columns + 2));
            std::vector<float> y(static_cast<std::size_t>(columns * (rows + 3)), 77.0F);
            set->transpose(x.data(), columns + 2, rows, columns, 0.5F, y.data(), rows + 3);
            for (int column = 0; column < columns; ++column)
                for (int row = 0; row < rows + 3; ++row)
                    QCOMPARE(y[static_cast<std::size_t>(column * (rows + 3) + row)],
                             row < rows ? 0.5F * x[static_cast<std::size_t>(row * (columns + 2) + column)] : 77.0F);
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
