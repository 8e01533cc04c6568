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
    std::vector<double> gram = {};  // [K, K] E[x x^T]; empty where it was not asked for
};

// Over all calibration tokens, fitted and held out. With the Gram matrix where `withGram` and there is one.
ChannelMoments channelMoments(const LinearStatistics &statistics, bool withGram = false);

// The same of x - E[x], whose mean is 0: what remains to be made small where a bias corrects the mean.
ChannelMoments centred(const ChannelMoments &moments);

// Moments of x_k / scales[k]: what a layer sees after AWQ scales were folded before it. Throws Error when the sizes
// differ.
ChannelMoments scaledDown(const ChannelMoments &moments, const std::vector<float> &scales);

// Weights of the squared errors of a row's values in scale searches: E[x_k^2] over its greatest value, with a floor of
// a hundredth of the mean so that channels silent in calibration are not clipped away. All ones where the moments
// are absent, empty or all zero. Size [features].
std::vector<float> errorWeights(const ChannelMoments *moments, std::int64_t features);

} // namespace edgeflex
