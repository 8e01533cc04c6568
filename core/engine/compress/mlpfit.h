#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/mlptokens.h"
#include "plan/modelspec.h"
#include "plan/progress.h"

namespace edgeflex {

struct MlpFitOptions
{
    int passes = 4;             // over the tokens
    double learningRate = 0.01; // of the first steps, as a share of a matrix's root mean square
};

struct MlpFit
{
    LinearWeights fc1;
    LinearWeights fc2;
    // Mean square error over the validation tokens, as a share of the outputs' mean square: as the layers came and as
    // they are. The same when the fit did not help, and the layers stayed as they came.
    double before = 0;
    double after = 0;
};

// Fits the weights and biases of both layers of an MLP, FP32 and with biases, so that for `fit`'s inputs its outputs
// come close to the wanted ones: the weighted least squares of a narrow MLP that shall do what a wide one did. Where a
// closed form can choose only fc2, this moves what the channels that stayed respond to. Adam (Kingma and Ba 2015) from
// the weights given, on random batches, with a learning rate that falls to zero along a cosine; about a second for each
// 10^11 multiplications, of which a pass takes 6 * tokens * D * H. Labels are not used, nor does any gradient leave the
// block. Memory beyond the tokens: 9 values a weight, and one batch. The same tokens give the same weights on one
// processor with one number of threads. Throws Error naming the layer when the layers do not fit each other or the
// tokens, or when there are none to fit; Cancelled.
MlpFit fitMlp(const LinearWeights &fc1, const LinearWeights &fc2, Activation activation, const MlpTokens &fit,
              const MlpTokens &validation, const MlpFitOptions &options, const Progress &progress = neverCancelled);

} // namespace edgeflex
