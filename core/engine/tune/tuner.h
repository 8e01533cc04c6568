#pragma once

#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Finds the plan of least predicted loss (KL of the logits) that meets every budget, compresses after it, measures
// it on the search images and writes it to options.out. Weights and peak are exact before anything runs; latency
// and drop are re-measured and the plan tightened. With a drop budget alone the smallest model within it is sought.
// A result that misses a budget is written too, with met = false and a verdict that says by how much.
// Throws Error when no budget is given or one is senseless.
TuneResult tuneModel(const TuneOptions &options, Progress &progress);

} // namespace edgeflex
