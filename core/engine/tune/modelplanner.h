#pragma once

#include "plan/compressionplan.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Opens the model and makes a plan. Without calibration images, or where no block is to lose more than another, from
// the weights alone (see makePlan). With them the widths are the solution of an allocation: the KL divergence that
// pruning each block alone causes on the search images is measured at some widths, follows the block's own error curve
// between them, and its sum over the blocks is least among all widths that keep options.mlpKeep on average. The same
// goes for the dimensions of heads and options.attentionKeep: queries and keys of one block and values of another are
// weighed against each other.
CompressionPlan planModel(const PlanOptions &options, Progress &progress);

} // namespace edgeflex
