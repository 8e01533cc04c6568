#pragma once

#include "engine/kernels/linear.h"

namespace edgeflex {

// W in FP32, in panels.
class LinearFp32 : public Linear
{
public:
    using Linear::Linear;
    void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const override;
    std::string implementation() const override;
};

} // namespace edgeflex
