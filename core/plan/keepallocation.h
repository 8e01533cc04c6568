#pragma once

#include "plan/compressionplan.h"
#include "plan/predictor.h"
#include "plan/progress.h"
#include "plan/sensitivity.h"

namespace edgeflex {

// Puts into `plan` the shares of MLP channels, or of heads' dimensions, that stay in each block: `keep` on average, of
// the widths that `sensitivity` measured. First those of least summed loss, then exchanged among the blocks as long as
// `predictor`, which knows the sensitivity, expects less of the plan as a whole: losses of neighbours do not add up.
// Throws Error when no block was measured with so little left; Cancelled.
void allocateMlpKeeps(const Predictor &predictor, const Sensitivity &sensitivity, double keep, CompressionPlan &plan,
                      const Progress &progress);
void allocateAttentionKeeps(const Predictor &predictor, const Sensitivity &sensitivity, double keep,
                            CompressionPlan &plan, const Progress &progress);

} // namespace edgeflex
