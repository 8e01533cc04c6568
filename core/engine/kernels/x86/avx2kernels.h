#pragma once

#include "engine/kernels/simdkernels.h"

// The set for x86-64 CPUs with AVX2, FMA and F16C (2013 and later). The files that define these functions
// are compiled for those instructions, so they use no inline function of the standard library: the linker
// could keep that copy for the whole program.
namespace edgeflex::avx2 {

bool supported();
const SimdKernels &kernels();

void halfToFloat(const std::uint16_t *from, std::int64_t count, float *to);
void floatToHalf(const float *from, std::int64_t count, std::uint16_t *to);
void bfloat16ToFloat(const std::uint16_t *from, std::int64_t count, float *to);
void floatToBfloat16(const float *from, std::int64_t count, std::uint16_t *to);
void unpackInt4(const std::uint8_t *from, std::int64_t count, float scale, float zeroPoint, float *to);
void unpackInt4Panel(const std::uint8_t *values, std::int64_t inputs, std::int64_t width, const std::uint16_t *scales,
                     const std::uint8_t *zeroPoints, float *to);
void floatPanel(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                std::int64_t width, std::int64_t k, const PanelOutput &to);
void int8Panel(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
               const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
               const std::int32_t *columnSums, const PanelOutput &to);
RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q);
void gelu(float *x, std::int64_t count);
void geluTanh(float *x, std::int64_t count);
void quickGelu(float *x, std::int64_t count);
void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y);
void softmaxRow(const float *x, std::int64_t count, float *y);
float exponentials(const float *x, std::int64_t count, float *y);
void scale(float *x, std::int64_t count, float factor);

} // namespace edgeflex::avx2
