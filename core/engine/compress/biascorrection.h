#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/kernels/linearweights.h"

#include <vector>

namespace edgeflex {

// b' = b + (W - Wq) E[x], so that the mean output over calibration is exact although the weights are rounded (Nagel et
// al., Data-Free Quantization, arXiv 1906.04721, with measured means). `original` is W F32 [N, K]; `quantized` gets the
// new bias in storage of its own. A layer without bias stays without. `mean` [K] is of what W multiplies, that
// is after an input scale. A row whose corrected bias is beyond FP32 keeps its bias.
void correctBias(LinearWeights &quantized, const Tensor &original, const std::vector<double> &mean);

} // namespace edgeflex
