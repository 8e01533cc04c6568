#include "engine/kernels/simdkernels.h"
#include "engine/tensor/tensor.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>

namespace edgeflex {

namespace {

void halvesToFloats(const std::uint16_t *from, std::int64_t count, float *to)
{
    std::transform(from, from + count, to, halfToFloat);
}

void floatsToHalves(const float *from, std::int64_t count, std::uint16_t *to)
{
    std::transform(from, from + count, to, floatToHalf);
}

void bfloat16sToFloats(const std::uint16_t *from, std::int64_t count, float *to)
{
    std::transform(from, from + count, to, bfloat16ToFloat);
}

void floatsToBfloat16s(const float *from, std::int64_t count, std::uint16_t *to)
{
    std::transform(from, from + count, to, floatToBfloat16);
}

void unpackInt4(const std::uint8_t *from, std::int64_t count, float scale, float zeroPoint, float *to)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const int q = (from[i / 2] >> (i % 2 * 4)) & 0xf;
        to[i] = scale * (static_cast<float>(q) - zeroPoint);
    }
}

// To the nearest integer, ties to even, for |value| < 2^22: the addition leaves no fraction bits.
float roundToNearest(float value)
{
    constexpr float noFraction = 12582912.0F; // 1.5 * 2^23
    return (value + noFraction) - noFraction;
}

RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    float low = 0;
    float high = 0;
    float taint = 0; // NaN once a value is NaN or infinite, else 0
    for (std::int64_t i = 0; i < count; ++i) {
        const float value = inputScale ? x[i] * inputScale[i] : x[i];
        low = value < low ? value : low;
        high = value > high ? value : high;
        taint += value - value;
    }
    float scale = (high - low) / 255.0F;
    if (scale < std::numeric_limits<float>::min())
        scale = 1; // all zero, or too near to it to be divided by
    const float zeroPoint = std::clamp(roundToNearest(-low / scale), 0.0F, 255.0F);
    if (taint != 0) {
        std::fill_n(q, count, std::uint8_t{0});
        return {taint, 0};
    }
    for (std::int64_t i = 0; i < count; ++i) {
        const float value = inputScale ? x[i] * inputScale[i] : x[i];
        const float level = roundToNearest(value / scale) + zeroPoint;
        q[i] = static_cast<std::uint8_t>(static_cast<std::int32_t>(std::clamp(level, 0.0F, 255.0F)));
    }
    return {scale, static_cast<std::int32_t>(zeroPoint)};
}

// The nibbles of one row of a panel: the low ones are its first outputs, the high ones the others.
int levelOf(const std::uint8_t *row, std::int64_t width, std::int64_t output)
{
    const std::int64_t half = (width + 1) / 2;
    return output < half ? row[output] & 0xf : row[output - half] >> 4;
}

void unpackInt4Panel(const std::uint8_t *values, std::int64_t inputs, std::int64_t width, const std::uint16_t *scales,
                     const std::uint8_t *zeroPoints, float *to)
{
    std::array<float, panelOutputs> scale{};
    std::array<float, panelOutputs> zeroPoint{};
    for (std::int64_t n = 0; n < width; ++n) {
        scale[static_cast<std::size_t>(n)] = halfToFloat(scales[n]);
        zeroPoint[static_cast<std::size_t>(n)] = static_cast<float>(levelOf(zeroPoints, width, n));
    }
    for (std::int64_t i = 0; i < inputs; ++i) {
        const std::uint8_t *row = values + i * ((width + 1) / 2);
        for (std::int64_t n = 0; n < width; ++n)
            to[i * width + n] = scale[static_cast<std::size_t>(n)] *
                                (static_cast<float>(levelOf(row, width, n)) - zeroPoint[static_cast<std::size_t>(n)]);
    }
}

// Writes a row of products where they go; `sums` holds panelOutputs values.
void finishRow(const float *sums, std::int64_t row, std::int64_t width, const PanelOutput &to)
{
    float *y = to.y + row * to.stride;
    for (std::int64_t n = 0; n < width; ++n) {
        const float value = to.bias ? sums[n] + to.bias[n] : sums[n];
        y[n] = to.accumulate ? value + y[n] : value;
    }
    if (to.activation)
        to.activation(y, width);
}

// A few rows at a time share what is read of the panel; the loops over outputs have a fixed length where they can,
// so that compilers keep the sums in registers.
constexpr std::int64_t tileRows = 4;

template<std::int64_t Rows>
void floatTile(const float *x, std::int64_t ldx, const float *panel, std::int64_t ldpanel, std::int64_t width,
               std::int64_t k, float (&sums)[tileRows][panelOutputs])
{
    for (std::int64_t row = 0; row < Rows; ++row)
        std::fill_n(sums[row], panelOutputs, 0.0F);
    for (std::int64_t i = 0; i < k; ++i) {
        const float *weights = panel + i * ldpanel;
        for (std::int64_t row = 0; row < Rows; ++row) {
            const float value = x[row * ldx + i];
            if (width == panelOutputs)
                for (std::int64_t n = 0; n < panelOutputs; ++n)
                    sums[row][n] += value * weights[n];
            else
                for (std::int64_t n = 0; n < width; ++n)
                    sums[row][n] += value * weights[n];
        }
    }
}

void floatPanel(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                std::int64_t width, std::int64_t k, const PanelOutput &to)
{
    constexpr decltype(&floatTile<1>) tiles[] = {floatTile<1>, floatTile<2>, floatTile<3>, floatTile<4>};
    for (std::int64_t first = 0; first < rows; first += tileRows) {
        const std::int64_t count = std::min(tileRows, rows - first);
        float sums[tileRows][panelOutputs];
        tiles[count - 1](x + first * ldx, ldx, panel, ldpanel, width, k, sums);
        for (std::int64_t row = 0; row < count; ++row)
            finishRow(sums[row], first + row, width, to);
    }
}

