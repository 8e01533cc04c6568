#pragma once

#include "plan/compressionplan.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace edgeflex {

// A plan that no other is predicted to beat, with what is predicted of it.
struct ParetoPoint
{
    CompressionPlan plan;
    std::int64_t weightsBytes = 0;      // exact
    std::optional<double> milliseconds; // a batch; absent: layers were not timed
    double kl = 0;                      // nats, of the logits against FP32's, added up over the layers

    bool operator==(const ParetoPoint &) const = default;
};

// From the smallest or fastest model to that of the least loss.
struct ParetoFront
{
    std::vector<ParetoPoint> byWeights;
    std::vector<ParetoPoint> byLatency; // empty where layers were not timed

    bool operator==(const ParetoFront &) const = default;
};

void to_json(nlohmann::json &json, const ParetoPoint &value);
void from_json(const nlohmann::json &json, ParetoPoint &value);
void to_json(nlohmann::json &json, const ParetoFront &value);
void from_json(const nlohmann::json &json, ParetoFront &value);

} // namespace edgeflex
