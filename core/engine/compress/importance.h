#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"
#include "plan/compressionplan.h"

#include <vector>

namespace edgeflex {

// How much each MLP channel j matters, [H], never negative, larger matters more; only the order has a meaning.
// With a the inputs of fc2 (after GELU) and W = fc2's weights [D, H]:
//   MeanActivation  mean |a_j|                                   (EdgeFlex-Transformer, arXiv 2512.19741)
//   Wanda           ||W_:j||_2 * ||a_j||_2, ||a_j||_2 = sqrt(G_jj) (Wanda, arXiv 2306.11695, summed over a column)
//   Flap            Var(a_j) * ||W_:j||_2^2                      (FLAP, arXiv 2312.11983)
// Obs judges channels together and is a PruningPath. `fc2` must be FP32. Throws Error naming the layer when the
// statistics are of another width, empty or not finite, or the score is Obs.
std::vector<double> channelImportance(ImportanceScore score, const LinearWeights &fc2,
                                      const LinearStatistics &fc2Input);

} // namespace edgeflex
