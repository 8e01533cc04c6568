#pragma once

#include "engine/kernels/linear.h"

namespace edgeflex {

// INT8 weights, symmetric for each output row, and inputs quantized on the fly, asymmetric for each row of x:
//   y = s_x s_w (sum q_x q_w - z_x colsum_w) + bias
// The integer products are exact: every set of kernels gives the same y, bit for bit, but for an activation.
class LinearInt8 : public Linear
{
public:
    LinearInt8(PackedLinear weights, const ExecutionTarget &target, const SimdKernels &kernels);
    void prepare(const float *x, std::int64_t row, const LinearInput &to) const override;
    void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const override;
    std::string implementation() const override;
};

} // namespace edgeflex
