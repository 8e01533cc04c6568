#pragma once

#include <cstdint>

namespace edgeflex {

// How one row of activations was quantized: x is about scale * (q - zeroPoint).
struct RowQuantization
{
    float scale;
    std::int32_t zeroPoint;
};

// The inner loops that gain from wide registers, single-threaded, one set for each instruction set. Arrays may
// have any alignment, counts any value from 0. Sets differ in speed; in results only where a comment says so.
struct SimdKernels
{
    const char *name; // for people: "AVX2" or "portable"

    // Conversions, rounding to nearest even; exactly equal in every set (but for the payloads of NaN).
    void (*halfToFloat)(const std::uint16_t *from, std::int64_t count, float *to);
    void (*floatToHalf)(const float *from, std::int64_t count, std::uint16_t *to);
    void (*bfloat16ToFloat)(const std::uint16_t *from, std::int64_t count, float *to);
    void (*floatToBfloat16)(const float *from, std::int64_t count, std::uint16_t *to);
    // to[i] = scale * (q[i] - zeroPoint) for 4-bit q, low nibble first. Exact when scale is a half.
    void (*unpackInt4)(const std::uint8_t *from, std::int64_t count, float scale, float zeroPoint, float *to);

    // Asymmetric 8-bit quantization of x * inputScale (inputScale may be null) over a range that includes 0.
    // A NaN or an infinity among the values makes the scale NaN. Exactly equal in every set.
    RowQuantization (*quantizeRow)(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q);
    // sums [rows, outputs] = x u8 [rows, k] * w s8 [outputs, k]^T, 32-bit integers stored in the bits of
    // floats, exact for k <= 65536. Leading dimensions in elements.
    void (*int8Products)(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const std::int8_t *w,
                         std::int64_t ldw, std::int64_t outputs, std::int64_t k, float *sums, std::int64_t ldsums);

    // Turns the sums of one row, outputs [0, count), into values, in place:
    //   row.scale * (scales[n] * (sum[n] - row.zeroPoint * columnSums[n])) + bias[n]; bias may be null.
    // Exactly equal in every set.
    void (*dequantizeRow)(const RowQuantization &row, std::int64_t count, const float *scales,
                          const std::int32_t *columnSums, const float *bias, float *sums);

    // In place; sets agree to 1e-6 absolute where |x| <= 8 and to a few units in the last place beyond.
    void (*gelu)(float *x, std::int64_t count);
    void (*geluTanh)(float *x, std::int64_t count);
    void (*quickGelu)(float *x, std::int64_t count);
    // One row; sets agree to rounding. y may be x.
    void (*layerNormRow)(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps,
                         float *y);
    void (*softmaxRow)(const float *x, std::int64_t count, float *y);
};

// The best set for this CPU.
const SimdKernels &simdKernels();
// Standard C++, for any CPU.
const SimdKernels &portableKernels();

} // namespace edgeflex
