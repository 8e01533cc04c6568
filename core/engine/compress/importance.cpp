#include "engine/compress/importance.h"

#include "engine/compress/channelmoments.h"
#include "engine/compress/floatweights.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

// ||W_:j||^2
std::vector<double> squaredColumnNorms(const LinearWeights &fc2)
{
    const Tensor weights = floatWeights(fc2);
    const float *w = weights.floats();
    const auto width = static_cast<std::size_t>(fc2.spec.inFeatures);
    const auto rows = static_cast<std::size_t>(fc2.spec.outFeatures);
    std::vector<double> norms(width, 0.0);
    for (std::size_t d = 0; d < rows; ++d)
        for (std::size_t j = 0; j < width; ++j)
            norms[j] += static_cast<double>(w[d * width + j]) * w[d * width + j];
    return norms;
}

ChannelMoments momentsWithSquares(const LinearWeights &fc2, const LinearStatistics &input)
{
    ChannelMoments moments = channelMoments(input);
    if (moments.meanSquare.empty())
        throw Error("Layer " + fc2.spec.name +
                    " has no mean squares in its calibration statistics: calibrate this model again or choose the "
                    "mean-activation score.");
    return moments;
}

std::vector<double> wanda(const LinearWeights &fc2, const LinearStatistics &input)
{
    const ChannelMoments moments = momentsWithSquares(fc2, input);
    std::vector<double> scores = squaredColumnNorms(fc2);
    for (std::size_t j = 0; j < scores.size(); ++j)
        scores[j] = std::sqrt(scores[j]) * std::sqrt(std::max(moments.meanSquare[j], 0.0));
    return scores;
}

std::vector<double> flap(const LinearWeights &fc2, const LinearStatistics &input)
{
    const ChannelMoments moments = momentsWithSquares(fc2, input);
    std::vector<double> scores = squaredColumnNorms(fc2);
    for (std::size_t j = 0; j < scores.size(); ++j)
        scores[j] *= std::max(moments.meanSquare[j] - moments.mean[j] * moments.mean[j], 0.0);
    return scores;
}

std::vector<double> scoresOf(ImportanceScore score, const LinearWeights &fc2, const LinearStatistics &input)
{
    switch (score) {
    case ImportanceScore::MeanActivation:
        return std::vector<double>(input.meanAbs.begin(), input.meanAbs.end());
    case ImportanceScore::Wanda:
        return wanda(fc2, input);
    case ImportanceScore::Flap:
        return flap(fc2, input);
    case ImportanceScore::Obs:
        break;
    }
    throw Error("Layer " + fc2.spec.name +
                ": the score obs judges channels together, not each alone: take them from its pruning path.");
}

} // namespace

std::vector<double> channelImportance(ImportanceScore score, const LinearWeights &fc2, const LinearStatistics &fc2Input)
{
    const auto width = static_cast<std::size_t>(fc2.spec.inFeatures);
    if (fc2Input.features != fc2.spec.inFeatures || fc2Input.tokens <= 0 || fc2Input.meanAbs.size() != width)
        throw Error("Layer " + fc2.spec.name + " has " + std::to_string(width) +
                    " inputs but its calibration statistics describe " + std::to_string(fc2Input.features) + " over " +
                    std::to_string(fc2Input.tokens) + " tokens: calibrate on this model.");
    const std::vector<double> scores = scoresOf(score, fc2, fc2Input);
    if (!std::all_of(scores.begin(), scores.end(), [](double value) { return std::isfinite(value); }))
        throw Error("Layer " + fc2.spec.name +
                    " has a NaN or infinite value in its weights or calibration statistics: check the checkpoint and "
                    "the calibration images.");
    return scores;
}

} // namespace edgeflex
