#pragma once

#include "engine/kernels/linearbase.h"

namespace edgeflex {

// Formats that only store: a panel of rows of W at a time is unpacked to FP32 scratch and multiplied by the
// library into its columns of y.
class LinearUnpacked : public LinearBase
{
public:
    void forward(const float *x, std::int64_t rows, float *y) const override;

protected:
    using LinearBase::LinearBase;
    // Row n of W in FP32, without the input scale. Called from several threads.
    virtual void unpackRow(std::int64_t n, float *to) const = 0;
    // "FP16" -> "FP16 stored and unpacked with AVX2, FP32 oneDNN AVX2".
    static std::string unpackedImplementation(const std::string &format);
};

} // namespace edgeflex
