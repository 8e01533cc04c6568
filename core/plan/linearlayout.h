#pragma once

#include "plan/executiontarget.h"
#include "plan/modelspec.h"

#include <cstdint>

namespace edgeflex {

// Sizes of linear layers in memory. The kernels allocate exactly these, so that a schedule's
// predicted peak is the allocator's. Every array is rounded up to 64 bytes, as the allocator does.

constexpr std::int64_t allocatedBytes(std::int64_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

// Output rows of W that are unpacked to FP32 at a time when the format only stores.
inline constexpr std::int64_t unpackPanelRows = 128;

// Inputs are split into this many INT4 groups; the last may be shorter.
std::int64_t int4Groups(std::int64_t inFeatures, int groupSize);

// Bytes of one layer's parameters as held in memory for execution:
//   FP32 4NK; FP16, BF16 2NK; INT8 NK + 4N scales + 4N column sums;
//   INT4 N ceil(K/2) + 2NG scales + N ceil(G/2) zero points; plus 4N bias, 4K input scale where present.
std::int64_t weightBytes(const LinearSpec &linear);
// The same for the whole model, with norms, tokens and positions in FP32.
std::int64_t weightBytes(const ModelSpec &spec);

// Scratch bytes that a layer's forward pass over `rows` rows of input takes beyond input and output.
std::int64_t scratchBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target);

// Multiply-accumulate operations for `rows` rows.
std::int64_t macs(const LinearSpec &linear, std::int64_t rows);

} // namespace edgeflex
