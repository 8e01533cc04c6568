#pragma once

#include "engine/kernels/simdkernels.h"

#include <cstdint>

namespace edgeflex {

// One row of FP32 as BF16 products read it: bf16(x * scale), `scale` null for none, then 0 up to `stride` values.
void roundRow(const SimdKernels &kernels, const float *x, const float *scale, std::int64_t count, std::int64_t stride,
              std::uint16_t *to);

} // namespace edgeflex
