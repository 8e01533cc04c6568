#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/linearstatistics.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Exact rewritings of a block: what it computes stays the same, what is to be rounded gets easier. Each makes new
// tensors and never writes into shared storage. They throw Error naming the layer when the sizes differ or a bias is
// missing.

// LayerNorm before a linear layer: its gamma into the columns, its beta into the bias. The norm is then {1, 0}.
LinearWeights withNorm(const LinearWeights &weights, const NormWeights &norm);
// Softmax does not see what is added to all of a query's scores: the key rows get a bias of 0. `qkWidth` is how many
// there are, behind as many query rows.
LinearWeights withoutKeyBias(const LinearWeights &qkv, std::int64_t qkWidth);

// Inputs that come as x - shift, e.g. centred ones, which use a range of 8 bits better. The layer makes up for it:
// b + W shift; and it is taken off before, from a LayerNorm's beta,
LinearWeights takingShift(const LinearWeights &weights, const std::vector<double> &shift);
NormWeights withoutShift(const NormWeights &norm, const std::vector<double> &shift);
// or, attention's weights adding up to 1, from the bias of the values (the last shift.size() of qkv's rows). With a
// shift of that bias, this moves it into the projection's.
LinearWeights valuesWithoutShift(const LinearWeights &qkv, const std::vector<double> &shift);
// What calibration would have seen. Moments are exact; mean |x| is that of a normal distribution, and max |x|, of which
// only the uncentred is known, the greater of max |x| - |shift| and three standard deviations.
LinearStatistics shifted(const LinearStatistics &statistics, const std::vector<double> &shift);

} // namespace edgeflex
