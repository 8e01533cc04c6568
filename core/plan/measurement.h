#pragma once

#include "plan/executiontarget.h"
#include "plan/judgedanswers.h"
#include "plan/outputerror.h"
#include "plan/schedule.h"
#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// Under what circumstances a figure was measured. No figure without one.
struct Conditions
{
    std::string machine; // CPU model
    ExecutionTarget target;
    std::string threadWaits; // how OpenMP's threads wait: "GOMP_SPINCOUNT=10000"; empty in older files
    ScheduleKind schedule = ScheduleKind::Tight;
    int batch = 1;
    int repeats = 0;     // of timing, per model
    std::string dataset; // path as given
    std::int64_t images = 0;
    std::string edgeflexVersion;
    std::string oneDnnVersion;
    std::string libTorchVersion;
    std::string dateUtc; // ISO 8601

    bool operator==(const Conditions &) const = default;
};

struct Latency
{
    double medianMs = 0;   // per batch
    double p95Ms = 0;      // per batch
    double perImageMs = 0; // median / batch

    bool operator==(const Latency &) const = default;
};

struct PeakMemory
{
    std::int64_t allocatorBytes = 0;   // counting allocator's peak of a forward pass, weights included
    std::int64_t processBytes = 0;     // VmHWM of a fresh process minus that of the idle engine; -1: not measured
    std::int64_t idleProcessBytes = 0; // VmHWM of the idle engine; -1: not measured

    bool operator==(const PeakMemory &) const = default;
};

// What is known of a variant's accuracy while its images are still being judged.
struct AccuracySoFar
{
    Proportion top1;
    Proportion baselineTop1; // on the same images; total 0 without a baseline
    PairedDrop drop;         // meaningless without a baseline
    std::int64_t imagesInAll = 0;

    bool operator==(const AccuracySoFar &) const = default;
};

struct BaselineComparison
{
    std::string baseline; // model path
    Proportion baselineTop1;
    double agreement = 0; // share of images with the same top-1 answer
    double klMean = 0;    // mean KL(baseline || variant) of the softmax outputs, nats
    PairedDrop drop;
    Spread latencyRatio;                    // variant / baseline, alternating in the same run
    std::optional<Latency> baselineLatency; // in that run; absent: not measured
    double weightsRatio = 0;
    double peakRatio = 0; // allocator

    bool operator==(const BaselineComparison &) const = default;
};

struct Measurement
{
    std::string model;
    std::int64_t images = 0;
    Proportion top1;
    Proportion top5;
    std::optional<Latency> latency; // absent: not measured
    std::int64_t weightsBytes = 0;  // as stored in memory for execution
    PeakMemory peakMemory;
    Conditions conditions;
    std::optional<JudgedAnswers> answers; // absent: not kept, as in older files
    LayerErrors refits;                   // of the layers that pruning refitted, as far as known
    std::optional<BaselineComparison> againstBaseline;

    bool operator==(const Measurement &) const = default;
};

// JSON keys follow the command line's documented names: images, top1 {correct, rate, low, high}, top5,
// latencyMs {median, p95, perImage}, weightsBytes, peakMemoryBytes {allocator, process, idleProcess},
// conditions, answers (see JudgedAnswers), refits {layer: {removed, refit}}, againstBaseline {agreement, klMean,
// dropPoints, low, high, upperBound, mcnemarP, latencyRatio {median, low, high}, baselineLatencyMs as latencyMs,
// weightsRatio, peakRatio}.
void to_json(nlohmann::json &json, const AccuracySoFar &value);
void from_json(const nlohmann::json &json, AccuracySoFar &value);
void to_json(nlohmann::json &json, const Conditions &value);
void from_json(const nlohmann::json &json, Conditions &value);
void to_json(nlohmann::json &json, const Measurement &value);
void from_json(const nlohmann::json &json, Measurement &value);

} // namespace edgeflex
