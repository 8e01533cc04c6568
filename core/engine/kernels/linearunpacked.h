#pragma once

#include "engine/kernels/linear.h"

namespace edgeflex {

// Formats that only store: a part of a panel at a time is unpacked to scratch, which stays in a core's cache, and
// multiplied, in FP32 or where the target computes the format so, in BF16.
class LinearUnpacked : public Linear
{
public:
    void prepare(const float *x, std::int64_t row, const LinearInput &to) const override;
    void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const override;

protected:
    using Linear::Linear;
    // Inputs [first, first + count) of the panel of `width` outputs from `output` on, without the input scale
    // -> to [count, width]. Called from several threads.
    virtual void unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                        float *to) const = 0;
    // Where those inputs' values are stored, to be fetched ahead.
    struct Stored
    {
        const void *at;
        std::int64_t bytes;
    };
    virtual Stored stored(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count) const = 0;
    // "FP16" -> "FP16 stored, FP32 AVX2".
    std::string storedAs(const std::string &format) const;

private:
    // The same part, times the input scale where products are in FP32, in the form that the kernel of products reads.
    const std::byte *unpackedPart(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                                  std::byte *work) const;
};

} // namespace edgeflex
