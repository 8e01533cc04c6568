#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/linearstatistics.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <vector>

namespace edgeflex {

// Activation-aware weight quantization (AWQ, arXiv 2306.00978): inputs are divided by s and weight columns multiplied
// by it, so that the columns of loud channels are rounded more finely; the product is unchanged.

struct AwqScales
{
    std::vector<float> scales; // [K], finite and positive; all ones where no other lowers the loss
    double alpha = 0;          // s_k = E|x_k|^alpha, normalized
    double lossPlain = 0;      // tr(D G D^T) of plain rounding, D = W - Q(W)
    double loss = 0;           // of the scales: D = W - Q(W s) / s; never above lossPlain

    bool helps() const { return loss < lossPlain; }
};

struct AwqOptions
{
    NumberFormat format = NumberFormat::Int4; // or INT8
    int groupSize = 64;                       // of INT4
    RoundingStages rounding = {};
    int sampledRows = 256; // of W that are looked at, evenly spread: all rows are alike in form
};

// The best of alpha = 0, 1/20 ... 19/20 for rounding one layer:
//   s_k = max(m_k^alpha, 1e-4), m = mean |x|;  s /= sqrt(max s * min s)
//   loss = tr((W - Q(W s)/s) G (W - Q(W s)/s)^T), the mean output error, without replaying inputs; with their
//   covariance in place of G where the bias will be corrected for their mean.
// For INT8, whose inputs are rounded to 8 bits for each token, too, the loss is that of both (SmoothQuant, arXiv
// 2211.10438, balances them by maxima): of weights to nearest (a third of it with GPTQ, which is about what it leaves),
// and of inputs r^2 / (12 * 255^2) ||W s||^2, with r, a token's range of x / s, taken as twice
// (mean_k (max|x_k| / s_k)^6)^(1/6): on a ViT that chose scales within 3 % of the best there are for the true ranges.
// Scales that would bring inputs or weights near the largest half are passed over. Channels that were always 0 keep
// s = 1. Products are FP32. Throws Error naming the layer when it is not FP32, not finite, or its statistics hold no
// Gram matrix; Cancelled between two alphas.
AwqScales searchAwqScales(const LinearWeights &weights, const LinearStatistics &statistics,
                          const AwqOptions &options = {}, const Progress &progress = neverCancelled);

// W[:, k] * s_k, for inputs that come divided by s. FP32; storage of its own.
LinearWeights scaledInputs(const LinearWeights &weights, const std::vector<float> &scales);

// Where the division goes. Each function replaces tensors, never writes into shared storage, and throws Error when the
// sizes differ.

// LayerNorm before qkv or fc1: gamma / s, beta / s. Nothing else may read that norm.
NormWeights dividedByScales(const NormWeights &norm, const std::vector<float> &scales);
// proj's input is the attention's mixture of values, channel by channel: the value rows (the last scales.size()) of qkv
// and their biases / s. `qkv` must be FP32.
LinearWeights dividedValues(const LinearWeights &qkv, const std::vector<float> &scales);
// fc2, behind GELU, has nothing to fold into: W * s and inputScale / s on the layer itself, 4 bytes an input.
LinearWeights withInputScale(const LinearWeights &weights, const std::vector<float> &scales);

} // namespace edgeflex
