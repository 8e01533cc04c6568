#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"
#include "engine/profile/outputgap.h"
#include "plan/progress.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace edgeflex {

struct RefitOptions
{
    std::vector<double> rhos{1e-4, 1e-3, 1e-2, 1e-1}; // ridge as a share of the mean variance of the kept channels
    double rhoWithoutValidation = 1e-2;               // used when no tokens were held out
    const OutputGap *gap = nullptr;                   // what earlier layers made the output miss, of these statistics
    double correction = 0;                            // share of that which this layer shall make up for
};

// Output errors E||y - y'||^2 as shares of the variance E||y - E y||^2 of the output wanted (of E||y||^2 without bias).
// 0 when there is no error; 1 when there is one although the output never varies.
struct RefitError
{
    double plain = 0;    // channels removed, nothing else changed
    double biasOnly = 0; // and the removed channels' mean added to the bias
    double refit = 0;    // and the weights refitted

    bool operator==(const RefitError &) const = default;
};

struct RefitResult
{
    LinearWeights weights;             // FP32 [D, |K|] and bias [D]
    std::optional<double> rho;         // absent: the kept channels could not predict the removed ones better than
                                       // their mean does, so only the bias changed
    RefitError error;                  // of the result, over all calibration tokens
    std::optional<RefitError> heldOut; // over the validation tokens, of weights fitted without them
};

// Closed-form ridge refit of a linear layer y = W a + b, W [D, H], of which only the inputs K stay and P are removed.
// With mu and C the mean and covariance of a:
//   lambda = rho * mean(diag C_KK)
//   X  = (C_KK + lambda I)^-1 C_KP W_P^T      [|K|, D]
//   W' = W_K + X^T,  b' = b + W_P mu_P - X^T mu_K
// the least-squares answer to min E||W a + b - W' a_K - b'||^2 for rho -> 0 (CORP, arXiv 2602.05243). A layer without
// bias is refitted on the uncentred Gram matrix. rho is the one of least error on the validation tokens after
// a fit on the others, "bias only" competing; the result is solved on all tokens. The errors come from the moments
// alone:
//   E||Delta a + delta||^2 = tr(Delta C Delta^T) + ||Delta mu + delta||^2
// With a gap d and a correction alpha the target is W a + b + alpha d: C_KP W_P^T grows by alpha Cov(a_K, d), the bias
// by alpha E d, and errors are those against that target. alpha = 1 would follow the calibration images too closely.
// FP64 throughout; memory beyond the statistics stays below 3 H^2 doubles. `kept` is strictly ascending. Throws Error
// naming the layer when weights or statistics do not fit it, are not finite, or the result is beyond FP32; Cancelled.
RefitResult refitInputs(const LinearWeights &weights, const LinearStatistics &statistics,
                        const std::vector<std::int64_t> &kept, const RefitOptions &options = {},
                        const Progress &progress = neverCancelled);

} // namespace edgeflex
