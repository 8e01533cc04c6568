#pragma once

#include "engine/kernels/linear.h"

namespace edgeflex {

// W in FP32, in panels.
class LinearFp32 : public Linear
{
public:
    LinearFp32(const LinearWeights &weights, const ExecutionTarget &target, const SimdKernels &kernels);
    void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const override;
    std::string implementation() const override;

private:
    HostBuffer m_values;
};

} // namespace edgeflex
