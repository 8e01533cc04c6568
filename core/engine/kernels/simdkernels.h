#pragma once

#include <cstdint>
#include <vector>

namespace edgeflex {

// How one row of activations was quantized: x is about scale * (q - zeroPoint).
struct RowQuantization
{
    float scale;
    std::int32_t zeroPoint;
};

// Weights are packed in panels of this many outputs, the last as wide as what is left. In a panel, inputs run
// slowest: the values of one input (FP32, FP16), of two (BF16) or of four (INT8) lie together for each output,
// [groups of inputs][width][values of a group], so that a register holds one group of many outputs. Inputs
// that are missing in the last group are 0.
inline constexpr std::int64_t panelOutputs = 32;

// Where the products of a panel go: y [rows, width], row-major.
struct PanelOutput
{
    float *y;
    std::int64_t stride;
    const float *bias; // [width] added to the products, or null
    bool accumulate;   // the products are added to what y holds
    // Applied in place to a row of y once it is complete, or null.
    void (*activation)(float *x, std::int64_t count);
    // The weights that are needed next, to be fetched into the cache meanwhile; null where that is not known.
    const void *next = nullptr;
    std::int64_t nextBytes = 0;
};

// The inner loops that gain from wide registers, single-threaded, one set for each instruction set. Arrays may
// have any alignment, counts any value from 0. Sets differ in speed; in results only where a comment says so.
struct SimdKernels
{
    const char *name;    // for people: "AVX-512 BF16", "AVX-512 VNNI", "AVX2" or "portable"
    bool int8DotProduct; // int8Panel has instructions of its own

    // Conversions, rounding to nearest even; exactly equal in every set (but for the payloads of NaN).
    void (*halfToFloat)(const std::uint16_t *from, std::int64_t count, float *to);
    void (*floatToHalf)(const float *from, std::int64_t count, std::uint16_t *to);
    void (*bfloat16ToFloat)(const std::uint16_t *from, std::int64_t count, float *to);
    void (*floatToBfloat16)(const float *from, std::int64_t count, std::uint16_t *to);
    // to[i] = scale * (q[i] - zeroPoint) for 4-bit q, low nibble first. Exact when scale is a half.
    void (*unpackInt4)(const std::uint8_t *from, std::int64_t count, float scale, float zeroPoint, float *to);
    // One group of a panel: values [inputs, (width + 1) / 2], where the low nibbles of a row are its first outputs
    // and the high nibbles the others; scales [width] halves and zero points [(width + 1) / 2] alike
    // -> to [inputs, width], to[i][n] = scales[n] * (q[i][n] - zeroPoints[n]), exactly.
    void (*unpackInt4Panel)(const std::uint8_t *values, std::int64_t inputs, std::int64_t width,
                            const std::uint16_t *scales, const std::uint8_t *zeroPoints, float *to);

    // Asymmetric 8-bit quantization of x * inputScale (inputScale may be null) over a range that includes 0.
    // A NaN or an infinity among the values makes the scale NaN. Exactly equal in every set.
    RowQuantization (*quantizeRow)(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q);

    // y = x [rows, k] * panel [k, width], width up to panelOutputs; strides in values. Sets agree to rounding.
    void (*floatPanel)(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                       std::int64_t width, std::int64_t k, const PanelOutput &to);
    // The same in BF16, accumulated in FP32: x [rows, 2 * pairs], panel [pairs, width, 2]. Null where the CPU has no
    // such products.
    void (*bfloat16Panel)(const std::uint16_t *x, std::int64_t ldx, std::int64_t rows, const std::uint16_t *panel,
                          std::int64_t width, std::int64_t pairs, const PanelOutput &to);
    // A panel for those products, null with them, rounded to nearest even. Of rows: x [width, k] * factor, each row an
    // output. Of columns: x [k, width], each column an output.
    void (*packBfloat16Rows)(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k, float factor,
                             std::uint16_t *to);
    void (*packBfloat16Columns)(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k,
                                std::uint16_t *to);
    // exponentials() rounded to BF16, null with them; y may begin where x does.
    float (*bfloat16Exponentials)(const float *x, std::int64_t count, std::uint16_t *y);
    // Products in 8 bits: x u8 [rows, 4 * quads], panel s8 [quads, width, 4]. With sum the exact 32-bit sum of
    // products (4 * quads <= 65536), a value is
    //   rowsOfX[r].scale * (scales[n] * (sum - rowsOfX[r].zeroPoint * columnSums[n])) + bias[n]
    // Exactly equal in every set but for the activation.
    void (*int8Panel)(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
                      const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
                      const std::int32_t *columnSums, const PanelOutput &to);

    // to [columns, ldto] = x [rows, columns] transposed and multiplied by `factor`.
    void (*transpose)(const float *x, std::int64_t ldx, std::int64_t rows, std::int64_t columns, float factor,
                      float *to, std::int64_t ldto);

    // In place; sets agree to 1e-6 absolute where |x| <= 8 and to a few units in the last place beyond.
    void (*gelu)(float *x, std::int64_t count);
    void (*geluTanh)(float *x, std::int64_t count);
    void (*quickGelu)(float *x, std::int64_t count);
    // One row; sets agree to rounding. y may be x.
    void (*layerNormRow)(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps,
                         float *y);
    void (*softmaxRow)(const float *x, std::int64_t count, float *y);
    // y = e^(x - the largest x); returns 1 / the sum of y, the factor that is left of a softmax. y may be x.
    float (*exponentials)(const float *x, std::int64_t count, float *y);
    // x *= factor
    void (*scale)(float *x, std::int64_t count, float factor);
};

// The best set for this CPU.
const SimdKernels &simdKernels();
// Standard C++, for any CPU.
const SimdKernels &portableKernels();
// Every set this CPU can run, the best first and the portable one last.
std::vector<const SimdKernels *> availableKernels();

} // namespace edgeflex
