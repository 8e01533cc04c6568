#pragma once

#include "engine/kernels/simdkernels.h"
#include "plan/modelspec.h"

#include <cstdint>

namespace edgeflex {

// Row-wise FP32 operations, parallel over OpenMP threads. x and y may be the same array.

// y[r] = (x[r] - mean) / sqrt(var + eps) * gamma + beta over `columns`, statistics in FP32 with a two-pass mean.
void layerNorm(const float *x, std::int64_t rows, std::int64_t columns, const float *gamma, const float *beta,
               float eps, float *y);
// The kernel of an activation.
decltype(SimdKernels::gelu) activationKernel(const SimdKernels &kernels, Activation activation);
// In place. Gelu is the exact erf form within 1e-6 absolute.
void activate(float *x, std::int64_t count, Activation activation);
void tanhInPlace(float *x, std::int64_t count);
// x += y
void add(float *x, const float *y, std::int64_t count);
// Softmax over the last dimension; y may be x.
void softmax(const float *x, std::int64_t rows, std::int64_t columns, float *y);

} // namespace edgeflex