void int8Panel(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
               const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
               const std::int32_t *columnSums, const PanelOutput &to)
{
    for (std::int64_t row = 0; row < rows; ++row) {
        std::array<std::int32_t, panelOutputs> sums{};
        for (std::int64_t quad = 0; quad < quads; ++quad) {
            const std::uint8_t *values = x + row * ldx + 4 * quad;
            const std::int8_t *weights = panel + quad * 4 * width;
            for (std::int64_t n = 0; n < width; ++n)
                for (std::int64_t i = 0; i < 4; ++i)
                    sums[static_cast<std::size_t>(n)] +=
                        static_cast<std::int16_t>(values[i]) * static_cast<std::int16_t>(weights[4 * n + i]);
        }
        std::array<float, panelOutputs> products{};
        for (std::int64_t n = 0; n < width; ++n) {
            const auto at = static_cast<std::size_t>(n);
            const std::int32_t sum = sums[at] - rowsOfX[row].zeroPoint * columnSums[n];
            products[at] = rowsOfX[row].scale * (scales[n] * static_cast<float>(sum));
        }
        finishRow(products.data(), row, width, to);
    }
}

void transpose(const float *x, std::int64_t ldx, std::int64_t rows, std::int64_t columns, float factor, float *to,
               std::int64_t ldto)
{
    constexpr std::int64_t block = 8; // whole cache lines of `to` are filled while they are near
    for (std::int64_t first = 0; first < rows; first += block)
        for (std::int64_t column = 0; column < columns; ++column)
            for (std::int64_t row = first; row < std::min(first + block, rows); ++row)
                to[column * ldto + row] = factor * x[row * ldx + column];
}

void gelu(float *x, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = 0.5F * x[i] * std::erfc(-x[i] * static_cast<float>(std::numbers::sqrt2 / 2));
}

// x times the logistic function of u.
float gated(float x, float u)
{
    return x / (1 + std::exp(-u));
}

void geluTanh(float *x, std::int64_t count)
{
    // 0.5 (1 + tanh u) is the logistic function of 2 u.
    const float factor = 2 * static_cast<float>(std::sqrt(2 / std::numbers::pi));
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = gated(x[i], factor * (x[i] + 0.044715F * x[i] * x[i] * x[i]));
}

void quickGelu(float *x, std::int64_t count)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] = gated(x[i], 1.702F * x[i]);
}

// Sum in several interleaved parts: vectorizes without changing the order, and errs less than a running sum.
template<typename Term>
float stableSum(std::int64_t count, Term term)
{
    constexpr std::int64_t parts = 32;
    std::array<float, parts> sums{};
    std::int64_t i = 0;
    for (; i + parts <= count; i += parts)
        for (std::int64_t part = 0; part < parts; ++part)
            sums[static_cast<std::size_t>(part)] += term(i + part);
    for (std::int64_t part = 0; i < count; ++i, ++part)
        sums[static_cast<std::size_t>(part)] += term(i);
    for (std::size_t half = parts / 2; half > 0; half /= 2)
        for (std::size_t part = 0; part < half; ++part)
            sums[part] += sums[part + half];
    return sums[0];
}

void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y)
{
    const auto n = static_cast<float>(count);
    const float mean = stableSum(count, [x](std::int64_t i) { return x[i]; }) / n;
    const float variance = stableSum(count, [x, mean](std::int64_t i) { return (x[i] - mean) * (x[i] - mean); }) / n;
    const float factor = 1 / std::sqrt(variance + eps);
    for (std::int64_t i = 0; i < count; ++i)
        y[i] = (x[i] - mean) * factor * gamma[i] + beta[i];
}

float exponentials(const float *x, std::int64_t count, float *y)
{
    if (count == 0)
        return 1;
    const float high = *std::max_element(x, x + count);
    for (std::int64_t i = 0; i < count; ++i)
        y[i] = std::exp(x[i] - high);
    return 1 / stableSum(count, [y](std::int64_t i) { return y[i]; });
}

void scale(float *x, std::int64_t count, float factor)
{
    for (std::int64_t i = 0; i < count; ++i)
        x[i] *= factor;
}

void softmaxRow(const float *x, std::int64_t count, float *y)
{
    scale(y, count, exponentials(x, count, y));
}

} // namespace

const SimdKernels &portableKernels()
{
    static const SimdKernels set{
        .name = "portable",
        .int8DotProduct = false,
        .halfToFloat = halvesToFloats,
        .floatToHalf = floatsToHalves,
        .bfloat16ToFloat = bfloat16sToFloats,
        .floatToBfloat16 = floatsToBfloat16s,
        .unpackInt4 = unpackInt4,
        .unpackInt4Panel = unpackInt4Panel,
        .quantizeRow = quantizeRow,
        .floatPanel = floatPanel,
        .bfloat16Panel = nullptr,
        .packBfloat16Rows = nullptr,
        .packBfloat16Columns = nullptr,
        .bfloat16Exponentials = nullptr,
        .int8Panel = int8Panel,
        .transpose = transpose,
        .gelu = gelu,
        .geluTanh = geluTanh,
        .quickGelu = quickGelu,
        .layerNormRow = layerNormRow,
        .softmaxRow = softmaxRow,
        .exponentials = exponentials,
        .scale = scale,
    };
    return set;
}

} // namespace edgeflex
