#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/kernels/linearweights.h"
#include "plan/progress.h"

namespace edgeflex {

// FP32 [N, K] -> INT8, symmetric per output row: q = clamp(round(w / s), -127, 127), w' = s q. The scale is the one of
// 20 shrink factors f = 1, 0.98 ... 0.62 of s = f max|w| / 127 with the least sum_k E[x_k^2] (w - w')^2 (all inputs
// alike without `moments`); then the bias is corrected for E[x] (see biascorrection.h). A row of zeros has scale 1.
// `moments` are of what W multiplies, after an input scale. Throws Error naming the layer when it is not FP32 or not
// finite; Cancelled between rows.
LinearWeights quantizeInt8(const LinearWeights &weights, const ChannelMoments *moments = nullptr,
                           const Progress &progress = neverCancelled);

} // namespace edgeflex
