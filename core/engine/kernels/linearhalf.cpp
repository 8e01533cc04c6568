#include "engine/kernels/linearhalf.h"

namespace edgeflex {

void LinearHalf::unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                        float *to) const
{
    if (spec().format == NumberFormat::Fp16) {
        kernels().halfToFloat(weights().values.as<std::uint16_t>() + output * inFeatures() + first * width,
                              count * width, to);
        return;
    }
    // Pairs of inputs lie together, as BF16 products need them.
    const auto *panel = weights().values.as<std::uint16_t>() + output * ((inFeatures() + 1) / 2 * 2);
    for (std::int64_t i = first; i < first + count; ++i) {
        const std::uint16_t *from = panel + i / 2 * 2 * width + i % 2;
        for (std::int64_t n = 0; n < width; ++n)
            to[(i - first) * width + n] = bfloat16ToFloat(from[2 * n]);
    }
}

LinearUnpacked::Stored LinearHalf::stored(std::int64_t output, std::int64_t width, std::int64_t first,
                                          std::int64_t count) const
{
    const std::int64_t inputs =
        spec().format == NumberFormat::Bf16 ? (inFeatures() + 1) / 2 * 2 : inFeatures(); // as packed
    return {weights().values.as<std::uint16_t>() + output * inputs + first * width, 2 * count * width};
}

std::string LinearHalf::implementation() const
{
    return storedAs(spec().format == NumberFormat::Fp16 ? "FP16" : "BF16");
}

} // namespace edgeflex
