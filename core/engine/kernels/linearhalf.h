#pragma once

#include "engine/kernels/linearunpacked.h"

namespace edgeflex {

// FP16 or BF16 as storage, products in FP32.
class LinearHalf : public LinearUnpacked
{
public:
    LinearHalf(const LinearWeights &weights, const ExecutionTarget &target);
    std::string implementation() const override;

protected:
    void unpackRow(std::int64_t n, float *to) const override;

private:
    HostBuffer m_values;
};

} // namespace edgeflex
