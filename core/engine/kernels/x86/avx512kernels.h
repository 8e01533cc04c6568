#pragma once

#include "engine/kernels/simdkernels.h"

// The set for x86-64 CPUs with AVX-512 (F, BW, DQ, VL) and its 8-bit dot products (VNNI): Intel since 2019, AMD
// since 2022; BF16 products where the CPU has them. As in avx2kernels.h, the files that define these functions use
// no inline function of the standard library.
namespace edgeflex::avx512 {

bool supported();
const SimdKernels &kernels();

void halfToFloat(const std::uint16_t *from, std::int64_t count, float *to);
void floatToBfloat16(const float *from, std::int64_t count, std::uint16_t *to);
void unpackInt4Panel(const std::uint8_t *values, std::int64_t inputs, std::int64_t width, const std::uint16_t *scales,
                     const std::uint8_t *zeroPoints, float *to);
void floatPanel(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                std::int64_t width, std::int64_t k, const PanelOutput &to);
void bfloat16Panel(const std::uint16_t *x, std::int64_t ldx, std::int64_t rows, const std::uint16_t *panel,
                   std::int64_t width, std::int64_t pairs, const PanelOutput &to);
void packBfloat16Rows(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k, float factor,
                      std::uint16_t *to);
void packBfloat16Columns(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k, std::uint16_t *to);
float bfloat16Exponentials(const float *x, std::int64_t count, std::uint16_t *y);
void int8Panel(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
               const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
               const std::int32_t *columnSums, const PanelOutput &to);
void transpose(const float *x, std::int64_t ldx, std::int64_t rows, std::int64_t columns, float factor, float *to,
               std::int64_t ldto);
RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q);
void gelu(float *x, std::int64_t count);
void geluTanh(float *x, std::int64_t count);
void quickGelu(float *x, std::int64_t count);
void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y);
void softmaxRow(const float *x, std::int64_t count, float *y);
float exponentials(const float *x, std::int64_t count, float *y);
void scale(float *x, std::int64_t count, float factor);

} // namespace edgeflex::avx512
