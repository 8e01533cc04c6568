#pragma once

#include "engine/model/vitmodel.h"
#include "plan/results.h"

namespace edgeflex {

// What a model is and what it will cost, without executing it: sizes, layers, weights in memory, predicted peak.
ModelSummary inspectModel(const InspectOptions &options);
ModelSummary summarise(const VitModel &model);

} // namespace edgeflex
