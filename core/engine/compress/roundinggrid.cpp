#include "engine/compress/roundinggrid.h"

namespace edgeflex {

std::vector<std::int8_t> nearestCodes(const Tensor &values, const RoundingGrid &grid)
{
    std::vector<std::int8_t> codes(static_cast<std::size_t>(grid.rows * grid.features));
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 65536)
    for (std::int64_t n = 0; n < grid.rows; ++n)
        for (std::int64_t k = 0; k < grid.features; ++k) {
            const std::int64_t at = n * grid.features + k;
            codes[static_cast<std::size_t>(at)] = static_cast<std::int8_t>(grid.code(values.floats()[at], n, k));
        }
    return codes;
}

Tensor dequantizedCodes(const std::vector<std::int8_t> &codes, const RoundingGrid &grid)
{
    Tensor values = Tensor::allocate(DType::F32, {grid.rows, grid.features});
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 65536)
    for (std::int64_t n = 0; n < grid.rows; ++n)
        for (std::int64_t k = 0; k < grid.features; ++k) {
            const std::int64_t at = n * grid.features + k;
            values.floats()[at] = grid.value(codes[static_cast<std::size_t>(at)], n, k);
        }
    return values;
}

} // namespace edgeflex
