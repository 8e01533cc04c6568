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
RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q);
void int8Products(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const std::int8_t *w, std::int64_t ldw,
                  std::int64_t outputs, std::int64_t k, float *sums, std::int64_t ldsums);
void dequantizeRow(const RowQuantization &row, std::int64_t count, const float *scales, const std::int32_t *columnSums,
                   const float *bias, float *sums);
void gelu(float *x, std::int64_t count);
void geluTanh(float *x, std::int64_t count);
void quickGelu(float *x, std::int64_t count);
void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y);
void softmaxRow(const float *x, std::int64_t count, float *y);

} // namespace edgeflex::avx2
