#pragma once

#include "engine/kernels/linearunpacked.h"

namespace edgeflex {

// FP16 or BF16 as storage, products in FP32.
class LinearHalf : public LinearUnpacked
{
public:
    using LinearUnpacked::LinearUnpacked;
    std::string implementation() const override;

protected:
    void unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                float *to) const override;
    Stored stored(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count) const override;
};

} // namespace edgeflex
