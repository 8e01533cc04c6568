#pragma once

#include "engine/kernels/linear.h"

namespace edgeflex {

// BF16 weights and inputs, products in BF16 accumulated in FP32; for sets of kernels that have them.
class LinearBf16 : public Linear
{
public:
    using Linear::Linear;
    void prepare(const float *x, std::int64_t row, const LinearInput &to) const override;
    void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const override;
    std::string implementation() const override;
};

} // namespace edgeflex
