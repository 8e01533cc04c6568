#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/compress/roundinggrid.h"
#include "engine/kernels/linearweights.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <vector>

namespace edgeflex {

// The INT8 grid of `values` F32 [N, K]: one group a row, codes -127..127, symmetric; `weights` [K] as of
// errorWeights(). See below. Throws Cancelled between rows.
RoundingGrid chooseInt8Grid(const Tensor &values, bool clip, const std::vector<float> &weights,
                            const Progress &progress = neverCancelled);

// FP32 [N, K] -> INT8, symmetric per output row: codes -127..127, w' = s q. The scale is max|w| / 127 or, where ranges
// are clipped, the one of 20 shrink factors f = 1, 0.98 ... 0.62 of it with the least sum_k E[x_k^2] (w - w')^2 (all
// inputs alike without `moments`). Codes are by GPTQ (where `moments` have a Gram matrix) or the nearest; then the bias
// is corrected for E[x] (see biascorrection.h). Where it is, errors are judged by the inputs' covariance. A row of
// zeros has scale 1. `moments` are of what W multiplies, after an input scale. Throws Error naming the layer when it is
// not FP32 or not finite; Cancelled between rows.
LinearWeights quantizeInt8(const LinearWeights &weights, const RoundingStages &stages = {},
                           const ChannelMoments *moments = nullptr, const Progress &progress = neverCancelled);

} // namespace edgeflex
