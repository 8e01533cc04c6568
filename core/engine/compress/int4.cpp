#include "engine/compress/int4.h"

#include "engine/compress/biascorrection.h"
#include "engine/compress/floatweights.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace edgeflex {

namespace {

constexpr int clipSteps = 10;
constexpr float greatestCode = 15.0f;
constexpr float greatestHalf = 65504.0f;

struct Grid
{
    std::uint16_t scaleBits = 0;
    float scale = 0;
    float zeroPoint = 0;
};

Grid gridOf(float low, float high)
{
    // Twice in halves: the range of two opposite weights may exceed FP32.
    const float step = high / greatestCode - low / greatestCode;
    Grid grid;
    grid.scaleBits = floatToHalf(std::min(step, greatestHalf));
    grid.scale = halfToFloat(grid.scaleBits);
    if (grid.scale > 0)
        grid.zeroPoint = std::clamp(std::nearbyint(-low / grid.scale), 0.0f, greatestCode);
    return grid;
}

float code(float value, float scale, float zeroPoint)
{
    // A group whose scale rounds to zero in FP16 is zero.
    return scale > 0 ? std::clamp(std::nearbyint(value / scale) + zeroPoint, 0.0f, greatestCode) : zeroPoint;
}

Grid bestGrid(const float *values, const float *weights, std::int64_t count, bool clipSearch)
{
    const auto [least, greatest] = std::minmax_element(values, values + count);
    const float low = std::min(*least, 0.0f);
    const float high = std::max(*greatest, 0.0f);
    Grid best = gridOf(low, high);
    if (!clipSearch || !(best.scale > 0))
        return best;
    double leastError = std::numeric_limits<double>::infinity();
    for (int step = 0; step < clipSteps; ++step) {
        const float shrink = 1.0f - static_cast<float>(step) / 20.0f;
        const Grid grid = gridOf(low * shrink, high * shrink);
        double error = 0;
        for (std::int64_t k = 0; k < count; ++k) {
            const double rounded =
                static_cast<double>(grid.scale) * (code(values[k], grid.scale, grid.zeroPoint) - grid.zeroPoint);
            const double difference = values[k] - rounded;
            error += weights[k] * difference * difference;
        }
        if (error < leastError) {
            leastError = error;
            best = grid;
        }
    }
    return best;
}

} // namespace

Int4Grid chooseInt4Grid(const Tensor &values, const Int4Options &options, const std::vector<float> &weights,
                        const Progress &progress)
{
    Int4Grid grid;
    grid.groupSize = options.groupSize;
    grid.rows = values.dim(0);
    grid.features = values.dim(1);
    const std::int64_t groups = grid.groups();
    grid.scales.resize(static_cast<std::size_t>(grid.rows * groups));
    grid.zeroPoints.resize(grid.scales.size());
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 16384)
    for (std::int64_t n = 0; n < grid.rows; ++n) {
        if (progress.cancelled())
            continue; // no exception may leave the loop
        const float *row = values.floats() + n * grid.features;
        for (std::int64_t g = 0; g < groups; ++g) {
            const std::int64_t first = g * grid.groupSize;
            const std::int64_t count = std::min<std::int64_t>(grid.groupSize, grid.features - first);
            const Grid best = bestGrid(row + first, weights.data() + first, count, options.clipSearch);
            grid.scales[static_cast<std::size_t>(n * groups + g)] = best.scaleBits;
            grid.zeroPoints[static_cast<std::size_t>(n * groups + g)] = static_cast<std::uint8_t>(best.zeroPoint);
        }
    }
    throwIfCancelled(progress);
    return grid;
}

