#pragma once

#include "engine/model/vitmodel.h"
#include "plan/compressionplan.h"
#include "plan/verboptions.h"

namespace edgeflex {

// A plan from the weights alone, without images (but for options.halfByProfile): every linear layer in options.format
// and MLP channels kept to an average of options.mlpKeep over the blocks, or to that in each with options.uniform.
// Blocks whose weights waste more channels lose more: the share of sum_j (||fc1_j|| ||fc2_:j||)^2 that goes is
// minimised over all blocks, none below half of the average keep ratio. At least 1 - mlpKeep is removed. Of the
// dimensions of heads every block keeps options.attentionKeep, of heads options.headKeep: how much they matter is not
// seen in weights. What options.linearAttention and linearMlp name becomes linear; shares are of what does not. Throws
// Error naming the option that the model cannot have.
CompressionPlan makePlan(const VitModel &model, const PlanOptions &options);

} // namespace edgeflex
