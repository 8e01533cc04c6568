#include "engine/kernels/bfloat16rows.h"

#include <algorithm>
#include <array>

namespace edgeflex {

namespace {

// bf16(x * scale), a few values at a time so that the products need no memory.
void scaleAndRound(const SimdKernels &kernels, const float *x, const float *scale, std::int64_t count,
                   std::uint16_t *to)
{
    std::array<float, 256> products;
    constexpr auto most = static_cast<std::int64_t>(products.size());
    for (std::int64_t start = 0; start < count; start += most) {
        const std::int64_t length = std::min(most, count - start);
        for (std::int64_t i = 0; i < length; ++i)
            products[static_cast<std::size_t>(i)] = x[start + i] * scale[start + i];
        kernels.floatToBfloat16(products.data(), length, to + start);
    }
}

} // namespace

void roundRow(const SimdKernels &kernels, const float *x, const float *scale, std::int64_t count, std::int64_t stride,
              std::uint16_t *to)
{
    if (scale)
        scaleAndRound(kernels, x, scale, count, to);
    else
        kernels.floatToBfloat16(x, count, to);
    std::fill(to + count, to + stride, std::uint16_t{0});
}

} // namespace edgeflex
