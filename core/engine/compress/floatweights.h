#pragma once

#include "engine/kernels/linearweights.h"

namespace edgeflex {

// W as an aligned F32 [N, K] copy. Throws Error naming the layer when it is not FP32, not of that shape, or holds a
// NaN or infinite value: compression starts from the FP32 model.
Tensor floatWeights(const LinearWeights &weights);

} // namespace edgeflex
