#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/kernels/linearweights.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// The INT4 grid of a layer: w' = scale (q - zeroPoint), q in 0..15, one scale and zero point for each of N rows and
// G groups of `groupSize` inputs (the last may be shorter).
struct Int4Grid
{
    int groupSize = 64;
    std::int64_t rows = 0;
    std::int64_t features = 0;            // K
    std::vector<std::uint16_t> scales;    // [N, G] FP16 bits, rounded before any code is chosen
    std::vector<std::uint8_t> zeroPoints; // [N, G] 0..15

    std::int64_t groups() const { return (features + groupSize - 1) / groupSize; }
};

struct Int4Options
{
    int groupSize = 64;     // 32, 64 or 128
    bool clipSearch = true; // shrink each group's range where that lowers its error
};

// Asymmetric ranges [min(w, 0), max(w, 0)] of every row and group of `values` F32 [N, K]: scale = range / 15 as FP16
// (at most 65504, so greater weights saturate), zero point round(-min / scale). With the clip search the range is the
// one of max * (1 - i/20), i = 0..9, with the least sum_k weights[k] (w - w')^2 (llm-awq, arXiv 2306.00978, with the
// Gram matrix's diagonal in place of replayed inputs). `weights` [K] as of errorWeights(). Throws Cancelled between
// rows.
Int4Grid chooseInt4Grid(const Tensor &values, const Int4Options &options, const std::vector<float> &weights,
                        const Progress &progress = neverCancelled);

// Codes 0..15 of `values` F32 [N, K], each rounded to the nearest point of its grid. [N, K]
std::vector<std::uint8_t> roundToNearest(const Tensor &values, const Int4Grid &grid);

// W' as F32 [N, K].
Tensor dequantizedInt4(const std::vector<std::uint8_t> &codes, const Int4Grid &grid);

// `source` with grid and codes in place of its FP32 values.
LinearWeights packInt4(const LinearWeights &source, const Int4Grid &grid, const std::vector<std::uint8_t> &codes);

// FP32 [N, K] -> INT4: grid, round to nearest, pack, and correct the bias for E[x] (see biascorrection.h). `moments`
// are of what W multiplies: after AWQ's division by its scales. Throws Error naming the layer when it is not FP32 or
// not finite, or the group size is none of 32, 64 and 128.
LinearWeights quantizeInt4(const LinearWeights &weights, const Int4Options &options = {},
                           const ChannelMoments *moments = nullptr, const Progress &progress = neverCancelled);

} // namespace edgeflex
