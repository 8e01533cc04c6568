#pragma once

#include "engine/kernels/linearweights.h"
#include "plan/executiontarget.h"

#include <cstdint>
#include <memory>

namespace edgeflex {

// What the machine can do, with `threads` OpenMP threads (0: one per core).
ExecutionTarget detectTarget(int threads);

// A linear layer ready to execute in its format. Immutable; forward() may be called from several threads.
// The constructor's allocations are exactly weightBytes(spec); forward()'s scratch is exactly
// scratchBytes(spec, rows, target), both through the host allocator, one allocation an array:
//   FP32        values; scratch: none. An input scale is multiplied into the values.
//   FP16, BF16  values; scratch: one panel of min(unpackPanelRows, N) rows of W in FP32,
//               or for BF16 products the input in BF16
//   INT8        values, scales, column sums; scratch: the quantized input, scale and zero point of its rows
//   INT4        values, scales, zero points; scratch: one panel
// and for each the bias and the input scale where present.
class Linear
{
public:
    virtual ~Linear() = default;
    // y [rows, N] = W (x * inputScale) + bias, x [rows, K], both FP32 row-major, not overlapping.
    // Parallel over target.threads OpenMP threads.
    virtual void forward(const float *x, std::int64_t rows, float *y) const = 0;
    // Name of what executes, e.g. "INT8 AVX2" or "FP16 stored, FP32 jit:avx2".
    virtual std::string implementation() const = 0;
    const LinearSpec &spec() const { return m_spec; }

protected:
    explicit Linear(LinearSpec spec) : m_spec(std::move(spec)) {}

private:
    LinearSpec m_spec;
};

// Copies the weights once into execution layout. Throws Error naming the layer when a weight, scale or
// bias is NaN or infinite.
std::unique_ptr<Linear> makeLinear(const LinearWeights &weights, const ExecutionTarget &target);

} // namespace edgeflex
