#include "engine/compress/awq.h"

#include "engine/compress/channelmoments.h"
#include "engine/compress/floatweights.h"
#include "engine/compress/int4.h"
#include "engine/compress/int8.h"
#include "engine/compress/linalg.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace edgeflex {

namespace {

constexpr int gridPoints = 20;
constexpr double leastScale = 1e-4;
constexpr float enoughForHalf = 0.25f * 65504.0f;
constexpr double leftByGptq = 1.0 / 3; // of INT8's rounding error

void checkScales(const std::vector<float> &scales, std::int64_t expected, const std::string &what)
{
    const bool valid = static_cast<std::int64_t>(scales.size()) == expected &&
                       std::all_of(scales.begin(), scales.end(), [](float s) { return std::isfinite(s) && s > 0; });
    if (!valid)
        throw Error(what + " has " + std::to_string(expected) + " channels and cannot take " +
                    std::to_string(scales.size()) +
                    " scales, or one of them is not a positive number: search them "
                    "on this model.");
}

// E[x x^T] over all tokens, [K, K], in FP32 as a share of its greatest diagonal element so that it cannot overflow.
struct ScaledGram
{
    std::vector<float> values;
    double unit = 1;
};

ScaledGram gramOf(const LinearStatistics &statistics, const LinearSpec &spec, bool centred)
{
    const auto features = static_cast<std::size_t>(spec.inFeatures);
    const double tokens = static_cast<double>(statistics.fit.tokens + statistics.validation.tokens);
    ScaledGram gram;
    double greatest = 0;
    for (const Moments *part : {&statistics.fit, &statistics.validation}) {
        if (part->tokens <= 0)
            continue;
        if (part->gram.size() != features * features)
            throw Error("Layer " + spec.name + " has " + std::to_string(features) +
                        " inputs but its calibration statistics hold a Gram matrix of " +
                        std::to_string(part->gram.size()) + " values: calibrate this model with Gram matrices.");
        for (std::size_t k = 0; k < features; ++k)
            greatest = std::max(greatest, part->gram[k * features + k]);
    }
    if (!(tokens > 0) || statistics.meanAbs.size() != features || statistics.maxAbs.size() != features)
        throw Error("Layer " + spec.name + " has no calibration statistics for AWQ: calibrate on this model.");
    if (greatest > 0)
        gram.unit = greatest;
    const std::vector<double> mean = channelMoments(statistics).mean;
    gram.values.resize(features * features);
    const auto rows = static_cast<std::int64_t>(features);
#pragma omp parallel for schedule(static) if (rows > 256)
    for (std::int64_t row = 0; row < rows; ++row) {
        const auto i = static_cast<std::size_t>(row);
        for (std::size_t j = 0; j < features; ++j) {
            double value = centred ? -mean[i] * mean[j] : 0;
            for (const Moments *part : {&statistics.fit, &statistics.validation}) {
                if (part->tokens > 0)
                    value += static_cast<double>(part->tokens) / tokens * part->gram[i * features + j];
            }
            gram.values[i * features + j] = static_cast<float>(value / gram.unit);
        }
    }
    return gram;
}

Tensor sampledRows(const Tensor &values, std::int64_t limit)
{
    const std::int64_t rows = values.dim(0);
    const std::int64_t columns = values.dim(1);
    const std::int64_t count = std::min(rows, std::max<std::int64_t>(limit, 1));
    Tensor sample = Tensor::allocate(DType::F32, {count, columns});
    for (std::int64_t i = 0; i < count; ++i)
        std::copy_n(values.floats() + i * rows / count * columns, columns, sample.floats() + i * columns);
    return sample;
}

std::vector<float> scalesFor(const std::vector<float> &meanAbs, double alpha)
{
    std::vector<double> powers(meanAbs.size(), 0.0);
    double least = std::numeric_limits<double>::infinity();
    double greatest = 0;
    for (std::size_t k = 0; k < meanAbs.size(); ++k) {
        if (!(meanAbs[k] > 0) || !std::isfinite(meanAbs[k]))
            continue;
        powers[k] = std::max(std::pow(static_cast<double>(meanAbs[k]), alpha), leastScale);
        least = std::min(least, powers[k]);
        greatest = std::max(greatest, powers[k]);
    }
    std::vector<float> scales(meanAbs.size(), 1.0f);
    if (!(greatest > 0))
        return scales;
    const double middle = std::sqrt(least) * std::sqrt(greatest);
    for (std::size_t k = 0; k < meanAbs.size(); ++k)
        if (powers[k] > 0)
            scales[k] = static_cast<float>(std::clamp(powers[k] / middle, leastScale, 1 / leastScale));
    return scales;
}

Tensor multiplied(const Tensor &values, const std::vector<float> &scales)
{
    const std::int64_t rows = values.dim(0);
    const std::int64_t columns = values.dim(1);
    Tensor result = Tensor::allocate(DType::F32, {rows, columns});
    for (std::int64_t n = 0; n < rows; ++n)
        for (std::int64_t k = 0; k < columns; ++k)
            result.floats()[n * columns + k] = values.floats()[n * columns + k] * scales[static_cast<std::size_t>(k)];
    return result;
}

float greatestMagnitude(const Tensor &values)
{
    float greatest = 0;
    for (std::int64_t i = 0; i < values.elements(); ++i)
        greatest = std::max(greatest, std::fabs(values.floats()[i]));
    return greatest;
}

// The output error of rounding the weights alone.
double weightLoss(const Tensor &values, const Tensor &scaled, const std::vector<float> &scales,
                  const AwqOptions &options, const ScaledGram &gram)
{
    const std::int64_t rows = values.dim(0);
    const std::int64_t columns = values.dim(1);
    const RoundingGrid grid = options.format == NumberFormat::Int8
                                  ? chooseInt8Grid(scaled, false, scales)
                                  : chooseInt4Grid(scaled, {options.groupSize, {.clip = false}}, scales);
    const Tensor rounded = dequantizedCodes(nearestCodes(scaled, grid), grid);
    // Differences as shares of the greatest weight, for the same reason as the Gram matrix.
    const float greatest = greatestMagnitude(values);
    const float unit = greatest > 0 ? greatest : 1.0f;
    std::vector<float> difference(static_cast<std::size_t>(rows * columns));
    for (std::int64_t n = 0; n < rows; ++n)
        for (std::int64_t k = 0; k < columns; ++k) {
            const std::int64_t at = n * columns + k;
            difference[static_cast<std::size_t>(at)] =
                values.floats()[at] / unit - rounded.floats()[at] / scales[static_cast<std::size_t>(k)] / unit;
        }
    const double loss = std::max(linalg::quadraticTrace(difference, gram.values, rows, columns), 0.0);
    return loss * gram.unit * unit * unit;
}

// The output error of rounding a token's inputs to 8 bits over their range.
double inputLoss(const Tensor &scaled, const std::vector<float> &scales, const std::vector<float> &maxAbs)
{
    double greatest = 0;
    for (std::size_t k = 0; k < scales.size(); ++k)
        greatest = std::max(greatest, static_cast<double>(maxAbs[k]) / scales[k]);
    if (!(greatest > 0))
        return 0;
    double sum = 0;
    for (std::size_t k = 0; k < scales.size(); ++k)
        sum += std::pow(maxAbs[k] / scales[k] / greatest, 6);
    const double range = 2 * greatest * std::pow(sum / static_cast<double>(scales.size()), 1.0 / 6);
    double squares = 0;
    for (std::int64_t i = 0; i < scaled.elements(); ++i)
        squares += static_cast<double>(scaled.floats()[i]) * scaled.floats()[i];
    return range / 255 * (range / 255) / 12 * squares;
}

bool nearOverflow(const Tensor &scaled, const std::vector<float> &scales, const std::vector<float> &maxAbs)
{
    bool near = !(greatestMagnitude(scaled) < enoughForHalf);
    for (std::size_t k = 0; k < scales.size(); ++k)
        near = near || !(maxAbs[k] / scales[k] < enoughForHalf);
    return near;
}

Tensor divided(const Tensor &vector, const std::vector<float> &scales)
{
    Tensor result = vector.toFloat();
    for (std::size_t k = 0; k < scales.size(); ++k)
        result.floats()[k] /= scales[k];
    return result;
}

} // namespace

