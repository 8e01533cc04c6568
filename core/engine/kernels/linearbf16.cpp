#include "engine/kernels/linearbf16.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/simdkernels.h"
#include "engine/kernels/threadscope.h"
#include "engine/kernels/weightcopy.h"

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

// bf16(x * scale), a few values at a time so that the products need no memory.
void scaleAndRound(const float *x, const float *scale, std::int64_t count, std::uint16_t *to)
{
    std::array<float, 256> products;
    constexpr auto most = static_cast<std::int64_t>(products.size());
    for (std::int64_t start = 0; start < count; start += most) {
        const std::int64_t length = std::min(most, count - start);
        for (std::int64_t i = 0; i < length; ++i)
            products[static_cast<std::size_t>(i)] = x[start + i] * scale[start + i];
        simdKernels().floatToBfloat16(products.data(), length, to + start);
    }
}

} // namespace

LinearBf16::LinearBf16(const LinearWeights &weights, const ExecutionTarget &target)
    : LinearBase(weights, target), m_values(copyFinite(weights.values, weights.spec, "weights"))
{
}

void LinearBf16::forward(const float *x, std::int64_t rows, float *y) const
{
    if (rows == 0)
        return;
    const ThreadScope scope(threads());
    const std::int64_t k = inFeatures();
    const std::int64_t n = outFeatures();
    HostBuffer scratch(static_cast<std::size_t>(rows * k) * sizeof(std::uint16_t));
    auto *rounded = scratch.as<std::uint16_t>();
#pragma omp parallel for
    for (std::int64_t row = 0; row < rows; ++row) {
        if (inputScale())
            scaleAndRound(x + row * k, inputScale(), k, rounded + row * k);
        else
            simdKernels().floatToBfloat16(x + row * k, k, rounded + row * k);
    }
    gemmBf16(rows, n, k, rounded, m_values.as<std::uint16_t>(), y);
    if (!bias())
        return;
#pragma omp parallel for
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t i = 0; i < n; ++i)
            y[row * n + i] += bias()[i];
}

std::string LinearBf16::implementation() const
{
    return "BF16 oneDNN " + gemmSupport().instructionSet;
}

} // namespace edgeflex
