#pragma once

#include "plan/measurement.h"
#include "plan/modelspec.h"
#include "plan/numberformat.h"
#include "plan/statistics.h"
#include "plan/verboptions.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// A plan for measuring the speed and memory of a shape: one format for every layer, and the same share of every MLP's
// channels and of every head's dimensions.
struct BenchPlan
{
    NumberFormat format = NumberFormat::Fp32;
    double mlpKeep = 1;       // in (0, 1]
    double attentionKeep = 1; // of each head's dimensions, in (0, 1]

    bool prunes() const { return mlpKeep < 1 || attentionKeep < 1; }
    bool operator==(const BenchPlan &) const = default;
};

// "int8", "int4:mlp=0.7", "int8:mlp=0.6:attention=0.75". Throws Error that says what is wrong.
BenchPlan benchPlanFromString(std::string_view words);
std::string toString(const BenchPlan &plan);
// "INT8, 40 % of MLPs and 25 % of attention removed".
std::string describe(const BenchPlan &plan);
// What is measured when nobody says otherwise.
std::vector<BenchPlan> defaultBenchPlans();

// What `edgeflex bench` can be asked for. Not part of the protocol.
struct BenchOptions
{
    std::vector<std::string> models; // folders or files, original or tuned
    ModelSource facts;               // what the one model, a bare state dict, does not say itself; its path is not used
    std::string original;            // of a tuned model, where it is not where it was made from
    std::vector<int> batches{1};
    std::vector<BenchPlan> plans = defaultBenchPlans(); // of original models
    int rounds = 20;                                    // of timing; 0: none
    bool memory = true;                                 // measure each variant in a process of its own
    std::int64_t memoryImages = 20;                     // images that it classifies there, at least a batch
    bool peers = true;                                  // time ONNX Runtime and OpenVINO beside
    std::string onnxInt8;                               // the one model, quantized for ONNX Runtime; empty: none
    std::string openvinoInt8;                           // likewise for OpenVINO, .xml or .onnx
    std::string engineExecutable;                       // the edgeflex program to start; empty: this one
    JobOptions job;
    bool operator==(const BenchOptions &) const = default;
};

// `spec` (uncompressed) as the plan makes it; widths snap as those of a CompressionPlan do.
ModelSpec plannedSpec(const ModelSpec &spec, const BenchPlan &plan);

// The contender that is a yardstick: oneDNN's products of 8 bits and nothing else of the model.
inline constexpr std::string_view int8ProductsName = "oneDNN, INT8 linear layers alone";

// How quick one contender was.
struct BenchmarkTime
{
    std::string name;                 // "INT8, 40 % of MLPs removed", "ONNX Runtime FP32"
    std::string executedBy;           // "INT8 AVX2", "ONNX Runtime 1.21.0"
    bool ours = true;                 // else a peer's
    std::vector<double> milliseconds; // a batch, one a round; all contenders took turns in every round

    bool operator==(const BenchmarkTime &) const = default;
};

// What one variant took of memory in a process of its own.
struct BenchmarkMemory
{
    std::string name;
    ScheduleKind schedule = ScheduleKind::Tight;
    std::int64_t weightsBytes = 0;      // resident after loading, as the allocator counts
    std::int64_t weightsAfterBytes = 0; // the same after `images` images: nothing piles up
    std::int64_t images = 0;
    std::int64_t allocatorBytes = 0; // the allocator's peak while they were classified, weights included
    std::int64_t processBytes = 0;   // VmHWM above that of a process with the libraries loaded and no model
    double startMilliseconds = 0;    // from the file to a model that is ready

    bool operator==(const BenchmarkMemory &) const = default;
};

// One model at one batch size.
struct BenchmarkTable
{
    std::string model;      // for people
    std::string provenance; // "" for trained weights; why its rows claim no accuracy otherwise
    int batch = 1;
    std::vector<BenchmarkTime> times;    // empty: not timed
    std::vector<BenchmarkMemory> memory; // the first is what the others are compared with; empty: not measured

    // How many times as fast as `reference` a contender is, round by round. Throws Error without such a reference.
    Spread speedUp(const BenchmarkTime &of, const BenchmarkTime &reference) const;
    const BenchmarkTime *time(std::string_view name) const; // null without such a contender

    bool operator==(const BenchmarkTable &) const = default;
};

struct Benchmark
{
    Conditions conditions; // batch and data set are the tables'; repeats: rounds
    std::vector<BenchmarkTable> tables;
    std::vector<std::string> notes; // why a peer is not there

    bool operator==(const Benchmark &) const = default;
};

void to_json(nlohmann::json &json, const BenchmarkTime &value);
void from_json(const nlohmann::json &json, BenchmarkTime &value);
void to_json(nlohmann::json &json, const BenchmarkMemory &value);
void from_json(const nlohmann::json &json, BenchmarkMemory &value);
void to_json(nlohmann::json &json, const BenchmarkTable &value);
void from_json(const nlohmann::json &json, BenchmarkTable &value);
void to_json(nlohmann::json &json, const Benchmark &value);
void from_json(const nlohmann::json &json, Benchmark &value);

} // namespace edgeflex