AwqScales searchAwqScales(const LinearWeights &weights, const LinearStatistics &statistics, const AwqOptions &options,
                          const Progress &progress)
{
    const bool centred = options.rounding.biasCorrection && !weights.bias.empty();
    const ScaledGram gram = gramOf(statistics, weights.spec, centred);
    const Tensor values = sampledRows(floatWeights(weights), options.sampledRows);
    AwqScales best;
    for (int point = 0; point < gridPoints; ++point) {
        throwIfCancelled(progress);
        const double alpha = static_cast<double>(point) / gridPoints;
        std::vector<float> scales = scalesFor(statistics.meanAbs, alpha);
        const Tensor scaled = multiplied(values, scales);
        // alpha = 0 is plain rounding.
        if (point > 0 && nearOverflow(scaled, scales, statistics.maxAbs))
            continue;
        double loss = weightLoss(values, scaled, scales, options, gram);
        if (options.format == NumberFormat::Int8)
            loss = loss * (options.rounding.gptq ? leftByGptq : 1) + inputLoss(scaled, scales, statistics.maxAbs);
        if (point == 0)
            best.lossPlain = loss;
        if (point == 0 || loss < best.loss) {
            best.scales = std::move(scales);
            best.alpha = alpha;
            best.loss = loss;
        }
    }
    return best;
}

