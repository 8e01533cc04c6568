#pragma once

#include "engine/tensor/tensor.h"
#include "plan/modelspec.h"

namespace edgeflex {

// The values of a linear layer as stored in files and handed to kernels: natural row-major order.
//   FP32, FP16, BF16: values [N, K] of that type
//   INT8: values I8 [N, K], scales F32 [N]:            W[n,k] = scales[n] * values[n,k]
//   INT4: values U8 [N, ceil(K/2)], low nibble first;  scales F16 [N, G]; zeroPoints U8 [N, ceil(G/2)],
//         low nibble first;                            W[n,k] = scales[n,g] * (q[n,k] - z[n,g]), g = k / groupSize
// y = W (x * inputScale) + bias, with inputScale F32 [K] or empty and bias F32 [N] or empty.
struct LinearWeights
{
    LinearSpec spec;
    Tensor values;
    Tensor scales;
    Tensor zeroPoints;
    Tensor bias;
    Tensor inputScale;

    // Throws Error naming the layer and the array whose type or shape is not as above.
    void check() const;
    // W as F32 [N, K], without inputScale.
    Tensor dequantized() const;
};

// The same weights in FP32, FP16 or BF16 (rounded to nearest even). `weights` must be FP32.
LinearWeights castWeights(const LinearWeights &weights, NumberFormat format);

} // namespace edgeflex
