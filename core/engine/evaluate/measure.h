#pragma once

#include "plan/measurement.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Opens the model, the data and, where given, the baseline, and measures: accuracy over the images, latency
// (in turn with the baseline), weights, the counting allocator's peak and a fresh process's.
Measurement measureModel(const MeasureOptions &options, Progress &progress);

// Who measured: CPU, target, library versions and date; the caller fills in data, batch and repeats.
Conditions describeConditions(const ExecutionTarget &target);

} // namespace edgeflex
