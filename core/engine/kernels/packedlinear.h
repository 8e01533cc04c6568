#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/kernels/weightarray.h"

namespace edgeflex {

// Counts up whenever packLinear() puts anything elsewhere: what was packed before is then packed anew.
inline constexpr int packedLayoutVersion = 1;

// A linear layer's weights as kernels read them, the same for every instruction set (see panelOutputs for panels):
//   values      FP32 and FP16 in panels, an input scale multiplied into FP32; BF16 in panels of pairs of inputs; INT8
//               in panels of four; INT4 as SimdKernels::unpackInt4Panel reads it, panel by panel
//   scales      INT8: FP32 [N]; INT4: halves [G, width] a panel
//   offsets     INT8: s32 [N], sums over K of the values; INT4: zero points, like the values with G for K
//   bias        FP32 [N], or none
//   inputScale  FP32 [K], or none
// Sizes are those of arrayBytes().
struct PackedLinear
{
    LinearSpec spec;
    WeightArray values;
    WeightArray scales;
    WeightArray offsets;
    WeightArray bias;
    WeightArray inputScale;
};

// Copies the weights once into that layout. Throws Error naming the layer when an array is not as LinearWeights has it,
// or a weight, scale or bias is NaN or infinite. Its allocations are exactly weightBytes(spec), one an array.
PackedLinear packLinear(const LinearWeights &weights);

} // namespace edgeflex
