#pragma once

#include "engine/kernels/linearunpacked.h"

namespace edgeflex {

// INT4 in groups along the input as storage, products in FP32.
class LinearInt4 : public LinearUnpacked
{
public:
    LinearInt4(const LinearWeights &weights, const ExecutionTarget &target);
    std::string implementation() const override;

protected:
    void unpackRow(std::int64_t n, float *to) const override;

private:
    HostBuffer m_values;
    HostBuffer m_scales;
    HostBuffer m_zeroPoints;
};

// One row of K values in groups: its packed values, half scales and packed zero points (see LinearWeights).
void unpackInt4Row(const std::uint8_t *values, const std::uint16_t *scales, const std::uint8_t *zeroPoints,
                   std::int64_t inFeatures, int groupSize, float *to);

} // namespace edgeflex
