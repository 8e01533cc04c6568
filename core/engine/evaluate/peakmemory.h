#pragma once

#include "plan/progress.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <string>

namespace edgeflex {

// High-water marks of a process's resident memory (VmHWM).
struct ProcessPeak
{
    std::int64_t idleBytes = 0; // libraries loaded and threads started, no model
    std::int64_t peakBytes = 0; // after opening the model and running one batch
};

// Measures this process, which should be fresh: one batch of noise, as memory does not depend on the pixels.
ProcessPeak measureThisProcess(const ModelSource &model, ScheduleKind kind, int batch, int threads, Progress &progress);

// Starts `executable` ("edgeflex"; empty: this program) as `executable peak-memory ...` and returns what it
// measured. Throws Error with the child's sentence when it fails, Cancelled (and ends the child) on a cancel.
ProcessPeak measureFreshProcess(const std::string &executable, const ModelSource &model, ScheduleKind kind, int batch,
                                int threads, const Progress &progress);

} // namespace edgeflex
