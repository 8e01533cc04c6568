#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/linearstatistics.h"
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

// The best of alpha = 0, 1/20 ... 19/20 for one layer's INT4 rounding in groups of `groupSize`:
//   s_k = max(m_k^alpha, 1e-4), m = mean |x|;  s /= sqrt(max s * min s)
//   loss = tr((W - Q(W s)/s) G (W - Q(W s)/s)^T), the mean output error, without replaying inputs
// over at most `sampledRows` rows of W, evenly spread (all rows are alike in form; the grid needs their order of losses
// only). Channels that were always 0 keep s = 1. Products are FP32. Throws Error naming the layer when it is not
// FP32, not finite, or its statistics hold no Gram matrix; Cancelled between two alphas.
AwqScales searchAwqScales(const LinearWeights &weights, const LinearStatistics &statistics, int groupSize,
                          int sampledRows = 256, const Progress &progress = neverCancelled);

// W[:, k] * s_k, for inputs that come divided by s. FP32; storage of its own.
LinearWeights scaledInputs(const LinearWeights &weights, const std::vector<float> &scales);

// Where the division goes. Each function replaces tensors, never writes into shared storage, and throws Error when the
// sizes differ.

// LayerNorm before qkv or fc1: gamma / s, beta / s. Nothing else may read that norm.
NormWeights dividedByScales(const NormWeights &norm, const std::vector<float> &scales);
// proj's input is the attention's mixture of values, channel by channel: the value rows (the last third) of qkv and
// their biases / s, scales.size() == outFeatures / 3. `qkv` must be FP32.
LinearWeights dividedValues(const LinearWeights &qkv, const std::vector<float> &scales);
// fc2, behind GELU, has nothing to fold into: W * s and inputScale / s on the layer itself, 4 bytes an input.
LinearWeights withInputScale(const LinearWeights &weights, const std::vector<float> &scales);

} // namespace edgeflex
