#pragma once

#include "plan/ablation.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Compresses the model to options.mlpKeep of its MLP channels and to one number format over and over, with each stage
// of compression alone, with the stages one on top of the other, and with each left out, to final quality, and judges
// each against the uncompressed model. Folds that do not change the model are always made. Stages that have nothing to
// do, such as pruning's where all channels stay, are not listed. At last comes what the solver makes of the same bytes:
// formats and widths chosen together. Throws Error, also where the plan would leave the model as it is.
Ablation ablate(const AblateOptions &options, Progress &progress);

} // namespace edgeflex
