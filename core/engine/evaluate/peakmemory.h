#pragma once

#include "plan/progress.h"
#include "plan/verboptions.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>

namespace edgeflex {

// What a model takes in a process of its own: high-water marks of the resident memory (VmHWM), and what the allocator
// counts.
struct ProcessPeak
{
    std::int64_t idleBytes = 0;         // VmHWM with libraries loaded and threads started, no model
    std::int64_t peakBytes = 0;         // VmHWM after opening the model and running its batches
    std::int64_t weightsBytes = 0;      // live once the model is ready
    std::int64_t weightsAfterBytes = 0; // live after the last batch
    std::int64_t allocatorBytes = 0;    // the allocator's peak while the batches ran, weights included
    double startMilliseconds = 0;       // from the file to a model that is ready
};

// Measures this process, which should be fresh: `batches` batches of noise, as memory does not depend on the pixels.
ProcessPeak measureThisProcess(const ModelSource &model, ScheduleKind kind, int batch, int batches, int threads,
                               Progress &progress);

// Starts `executable` ("edgeflex"; empty: this program) as `executable peak-memory ...` and returns what it
// measured. Throws Error with the child's sentence when it fails, Cancelled (and ends the child) on a cancel.
ProcessPeak measureFreshProcess(const std::string &executable, const ModelSource &model, ScheduleKind kind, int batch,
                                int batches, int threads, const Progress &progress);

void to_json(nlohmann::json &json, const ProcessPeak &value);
void from_json(const nlohmann::json &json, ProcessPeak &value);

} // namespace edgeflex
