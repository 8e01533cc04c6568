#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// In which order the input channels of a layer go, and what that costs: one run answers for every width.
struct PruningPath
{
    std::vector<std::int64_t> order; // [H] every channel once, the first to go first
    std::vector<double> error;       // [H + 1] once the first k are gone and the others refitted: E||y - y'||^2 as a
                                     // share of the output's variance, from 0 to 1

    // The `width` channels that go last, ascending. Throws Error unless 0 < width <= H.
    std::vector<std::int64_t> kept(std::int64_t width) const;
    // Of that width.
    double errorAt(std::int64_t width) const { return error.at(order.size() - static_cast<std::size_t>(width)); }

    bool operator==(const PruningPath &) const = default;
};

// Backward elimination of the inputs a of y = W a + b, W [D, H], in blocks of 32. With C the covariance of a (the Gram
// matrix for a layer without bias), P = (C + lambda I)^-1 and W always the weights refitted to the channels left:
//   S = the 32 of least ||W_:j||^2 / P_jj (Obs: optimal brain surgeon, Hassibi 1993, a whole column at a time),
//       or those that the score puts next
//   error += tr(W_S P_SS^-1 W_S^T),  W -= W_S P_SS^-1 P_S:,  P -= P_:S P_SS^-1 P_S:
// which the Cholesky factor of P_SS gives channel by channel. The sum is the error of refitting all removed channels at
// once, E||y - y'||^2 + lambda ||W - W'||^2 with W' zero where channels are gone, and lambda a thousandth of their mean
// variance. FP64; two H x H matrices beyond the statistics and as much again while inverting. Throws Error naming the
// layer when weights or statistics do not fit it or are not finite; Cancelled within a fraction of a second.
PruningPath pruningPath(ImportanceScore score, const LinearWeights &weights, const LinearStatistics &statistics,
                        const Progress &progress = neverCancelled);

} // namespace edgeflex
