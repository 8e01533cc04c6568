#pragma once

#include "engine/model/transformer.h"
#include "engine/profile/tokenstream.h"
#include "plan/outputerror.h"
#include "plan/progress.h"

namespace edgeflex {

// The linear layer that comes closest to one half of a block, y = A norm(x) + b for what its attention or its MLP adds
// to the tokens x: ridge least squares in closed form, the damping chosen by tokens held out (see refitInputs()). It
// takes the place of proj or fc2, whose name and bias it has, or none.
struct LinearHalf
{
    LinearWeights layer; // FP32 [width, width]
    OutputError error;   // of what the half adds: when it adds nothing any more, and with the layer
};

// `half`: BlockPart::Attention or BlockPart::Mlp. `stream` stands before the block, which `transformer` has in full.
// Throws Error as refitInputs(); Cancelled.
LinearHalf fitLinearHalf(const Transformer &transformer, int block, BlockPart half, const TokenStream &stream,
                         bool weighsClassTokens, const Progress &progress);

} // namespace edgeflex
