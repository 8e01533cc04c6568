#include "engine/kernels/linearint4.h"

#include "engine/kernels/simdkernels.h"
#include "engine/kernels/weightcopy.h"
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

LinearInt4::LinearInt4(const LinearWeights &weights, const ExecutionTarget &target)
    : LinearUnpacked(weights, target),
      m_values(copyFinite(weights.values, weights.spec, "weights")),
      m_scales(copyFinite(weights.scales, weights.spec, "scales")),
      m_zeroPoints(copyFinite(weights.zeroPoints, weights.spec, "zero points"))
{
}

void LinearInt4::unpackRow(std::int64_t n, float *to) const
{
    const std::int64_t k = inFeatures();
    const std::int64_t groups = int4Groups(k, spec().groupSize);
    unpackInt4Row(m_values.as<std::uint8_t>() + n * ((k + 1) / 2), m_scales.as<std::uint16_t>() + n * groups,
                  m_zeroPoints.as<std::uint8_t>() + n * ((groups + 1) / 2), k, spec().groupSize, to);
}

std::string LinearInt4::implementation() const
{
    return unpackedImplementation("INT4");
}

} // namespace edgeflex
