#include "engine/kernels/linearint4.h"

#include "engine/kernels/simdkernels.h"
#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

void unpackInt4Row(const std::uint8_t *values, const std::uint16_t *scales, const std::uint8_t *zeroPoints,
                   std::int64_t inFeatures, int groupSize, float *to)
{
    const SimdKernels &kernels = simdKernels();
    const std::int64_t groups = int4Groups(inFeatures, groupSize);
    for (std::int64_t group = 0; group < groups; ++group) {
        std::int64_t start = group * groupSize;
        const std::int64_t end = std::min(start + groupSize, inFeatures);
        const float scale = halfToFloat(scales[group]);
        const auto zeroPoint = static_cast<float>((zeroPoints[group / 2] >> (group % 2 * 4)) & 0xf);
        if (start % 2 != 0) { // a group of odd size ends inside a byte
            to[start] = scale * (static_cast<float>(values[start / 2] >> 4) - zeroPoint);
            ++start;
        }
        kernels.unpackInt4(values + start / 2, end - start, scale, zeroPoint, to + start);
    }
}

void LinearInt4::unpack(std::int64_t output, std::int64_t width, std::int64_t first, std::int64_t count,
                        float *to) const
{
    const std::int64_t groups = int4Groups(inFeatures(), spec().groupSize);
    const std::int64_t half = (width + 1) / 2;
    const auto *values = weights().values.as<std::uint8_t>() + output / 2 * inFeatures();
    const auto *scales = weights().scales.as<std::uint16_t>() + output * groups;
    const auto *zeroPoints = weights().offsets.as<std::uint8_t>() + output / 2 * groups;
    for (std::int64_t start = first; start < first + count;) {
        const std::int64_t group = start / spec().groupSize;
        const std::int64_t end = std::min((group + 1) * spec().groupSize, first + count);
        kernels().unpackInt4Panel(values + start * half, end - start, width, scales + group * width,
                                  zeroPoints + group * half, to + (start - first) * width);
        start = end;
    }
}

LinearUnpacked::Stored LinearInt4::stored(std::int64_t output, std::int64_t width, std::int64_t first,
                                          std::int64_t count) const
{
    const std::int64_t half = (width + 1) / 2;
    return {weights().values.as<std::uint8_t>() + output / 2 * inFeatures() + first * half, count * half};
}

std::string LinearInt4::implementation() const
{
    return storedAs("INT4");
}

} // namespace edgeflex
