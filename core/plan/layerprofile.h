#pragma once

#include "plan/castrisk.h"
#include "plan/executiontarget.h"
#include "plan/magnitudehistogram.h"
#include "plan/memorytimeline.h"
#include "plan/schedule.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace edgeflex {

// What one operation of the schedule cost, and for each linear layer what went into it.
struct OperationProfile
{
    std::string name;
    std::string kind;
    int block = -1;
    std::int64_t outputBytes = 0;
    std::int64_t scratchBytes = 0;
    std::int64_t weightBytes = 0;
    std::int64_t macs = 0;
    double milliseconds = 0; // median over batches

    bool operator==(const OperationProfile &) const = default;
};

struct LayerProfile
{
    std::string name; // canonical linear layer name
    int block = -1;
    NumberFormat format = NumberFormat::Fp32;
    NumberFormat computedIn = NumberFormat::Fp32;
    std::int64_t outFeatures = 0;
    std::int64_t inFeatures = 0;
    std::int64_t outputBytes = 0; // whole batch, FP32
    std::int64_t weightBytes = 0;
    std::int64_t macs = 0;                  // whole batch
    double milliseconds = 0;                // median over batches
    std::vector<float> inputMeanAbs;        // [inFeatures] mean |x_c| over calibration tokens
    std::vector<float> inputMaxAbs;         // [inFeatures] max |x_c|
    CastRisk castRisk = {};                 // zeros in files of earlier versions
    MagnitudeHistogram inputHistogram = {}; // nothing counted in files of earlier versions

    bool operator==(const LayerProfile &) const = default;
};

struct ActivationProfile
{
    std::string model;
    int batch = 1;
    std::int64_t images = 0;
    ExecutionTarget target;
    Schedule schedule;                  // what ran
    MemoryTimeline timeline;            // of that schedule
    std::int64_t measuredPeakBytes = 0; // counting allocator, weights included
    std::int64_t eagerPeakBytes = 0;    // predicted, same batch under the eager schedule
    std::vector<OperationProfile> operations;
    std::vector<LayerProfile> layers;

    bool operator==(const ActivationProfile &) const = default;
};

void to_json(nlohmann::json &json, const LayerProfile &value);
void from_json(const nlohmann::json &json, LayerProfile &value);
void to_json(nlohmann::json &json, const ActivationProfile &value);
void from_json(const nlohmann::json &json, ActivationProfile &value);

} // namespace edgeflex
