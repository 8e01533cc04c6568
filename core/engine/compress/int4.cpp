#include "engine/compress/int4.h"

#include "engine/compress/floatweights.h"
#include "engine/compress/roundingobjective.h"
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
    float scale = 0; // a half
    float zeroPoint = 0;
};

Grid gridOf(float low, float high)
{
    // Twice in halves: the range of two opposite weights may exceed FP32.
    const float step = high / greatestCode - low / greatestCode;
    Grid grid;
    grid.scale = halfToFloat(floatToHalf(std::min(step, greatestHalf)));
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

RoundingGrid chooseInt4Grid(const Tensor &values, const Int4Options &options, const std::vector<float> &weights,
                            const Progress &progress)
{
    RoundingGrid grid;
    grid.rows = values.dim(0);
    grid.features = values.dim(1);
    grid.groupSize = options.groupSize;
    grid.least = 0;
    grid.greatest = greatestCode;
    const std::int64_t groups = grid.groups();
    grid.scales.resize(static_cast<std::size_t>(grid.rows * groups));
    grid.zeroPoints.resize(grid.scales.size());
#pragma omp parallel for schedule(static) if (grid.rows * grid.features > 16384)
    for (std::int64_t n = 0; n < grid.rows; ++n) {
        if (progress.cancelled())
            continue; // no exception may leave the loop
        const float *row = values.floats() + n * grid.features;
        const bool clip = options.rounding.clip && n >= options.unclippedRows;
        for (std::int64_t g = 0; g < groups; ++g) {
            const std::int64_t first = g * grid.groupSize;
            const std::int64_t count = std::min<std::int64_t>(grid.groupSize, grid.features - first);
            const Grid best = bestGrid(row + first, weights.data() + first, count, clip);
            grid.scales[static_cast<std::size_t>(n * groups + g)] = best.scale;
            grid.zeroPoints[static_cast<std::size_t>(n * groups + g)] = best.zeroPoint;
        }
    }
    throwIfCancelled(progress);
    return grid;
}

LinearWeights packInt4(const LinearWeights &source, const RoundingGrid &grid, const std::vector<std::int8_t> &codes)
{
    const std::int64_t groups = grid.groups();
    const std::int64_t rowBytes = (grid.features + 1) / 2;
    const std::int64_t zeroBytes = (groups + 1) / 2;
    LinearWeights result = source;
    result.spec.format = NumberFormat::Int4;
    result.spec.groupSize = static_cast<int>(grid.groupSize);
    result.values = Tensor::zeros(DType::U8, {grid.rows, rowBytes});
    result.scales = Tensor::allocate(DType::F16, {grid.rows, groups});
    result.zeroPoints = Tensor::zeros(DType::U8, {grid.rows, zeroBytes});
    std::transform(grid.scales.begin(), grid.scales.end(), result.scales.as<std::uint16_t>(), floatToHalf);
    const auto setNibble = [](std::uint8_t *row, std::int64_t index, std::uint8_t value) {
        row[index / 2] = static_cast<std::uint8_t>(row[index / 2] | (index % 2 == 0 ? value : value << 4));
    };
    for (std::int64_t n = 0; n < grid.rows; ++n) {
        auto *values = result.values.as<std::uint8_t>() + n * rowBytes;
        auto *zeroPoints = result.zeroPoints.as<std::uint8_t>() + n * zeroBytes;
        for (std::int64_t k = 0; k < grid.features; ++k)
            setNibble(values, k, static_cast<std::uint8_t>(codes[static_cast<std::size_t>(n * grid.features + k)]));
        for (std::int64_t g = 0; g < groups; ++g)
            setNibble(zeroPoints, g,
                      static_cast<std::uint8_t>(grid.zeroPoints[static_cast<std::size_t>(n * groups + g)]));
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
    const RoundingObjective objective(weights, options.rounding, moments);
    const RoundingGrid grid = chooseInt4Grid(values, options, objective.errorWeights(), progress);
    LinearWeights result = packInt4(weights, grid, objective.codes(values, grid, progress));
    objective.correctBias(result, values);
    return result;
}

} // namespace edgeflex
