#pragma once

#include "engine/kernels/linearunpacked.h"

namespace edgeflex {

// INT4 in groups along the input as storage, products in BF16 where the target has them, else in FP32.
class LinearInt4 : public LinearUnpacked
{
public:
    LinearInt4(const LinearWeights &weights, const ExecutionTarget &target, const SimdKernels &kernels);
    std::string implementation() const override;

protected:
    void unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                float *to) const override;
    Stored stored(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count) const override;

private:
    HostBuffer m_values;     // as SimdKernels::unpackInt4Panel reads them, panel by panel
    HostBuffer m_scales;     // halves [G, width] a panel
    HostBuffer m_zeroPoints; // like values with G for K
};

// One row of K values in groups: its packed values, half scales and packed zero points (see LinearWeights).
void unpackInt4Row(const std::uint8_t *values, const std::uint16_t *scales, const std::uint8_t *zeroPoints,
                   std::int64_t inFeatures, int groupSize, float *to);

} // namespace edgeflex