std::vector<std::uint8_t> roundToNearest(const Tensor &values, const Int4Grid &grid)
{
    std::vector<std::uint8_t> codes(static_cast<std::size_t>(grid.rows * grid.features));
    const std::int64_t groups = grid.groups();
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 65536)
    for (std::int64_t n = 0; n < grid.rows; ++n)
        for (std::int64_t g = 0; g < groups; ++g) {
            const auto at = static_cast<std::size_t>(n * groups + g);
            const float scale = halfToFloat(grid.scales[at]);
            const float zeroPoint = grid.zeroPoints[at];
            const std::int64_t last = std::min((g + 1) * grid.groupSize, grid.features);
            for (std::int64_t k = g * grid.groupSize; k < last; ++k)
                codes[static_cast<std::size_t>(n * grid.features + k)] =
                    static_cast<std::uint8_t>(code(values.floats()[n * grid.features + k], scale, zeroPoint));
        }
    return codes;
}

Tensor dequantizedInt4(const std::vector<std::uint8_t> &codes, const Int4Grid &grid)
{
    Tensor values = Tensor::allocate(DType::F32, {grid.rows, grid.features});
    const std::int64_t groups = grid.groups();
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 65536)
    for (std::int64_t n = 0; n < grid.rows; ++n)
        for (std::int64_t g = 0; g < groups; ++g) {
            const auto at = static_cast<std::size_t>(n * groups + g);
            const float scale = halfToFloat(grid.scales[at]);
            const int zeroPoint = grid.zeroPoints[at];
            const std::int64_t last = std::min((g + 1) * grid.groupSize, grid.features);
            for (std::int64_t k = g * grid.groupSize; k < last; ++k)
                values.floats()[n * grid.features + k] =
                    scale * static_cast<float>(codes[static_cast<std::size_t>(n * grid.features + k)] - zeroPoint);
        }
    return values;
}

LinearWeights packInt4(const LinearWeights &source, const Int4Grid &grid, const std::vector<std::uint8_t> &codes)
{
    const std::int64_t groups = grid.groups();
    const std::int64_t rowBytes = (grid.features + 1) / 2;
    const std::int64_t zeroBytes = (groups + 1) / 2;
    LinearWeights result = source;
    result.spec.format = NumberFormat::Int4;
    result.spec.groupSize = grid.groupSize;
    result.values = Tensor::zeros(DType::U8, {grid.rows, rowBytes});
    result.scales = Tensor::allocate(DType::F16, {grid.rows, groups});
    result.zeroPoints = Tensor::zeros(DType::U8, {grid.rows, zeroBytes});
    std::copy(grid.scales.begin(), grid.scales.end(), result.scales.as<std::uint16_t>());
    const auto setNibble = [](std::uint8_t *row, std::int64_t index, std::uint8_t value) {
        row[index / 2] = static_cast<std::uint8_t>(row[index / 2] | (index % 2 == 0 ? value : value << 4));
    };
    for (std::int64_t n = 0; n < grid.rows; ++n) {
        auto *values = result.values.as<std::uint8_t>() + n * rowBytes;
        auto *zeroPoints = result.zeroPoints.as<std::uint8_t>() + n * zeroBytes;
        for (std::int64_t k = 0; k < grid.features; ++k)
            setNibble(values, k, codes[static_cast<std::size_t>(n * grid.features + k)]);
        for (std::int64_t g = 0; g < groups; ++g)
            setNibble(zeroPoints, g, grid.zeroPoints[static_cast<std::size_t>(n * groups + g)]);
    }
    return result;
}

LinearWeights quantizeInt4(const LinearWeights &weights, const Int4Options &options, const ChannelMoments *moments,
                           const Progress &progress)
{
    if (options.groupSize != 32 && options.groupSize != 64 && options.groupSize != 128)
        throw Error("Layer " + weights.spec.name + " cannot be quantized to INT4 in groups of " +
                    std::to_string(options.groupSize) + ": choose 32, 64 or 128.");
    const Tensor values = floatWeights(weights);
    const Int4Grid grid = chooseInt4Grid(values, options, errorWeights(moments, weights.spec.inFeatures), progress);
    LinearWeights result = packInt4(weights, grid, roundToNearest(values, grid));
    if (moments)
        correctBias(result, values, moments->mean);
    return result;
}

} // namespace edgeflex
