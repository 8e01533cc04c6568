#include "engine/compress/int8.h"

#include "engine/compress/floatweights.h"
#include "engine/compress/roundingobjective.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace edgeflex {

namespace {

constexpr int shrinkSteps = 20;
constexpr float shrinkStep = 0.02f;
constexpr float greatestCode = 127.0f;

float code(float value, float scale)
{
    return std::clamp(std::nearbyint(value / scale), -greatestCode, greatestCode);
}

float greatestMagnitude(const float *row, std::int64_t count)
{
    float greatest = 0;
    for (std::int64_t k = 0; k < count; ++k)
        greatest = std::max(greatest, std::fabs(row[k]));
    return greatest;
}

float bestScale(const float *row, const std::vector<float> &weights, int steps)
{
    const auto count = static_cast<std::int64_t>(weights.size());
    const float full = greatestMagnitude(row, count) / greatestCode;
    // Below the normal range value / scale would lose its meaning; such rows are zero in effect.
    if (full < std::numeric_limits<float>::min())
        return 1.0f;
    float best = full;
    double least = std::numeric_limits<double>::infinity();
    for (int step = 0; step < steps; ++step) {
        const float scale = full * (1.0f - shrinkStep * static_cast<float>(step));
        if (scale < std::numeric_limits<float>::min())
            break;
        double error = 0;
        for (std::int64_t k = 0; k < count; ++k) {
            const double difference = static_cast<double>(row[k]) - static_cast<double>(scale) * code(row[k], scale);
            error += weights[static_cast<std::size_t>(k)] * difference * difference;
        }
        if (error < least) {
            least = error;
            best = scale;
        }
    }
    return best;
}

} // namespace

RoundingGrid chooseInt8Grid(const Tensor &values, bool clip, const std::vector<float> &weights,
                            const Progress &progress)
{
    RoundingGrid grid;
    grid.rows = values.dim(0);
    grid.features = grid.groupSize = values.dim(1);
    grid.least = -greatestCode;
    grid.greatest = greatestCode;
    grid.scales.resize(static_cast<std::size_t>(grid.rows));
    grid.zeroPoints.resize(grid.scales.size(), 0.0F);
#pragma omp parallel for schedule(dynamic, 8) if (grid.rows * grid.features > 16384)
    for (std::int64_t n = 0; n < grid.rows; ++n) {
        if (progress.cancelled())
            continue; // no exception may leave the loop
        grid.scales[static_cast<std::size_t>(n)] =
            bestScale(values.floats() + n * grid.features, weights, clip ? shrinkSteps : 1);
    }
    throwIfCancelled(progress);
    return grid;
}

LinearWeights quantizeInt8(const LinearWeights &weights, const RoundingStages &stages, const ChannelMoments *moments,
                           const Progress &progress)
{
    const Tensor values = floatWeights(weights);
    const RoundingObjective objective(weights, stages, moments);
    const RoundingGrid grid = chooseInt8Grid(values, stages.clip, objective.errorWeights(), progress);
    const std::vector<std::int8_t> codes = objective.codes(values, grid, progress);
    LinearWeights result = weights;
    result.spec.format = NumberFormat::Int8;
    result.values = Tensor::allocate(DType::I8, {grid.rows, grid.features});
    result.scales = Tensor::fromFloats({grid.rows}, grid.scales);
    std::copy(codes.begin(), codes.end(), result.values.as<std::int8_t>());
    objective.correctBias(result, values);
    return result;
}

} // namespace edgeflex
