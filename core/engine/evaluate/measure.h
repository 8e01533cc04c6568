#pragma once

#include "plan/measurement.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Opens the model, the data and, where given, the baseline, and measures: accuracy over the images, latency
// (in turn with the baseline), weights, the counting allocator's peak and a fresh process's. Accuracy is told to
// `progress` as images stream in, in an order spread over the data.
Measurement measureModel(const MeasureOptions &options, Progress &progress);

} // namespace edgeflex
