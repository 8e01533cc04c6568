#include "engine/compress/int8.h"

#include "engine/compress/biascorrection.h"
#include "engine/compress/floatweights.h"

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

float bestScale(const float *row, const std::vector<float> &weights)
{
    const auto count = static_cast<std::int64_t>(weights.size());
    const float full = greatestMagnitude(row, count) / greatestCode;
    // Below the normal range value / scale would lose its meaning; such rows are zero in effect.
    if (full < std::numeric_limits<float>::min())
        return 1.0f;
    float best = full;
    double least = std::numeric_limits<double>::infinity();
    for (int step = 0; step < shrinkSteps; ++step) {
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

LinearWeights quantizeInt8(const LinearWeights &weights, const ChannelMoments *moments, const Progress &progress)
{
    const Tensor values = floatWeights(weights);
    const std::int64_t rows = weights.spec.outFeatures;
    const std::int64_t columns = weights.spec.inFeatures;
    const std::vector<float> importance = errorWeights(moments, columns);
    LinearWeights result = weights;
    result.spec.format = NumberFormat::Int8;
    result.values = Tensor::allocate(DType::I8, {rows, columns});
    result.scales = Tensor::allocate(DType::F32, {rows});
    auto *codes = result.values.as<std::int8_t>();
    float *scales = result.scales.floats();
#pragma omp parallel for schedule(dynamic, 8) if (rows * columns > 16384)
    for (std::int64_t n = 0; n < rows; ++n) {
        if (progress.cancelled())
            continue; // no exception may leave the loop
        const float *row = values.floats() + n * columns;
        scales[n] = bestScale(row, importance);
        for (std::int64_t k = 0; k < columns; ++k)
            codes[n * columns + k] = static_cast<std::int8_t>(code(row[k], scales[n]));
    }
    throwIfCancelled(progress);
    if (moments)
        correctBias(result, values, moments->mean);
    return result;
}

} // namespace edgeflex