LinearWeights scaledInputs(const LinearWeights &weights, const std::vector<float> &scales)
{
    checkScales(scales, weights.spec.inFeatures, "Layer " + weights.spec.name);
    LinearWeights result = weights;
    result.values = multiplied(floatWeights(weights), scales);
    return result;
}

NormWeights dividedByScales(const NormWeights &norm, const std::vector<float> &scales)
{
    checkScales(scales, norm.gamma.elements(), "A layer norm");
    checkScales(scales, norm.beta.elements(), "A layer norm");
    return {divided(norm.gamma, scales), divided(norm.beta, scales)};
}

LinearWeights dividedValues(const LinearWeights &qkv, const std::vector<float> &scales)
{
    const std::int64_t first = qkv.spec.outFeatures - static_cast<std::int64_t>(scales.size());
    const bool valuesBehindQueriesAndKeys = first > 0 && first % 2 == 0;
    checkScales(scales, valuesBehindQueriesAndKeys ? qkv.spec.outFeatures - first : qkv.spec.outFeatures,
                "Layer " + qkv.spec.name);
    LinearWeights result = qkv;
    result.values = floatWeights(qkv);
    const std::int64_t columns = qkv.spec.inFeatures;
    if (!qkv.bias.empty())
        result.bias = qkv.bias.toFloat();
    for (std::size_t c = 0; c < scales.size(); ++c) {
        const std::int64_t row = first + static_cast<std::int64_t>(c);
        float *values = result.values.floats() + row * columns;
        for (std::int64_t k = 0; k < columns; ++k)
            values[k] /= scales[c];
        if (!result.bias.empty())
            result.bias.floats()[row] /= scales[c];
    }
    return result;
}

LinearWeights withInputScale(const LinearWeights &weights, const std::vector<float> &scales)
{
    LinearWeights result = scaledInputs(weights, scales);
    Tensor inputScale = Tensor::fromFloats({weights.spec.inFeatures},
                                           std::vector<float>(static_cast<std::size_t>(weights.spec.inFeatures), 1.0f));
    if (!weights.inputScale.empty())
        inputScale = weights.inputScale;
    result.inputScale = divided(inputScale, scales);
    result.spec.inputScale = true;
    return result;
}

} // namespace edgeflex
