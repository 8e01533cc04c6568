#pragma once

#include "engine/kernels/linearunpacked.h"

namespace edgeflex {

// INT4 in groups along the input as storage, products in BF16 where the target has them, else in FP32.
class LinearInt4 : public LinearUnpacked
{
public:
    using LinearUnpacked::LinearUnpacked;
    std::string implementation() const override;

protected:
    void unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                float *to) const override;
    Stored stored(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count) const override;
};

// One row of K values in groups: its packed values, half scales and packed zero points (see LinearWeights).
void unpackInt4Row(const std::uint8_t *values, const std::uint16_t *scales, const std::uint8_t *zeroPoints,
                   std::int64_t inFeatures, int groupSize, float *to);

} // namespace edgeflex
