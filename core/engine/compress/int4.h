#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/compress/roundinggrid.h"
#include "engine/kernels/linearweights.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

struct Int4Options
{
    int groupSize = 64; // 32, 64 or 128
    RoundingStages rounding = {};
    std::int64_t unclippedRows = 0; // the first so many keep their whole range: queries and keys
};

// The INT4 grid of `values` F32 [N, K]: codes 0..15, asymmetric ranges [min(w, 0), max(w, 0)] of every row and group,
// scale = range / 15 as a half (at most 65504, so greater weights saturate), zero point round(-min / scale). Where
// ranges are clipped, that of a group is the one of max * (1 - i/20), i = 0..9, with the least
// sum_k weights[k] (w - w')^2 (llm-awq, arXiv 2306.00978, with the Gram matrix's diagonal in place of replayed
// inputs). `weights` [K] as of errorWeights(). Throws Cancelled between rows.
RoundingGrid chooseInt4Grid(const Tensor &values, const Int4Options &options, const std::vector<float> &weights,
                            const Progress &progress = neverCancelled);

// `source` with a grid of chooseInt4Grid() and codes [N, K] in place of its FP32 values.
LinearWeights packInt4(const LinearWeights &source, const RoundingGrid &grid, const std::vector<std::int8_t> &codes);

// FP32 [N, K] -> INT4: grid, codes by GPTQ (where `moments` have a Gram matrix) or the nearest, and the bias corrected
// for E[x] (see biascorrection.h). Where it is, errors are judged by the inputs' covariance. `moments` are of what W
// multiplies: after AWQ's division by its scales. Throws Error naming the layer when it is not FP32 or not finite, or
// the group size is none of 32, 64 and 128.
LinearWeights quantizeInt4(const LinearWeights &weights, const Int4Options &options = {},
                           const ChannelMoments *moments = nullptr, const Progress &progress = neverCancelled);

} // namespace edgeflex
