#include "engine/kernels/linearint8.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/threadscope.h"
#include "engine/kernels/weightcopy.h"
#include "plan/error.h"

#include <algorithm>

namespace edgeflex {

static_assert(sizeof(RowQuantization) == 8); // what a schedule counts for a row
static_assert(sizeof(float) == sizeof(std::int32_t));

LinearInt8::LinearInt8(const LinearWeights &weights, const ExecutionTarget &target, const SimdKernels &kernels)
    : LinearBase(weights, target),
      m_kernels(kernels),
      m_library(target.int8DotProduct),
      m_values(copyFinite(weights.values, weights.spec, "weights")),
      m_scales(copyFinite(weights.scales, weights.spec, "scales")),
      m_columnSums(static_cast<std::size_t>(weights.spec.outFeatures) * sizeof(std::int32_t))
{
    constexpr std::int64_t widest = 65536; // 255 * 128 * 65536 < 2^31
    if (inFeatures() > widest)
        throw Error("layer \"" + spec().name + "\" has " + std::to_string(inFeatures()) +
                    " inputs, more than INT8 products can add exactly (" + std::to_string(widest) +
                    "); keep it in another format");
    const auto *values = m_values.as<std::int8_t>();
    auto *sums = m_columnSums.as<std::int32_t>();
#pragma omp parallel for
    for (std::int64_t n = 0; n < outFeatures(); ++n) {
        std::int32_t sum = 0;
        for (std::int64_t k = 0; k < inFeatures(); ++k)
            sum += values[n * inFeatures() + k];
        sums[n] = sum;
    }
}

void LinearInt8::forward(const float *x, std::int64_t rows, float *y) const
{
    if (rows == 0)
        return;
    const ThreadScope scope(threads());
    const std::int64_t k = inFeatures();
    HostBuffer quantized(static_cast<std::size_t>(rows * k));
    HostBuffer parameters(static_cast<std::size_t>(rows) * sizeof(RowQuantization));
    auto *q = quantized.as<std::uint8_t>();
    auto *rowsOfX = parameters.as<RowQuantization>();
#pragma omp parallel for
    for (std::int64_t row = 0; row < rows; ++row)
        rowsOfX[row] = m_kernels.quantizeRow(x + row * k, inputScale(), k, q + row * k);
    if (m_library)
        multiplyWithLibrary(q, rowsOfX, rows, y);
    else
        multiplyInTiles(q, rowsOfX, rows, y);
}

void LinearInt8::multiplyWithLibrary(const std::uint8_t *q, const RowQuantization *rowsOfX, std::int64_t rows,
                                     float *y) const
{
    const std::int64_t n = outFeatures();
    gemmU8S8(rows, n, inFeatures(), q, inFeatures(), m_values.as<std::int8_t>(), inFeatures(),
             reinterpret_cast<std::int32_t *>(y), n);
#pragma omp parallel for
    for (std::int64_t row = 0; row < rows; ++row)
        dequantize(rowsOfX[row], 0, n, y + row * n);
}

void LinearInt8::multiplyInTiles(const std::uint8_t *q, const RowQuantization *rowsOfX, std::int64_t rows,
                                 float *y) const
{
    const std::int64_t k = inFeatures();
    const std::int64_t n = outFeatures();
    // Tiles large enough to make good use of a core's caches, small enough to keep every thread busy.
    std::int64_t tileOutputs = 64;
    std::int64_t tileRows = std::min<std::int64_t>(rows, 192);
    const auto tilesIn = [](std::int64_t size, std::int64_t tile) {
        return (size + tile - 1) / tile;
    };
    const auto tooFew = [&] {
        return tilesIn(n, tileOutputs) * tilesIn(rows, tileRows) < 6 * threads();
    };
    tileRows = tilesIn(rows, tilesIn(rows, tileRows)); // of equal size
    while (tooFew() && tileRows > 48)
        tileRows = (tileRows + 1) / 2;
    while (tooFew() && tileOutputs > 16)
        tileOutputs /= 2;
    const std::int64_t columns = tilesIn(n, tileOutputs);
    const std::int64_t tiles = columns * tilesIn(rows, tileRows);
#pragma omp parallel for schedule(dynamic)
    for (std::int64_t tile = 0; tile < tiles; ++tile) {
        const std::int64_t first = tile % columns * tileOutputs;
        const std::int64_t last = std::min(first + tileOutputs, n);
        const std::int64_t firstRow = tile / columns * tileRows;
        const std::int64_t lastRow = std::min(firstRow + tileRows, rows);
        m_kernels.int8Products(q + firstRow * k, k, lastRow - firstRow, m_values.as<std::int8_t>() + first * k, k,
                               last - first, k, y + firstRow * n + first, n);
        for (std::int64_t row = firstRow; row < lastRow; ++row)
            dequantize(rowsOfX[row], first, last, y + row * n);
    }
}

void LinearInt8::dequantize(const RowQuantization &row, std::int64_t first, std::int64_t last, float *y) const
{
    m_kernels.dequantizeRow(row, last - first, m_scales.as<float>() + first, m_columnSums.as<std::int32_t>() + first,
                            bias() ? bias() + first : nullptr, y + first);
}

std::string LinearInt8::implementation() const
{
    return m_library ? "INT8 oneDNN " + gemmSupport().instructionSet : std::string("INT8 ") + m_kernels.name;
}

} // namespace edgeflex
