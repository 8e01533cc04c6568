#pragma once

#include "engine/kernels/linearbase.h"

namespace edgeflex {

// BF16 weights and inputs, products in BF16 accumulated in FP32 by the library; for CPUs that have them.
class LinearBf16 : public LinearBase
{
public:
    LinearBf16(const LinearWeights &weights, const ExecutionTarget &target);
    void forward(const float *x, std::int64_t rows, float *y) const override;
    std::string implementation() const override;

private:
    HostBuffer m_values;
};

} // namespace edgeflex
