#pragma once

#include "engine/profile/linearstatistics.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Per-channel moments of the inputs of a linear layer: what quantization needs of the calibration statistics.
struct ChannelMoments
{
    std::vector<double> mean;       // [K] E[x]
    std::vector<double> meanSquare; // [K] E[x^2]; empty where neither it nor a Gram matrix was taken
};

// Over all calibration tokens, fitted and held out.
ChannelMoments channelMoments(const LinearStatistics &statistics);

// Moments of x_k / scales[k]: what a layer sees after AWQ scales were folded before it. Throws Error when the sizes
// differ.
ChannelMoments scaledDown(const ChannelMoments &moments, const std::vector<float> &scales);

// Weights of the squared errors of a row's values in scale searches: E[x_k^2] over its greatest value, with a floor of
// a hundredth of the mean so that channels silent in calibration are not clipped away. All ones where the moments
// are absent, empty or all zero. Size [features].
std::vector<float> errorWeights(const ChannelMoments *moments, std::int64_t features);

} // namespace edgeflex
