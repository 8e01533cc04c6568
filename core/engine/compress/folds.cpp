#include "engine/compress/folds.h"

#include "engine/compress/channelmoments.h"
#include "engine/compress/floatweights.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

namespace edgeflex {

namespace {

void require(bool fits, const LinearWeights &weights, const char *what)
{
    if (!fits)
        throw Error("Layer " + weights.spec.name + " cannot take " + what + ": it has " +
                    std::to_string(weights.spec.inFeatures) + " inputs, " + std::to_string(weights.spec.outFeatures) +
                    " outputs and " + (weights.bias.empty() ? "no" : "a") + " bias.");
}

} // namespace

LinearWeights withNorm(const LinearWeights &weights, const NormWeights &norm)
{
    const std::int64_t columns = weights.spec.inFeatures;
    require(!weights.bias.empty() && norm.gamma.elements() == columns && norm.beta.elements() == columns, weights,
            "a layer norm's weights");
    const Tensor gamma = norm.gamma.toFloat();
    const Tensor beta = norm.beta.toFloat();
    LinearWeights result = takingShift(weights, std::vector<double>(beta.floats(), beta.floats() + columns));
    result.values = floatWeights(weights);
    for (std::int64_t i = 0; i < result.values.elements(); ++i)
        result.values.floats()[i] *= gamma.floats()[i % columns];
    return result;
}

LinearWeights withoutKeyBias(const LinearWeights &qkv, std::int64_t qkWidth)
{
    require(!qkv.bias.empty() && qkWidth > 0 && 2 * qkWidth < qkv.spec.outFeatures, qkv, "a key bias of 0");
    LinearWeights result = qkv;
    result.bias = qkv.bias.toFloat();
    std::fill_n(result.bias.floats() + qkWidth, qkWidth, 0.0F);
    return result;
}

LinearWeights takingShift(const LinearWeights &weights, const std::vector<double> &shift)
{
    const std::int64_t columns = weights.spec.inFeatures;
    require(!weights.bias.empty() && static_cast<std::int64_t>(shift.size()) == columns, weights, "a shift");
    const Tensor values = floatWeights(weights);
    LinearWeights result = weights;
    result.bias = weights.bias.toFloat();
    for (std::int64_t n = 0; n < weights.spec.outFeatures; ++n) {
        double sum = result.bias.floats()[n];
        for (std::int64_t k = 0; k < columns; ++k)
            sum += static_cast<double>(values.floats()[n * columns + k]) * shift[static_cast<std::size_t>(k)];
        result.bias.floats()[n] = static_cast<float>(sum);
    }
    return result;
}

NormWeights withoutShift(const NormWeights &norm, const std::vector<double> &shift)
{
    if (norm.beta.elements() != static_cast<std::int64_t>(shift.size()))
        throw Error("A layer norm of " + std::to_string(norm.beta.elements()) + " channels cannot take a shift of " +
                    std::to_string(shift.size()) + ".");
    NormWeights result{norm.gamma, norm.beta.toFloat()};
    for (std::size_t k = 0; k < shift.size(); ++k)
        result.beta.floats()[k] = static_cast<float>(result.beta.floats()[k] - shift[k]);
    return result;
}

LinearWeights valuesWithoutShift(const LinearWeights &qkv, const std::vector<double> &shift)
{
    const std::int64_t queriesAndKeys = qkv.spec.outFeatures - static_cast<std::int64_t>(shift.size());
    require(!qkv.bias.empty() && !shift.empty() && queriesAndKeys > 0 && queriesAndKeys % 2 == 0, qkv,
            "a shift of its values");
    LinearWeights result = qkv;
    result.bias = qkv.bias.toFloat();
    float *values = result.bias.floats() + queriesAndKeys;
    for (std::size_t k = 0; k < shift.size(); ++k)
        values[k] = static_cast<float>(values[k] - shift[k]);
    return result;
}

LinearStatistics shifted(const LinearStatistics &statistics, const std::vector<double> &shift)
{
    const auto features = static_cast<std::int64_t>(shift.size());
    const ChannelMoments before = channelMoments(statistics); // checks the sizes of the moments
    if (before.mean.size() != shift.size() || before.meanSquare.size() != shift.size() ||
        statistics.maxAbs.size() != shift.size())
        throw Error("Calibration statistics of " + std::to_string(before.mean.size()) +
                    " channels cannot take a shift of " + std::to_string(shift.size()) + ": profile the model again.");
    LinearStatistics result = statistics;
    result.meanSquare = before.meanSquare;
    result.meanAbs.resize(shift.size());
    for (std::size_t k = 0; k < shift.size(); ++k) {
        result.meanSquare[k] = std::max(0.0, before.meanSquare[k] - shift[k] * (2 * before.mean[k] - shift[k]));
        const double deviation = std::sqrt(result.meanSquare[k]);
        result.meanAbs[k] = static_cast<float>(deviation * std::sqrt(2 * std::numbers::inv_pi));
        result.maxAbs[k] = static_cast<float>(std::max(statistics.maxAbs[k] - std::abs(shift[k]), 3 * deviation));
    }
    for (Moments *part : {&result.fit, &result.validation}) {
        if (part->tokens <= 0)
            continue;
        if (!part->gram.empty()) {
#pragma omp parallel for schedule(static) if (features > 256)
            for (std::int64_t row = 0; row < features; ++row) {
                const auto i = static_cast<std::size_t>(row);
                for (std::size_t j = 0; j < shift.size(); ++j)
                    part->gram[i * shift.size() + j] -=
                        shift[i] * part->mean[j] + part->mean[i] * shift[j] - shift[i] * shift[j];
            }
        }
        for (std::size_t k = 0; k < shift.size(); ++k)
            part->mean[k] -= shift[k];
    }
    return result;
}

} // namespace edgeflex
