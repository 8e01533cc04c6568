#pragma once

#include "engine/model/transformer.h"
#include "plan/measurement.h"
#include "plan/progress.h"

#include <vector>

namespace edgeflex {

// Milliseconds a batch, one value a repeat.
struct LatencySamples
{
    std::vector<double> variantMs;
    std::vector<double> baselineMs; // empty without a baseline

    Latency latency(int batch) const;
    Latency baselineLatency(int batch) const;
    // variant / baseline, repeat by repeat: they alternated, so drift of the machine cancels.
    Spread ratio() const;
};

// Times `repeats` times each model, in turn, running batches of `pixels` [batch, channels, height, width], after two
// warm-ups. A repeat is the median of as many batches as take 10 ms, at least one: a batch of a small model is shorter
// than what the system takes a processor away for.
LatencySamples sampleLatency(const Transformer &variant, const Transformer *baseline, ScheduleKind kind, int batch,
                             const float *pixels, int repeats, Progress &progress);

} // namespace edgeflex
