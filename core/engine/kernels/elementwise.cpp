#include "engine/kernels/elementwise.h"

#include "engine/kernels/simdkernels.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::int64_t blockValues = 4096;     // first-level cache
constexpr std::int64_t parallelValues = 32768; // less is done before other threads have woken

// Calls work(start, length) for blocks of `count` values.
template<typename Work>
void inBlocks(std::int64_t count, Work work)
{
#pragma omp parallel for if (count >= parallelValues)
    for (std::int64_t start = 0; start < count; start += blockValues)
        work(start, std::min(blockValues, count - start));
}

} // namespace

void layerNorm(const float *x, std::int64_t rows, std::int64_t columns, const float *gamma, const float *beta,
               float eps, float *y)
{
    const SimdKernels &kernels = simdKernels();
#pragma omp parallel for if (rows * columns >= parallelValues)
    for (std::int64_t row = 0; row < rows; ++row)
        kernels.layerNormRow(x + row * columns, columns, gamma, beta, eps, y + row * columns);
}

decltype(SimdKernels::gelu) activationKernel(const SimdKernels &kernels, Activation activation)
{
    switch (activation) {
    case Activation::GeluTanh:
        return kernels.geluTanh;
    case Activation::QuickGelu:
        return kernels.quickGelu;
    case Activation::Gelu:
        break;
    }
    return kernels.gelu;
}

void activate(float *x, std::int64_t count, Activation activation)
{
    const auto kernel = activationKernel(simdKernels(), activation);
    inBlocks(count, [x, kernel](std::int64_t start, std::int64_t length) { kernel(x + start, length); });
}

void tanhInPlace(float *x, std::int64_t count)
{
    inBlocks(count, [x](std::int64_t start, std::int64_t length) {
        std::transform(x + start, x + start + length, x + start, [](float value) { return std::tanh(value); });
    });
}

void add(float *x, const float *y, std::int64_t count)
{
    inBlocks(count, [x, y](std::int64_t start, std::int64_t length) {
        for (std::int64_t i = start; i < start + length; ++i)
            x[i] += y[i];
    });
}

void softmax(const float *x, std::int64_t rows, std::int64_t columns, float *y)
{
    const SimdKernels &kernels = simdKernels();
#pragma omp parallel for if (rows * columns >= parallelValues)
    for (std::int64_t row = 0; row < rows; ++row)
        kernels.softmaxRow(x + row * columns, columns, y + row * columns);
}

} // namespace edgeflex
