#pragma once

#include "engine/kernels/linearbase.h"

namespace edgeflex {

// W in FP32, row-major [N, K], multiplied by the library.
class LinearFp32 : public LinearBase
{
public:
    LinearFp32(const LinearWeights &weights, const ExecutionTarget &target);
    void forward(const float *x, std::int64_t rows, float *y) const override;
    std::string implementation() const override;

private:
    HostBuffer m_values;
};

} // namespace edgeflex
