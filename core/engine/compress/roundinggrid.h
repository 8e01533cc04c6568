#pragma once

#include "engine/tensor/tensor.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace edgeflex {

// The points that weights [N, K] may be rounded to: w' = scale (q - zeroPoint), q whole in least..greatest, one scale
// and zero point for each row and group of `groupSize` inputs (the last may be shorter). A scale of 0 makes a group 0.
struct RoundingGrid
{
    std::int64_t rows = 0;
    std::int64_t features = 0; // K
    std::int64_t groupSize = 0;
    std::vector<float> scales;     // [N, G]
    std::vector<float> zeroPoints; // [N, G]
    float least = 0;
    float greatest = 15;

    std::int64_t groups() const { return (features + groupSize - 1) / groupSize; }
    // Of a row's group, the code whose point is nearest to a value, and a code's point.
    float code(float value, std::int64_t row, std::int64_t feature) const
    {
        const std::size_t g = group(row, feature);
        return scales[g] > 0 ? std::clamp(std::nearbyint(value / scales[g]) + zeroPoints[g], least, greatest)
                             : zeroPoints[g];
    }
    float value(float code, std::int64_t row, std::int64_t feature) const
    {
        const std::size_t g = group(row, feature);
        return scales[g] * (code - zeroPoints[g]);
    }

private:
    std::size_t group(std::int64_t row, std::int64_t feature) const
    {
        return static_cast<std::size_t>(row * groups() + feature / groupSize);
    }
};

// Codes [N, K] of `values` F32 [N, K], each rounded to the nearest point of its grid.
std::vector<std::int8_t> nearestCodes(const Tensor &values, const RoundingGrid &grid);

// W' as F32 [N, K].
Tensor dequantizedCodes(const std::vector<std::int8_t> &codes, const RoundingGrid &grid);

} // namespace edgeflex
