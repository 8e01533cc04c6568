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

void int8Products(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const std::int8_t *w, std::int64_t ldw,
                  std::int64_t outputs, std::int64_t k, float *sums, std::int64_t ldsums)
{
    for (std::int64_t row = 0; row < rows; ++row) {
        for (std::int64_t output = 0; output < outputs; ++output) {
            const std::uint8_t *a = x + row * ldx;
            const std::int8_t *b = w + output * ldw;
            std::int32_t sum = 0;
            for (std::int64_t i = 0; i < k; ++i)
                sum += static_cast<std::int16_t>(a[i]) * static_cast<std::int16_t>(b[i]);
            sums[row * ldsums + output] = std::bit_cast<float>(sum);
        }
    }
}

void dequantizeRow(const RowQuantization &row, std::int64_t count, const float *scales, const std::int32_t *columnSums,
                   const float *bias, float *sums)
{
    for (std::int64_t n = 0; n < count; ++n) {
        const auto sum = std::bit_cast<std::int32_t>(sums[n]) - row.zeroPoint * columnSums[n];
        sums[n] = row.scale * (scales[n] * static_cast<float>(sum));
    }
    if (bias)
        for (std::int64_t n = 0; n < count; ++n)
            sums[n] += bias[n];
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

void softmaxRow(const float *x, std::int64_t count, float *y)
{
    if (count == 0)
        return;
    const float high = *std::max_element(x, x + count);
    for (std::int64_t i = 0; i < count; ++i)
        y[i] = std::exp(x[i] - high);
    const float factor = 1 / stableSum(count, [y](std::int64_t i) { return y[i]; });
    for (std::int64_t i = 0; i < count; ++i)
        y[i] *= factor;
}

} // namespace

const SimdKernels &portableKernels()
{
    static const SimdKernels set{
        .name = "portable",
        .halfToFloat = halvesToFloats,
        .floatToHalf = floatsToHalves,
        .bfloat16ToFloat = bfloat16sToFloats,
        .floatToBfloat16 = floatsToBfloat16s,
        .unpackInt4 = unpackInt4,
        .quantizeRow = quantizeRow,
        .int8Products = int8Products,
        .dequantizeRow = dequantizeRow,
        .gelu = gelu,
        .geluTanh = geluTanh,
        .quickGelu = quickGelu,
        .layerNormRow = layerNormRow,
        .softmaxRow = softmaxRow,
    };
    return set;
}

} // namespace edgeflex
