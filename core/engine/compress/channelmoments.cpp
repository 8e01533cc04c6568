#include "engine/compress/channelmoments.h"

#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace edgeflex {

namespace {

void checkGram(const ChannelMoments &moments)
{
    if (!moments.gram.empty() && moments.gram.size() != moments.mean.size() * moments.mean.size())
        throw Error("Calibration statistics of " + std::to_string(moments.mean.size()) +
                    " channels hold a Gram matrix of " + std::to_string(moments.gram.size()) +
                    " values: profile the model again.");
}

} // namespace

ChannelMoments channelMoments(const LinearStatistics &statistics, bool withGram)
{
    const auto features = static_cast<std::size_t>(statistics.features);
    ChannelMoments result;
    result.mean.assign(features, 0.0);
    const double tokens = static_cast<double>(statistics.fit.tokens + statistics.validation.tokens);
    bool haveGram = tokens > 0;
    for (const Moments *part : {&statistics.fit, &statistics.validation}) {
        if (part->tokens <= 0)
            continue;
        if (part->mean.size() != features || (!part->gram.empty() && part->gram.size() != features * features))
            throw Error("The calibration statistics of a layer with " + std::to_string(features) +
                        " inputs hold a mean of " + std::to_string(part->mean.size()) + " and a Gram matrix of " +
                        std::to_string(part->gram.size()) + " values: profile the model again.");
        const double share = static_cast<double>(part->tokens) / tokens;
        for (std::size_t k = 0; k < features; ++k)
            result.mean[k] += share * part->mean[k];
        haveGram = haveGram && !part->gram.empty();
    }
    if (withGram && haveGram)
        result.gram = statistics.all().gram;
    if (!statistics.meanSquare.empty()) {
        if (statistics.meanSquare.size() != features)
            throw Error("The calibration statistics of a layer with " + std::to_string(features) + " inputs hold " +
                        std::to_string(statistics.meanSquare.size()) + " mean squares: profile the model again.");
        result.meanSquare = statistics.meanSquare;
        return result;
    }
    if (!haveGram)
        return result;
    result.meanSquare.assign(features, 0.0);
    for (const Moments *part : {&statistics.fit, &statistics.validation}) {
        if (part->tokens <= 0)
            continue;
        const double share = static_cast<double>(part->tokens) / tokens;
        for (std::size_t k = 0; k < features; ++k)
            result.meanSquare[k] += share * part->gram[k * features + k];
    }
    return result;
}

ChannelMoments centred(const ChannelMoments &moments)
{
    checkGram(moments);
    ChannelMoments result = moments;
    const auto features = static_cast<std::int64_t>(moments.mean.size());
    for (std::size_t k = 0; k < result.meanSquare.size(); ++k)
        result.meanSquare[k] = std::max(0.0, result.meanSquare[k] - moments.mean[k] * moments.mean[k]);
    if (!result.gram.empty()) {
#pragma omp parallel for schedule(static) if (features > 256)
        for (std::int64_t i = 0; i < features; ++i)
            for (std::int64_t j = 0; j < features; ++j)
                result.gram[static_cast<std::size_t>(i * features + j)] -=
                    moments.mean[static_cast<std::size_t>(i)] * moments.mean[static_cast<std::size_t>(j)];
    }
    std::fill(result.mean.begin(), result.mean.end(), 0.0);
    return result;
}

ChannelMoments scaledDown(const ChannelMoments &moments, const std::vector<float> &scales)
{
    if (moments.mean.size() != scales.size() ||
        (!moments.meanSquare.empty() && moments.meanSquare.size() != scales.size()))
        throw Error("Calibration statistics of " + std::to_string(moments.mean.size()) + " channels cannot take " +
                    std::to_string(scales.size()) + " scales: profile the model again.");
    checkGram(moments);
    ChannelMoments result = moments;
    for (std::size_t k = 0; k < scales.size(); ++k) {
        const double scale = scales[k];
        result.mean[k] /= scale;
        if (!result.meanSquare.empty())
            result.meanSquare[k] /= scale * scale;
    }
    if (!result.gram.empty()) {
        const auto features = static_cast<std::int64_t>(scales.size());
#pragma omp parallel for schedule(static) if (features > 256)
        for (std::int64_t i = 0; i < features; ++i)
            for (std::int64_t j = 0; j < features; ++j)
                result.gram[static_cast<std::size_t>(i * features + j)] /=
                    static_cast<double>(scales[static_cast<std::size_t>(i)]) * scales[static_cast<std::size_t>(j)];
    }
    return result;
}

std::vector<float> errorWeights(const ChannelMoments *moments, std::int64_t features)
{
    std::vector<float> weights(static_cast<std::size_t>(features), 1.0f);
    if (!moments || moments->meanSquare.empty())
        return weights;
    const std::vector<double> &squares = moments->meanSquare;
    if (squares.size() != weights.size())
        throw Error("Calibration statistics of " + std::to_string(squares.size()) +
                    " channels do not fit a layer with " + std::to_string(features) +
                    " inputs: profile the model again.");
    const double greatest = *std::max_element(squares.begin(), squares.end());
    if (!(greatest > 0) || !std::isfinite(greatest))
        return weights;
    double mean = 0;
    for (double square : squares)
        mean += square / greatest;
    mean /= static_cast<double>(squares.size());
    for (std::size_t k = 0; k < squares.size(); ++k)
        weights[k] = static_cast<float>(std::max(squares[k] / greatest, 0.01 * mean));
    return weights;
}

} // namespace edgeflex
