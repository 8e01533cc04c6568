#pragma once

#include "engine/evaluate/judge.h"
#include "engine/evaluate/loadedmodel.h"
#include "plan/measurement.h"
#include "plan/progress.h"

#include <string>

namespace edgeflex {

// How a model is measured: what the verbs measure and draft have in common.
struct Measuring
{
    const LoadedModel *model = nullptr;
    const LoadedModel *baseline = nullptr; // null: none
    std::string baselineName;
    Answers *reference = nullptr;        // the baseline's, or without one the model's own
    const BatchReader *reader = nullptr; // images that judge
    std::string dataset;                 // as given
    std::string images;                  // dataIdentity() of those that judge
    ScheduleKind schedule = ScheduleKind::Tight;
    int batch = 1;
    int repeats = 20;
};

// Accuracy, latency (in turn with the baseline's), weights, the counting allocator's peak, and the conditions; process
// memory is said not to be measured. The caller names the model.
Measurement measureLoaded(const Measuring &measuring, Progress &progress);

// Throws Error when a batch or a number of repeats makes no sense.
void requireMeasurable(int batch, int repeats);
// Bytes that measuring a model takes at most, its pixels included.
std::int64_t measuringBytes(const ModelSpec &spec, ScheduleKind kind, int batch, const ExecutionTarget &target);

// Of /proc/cpuinfo, e.g. "AMD EPYC".
std::string cpuName();
// Who measured: CPU, target, library versions and date; the caller fills in data, batch and repeats.
Conditions describeConditions(const ExecutionTarget &target);

} // namespace edgeflex
