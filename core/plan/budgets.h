#pragma once

#include "plan/measurement.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>

namespace edgeflex {

// What a tuned model must keep to.
struct Budgets
{
    std::optional<std::int64_t> maxWeightsBytes;
    std::optional<std::int64_t> maxPeakBytes; // allocator, at the batch and schedule measured
    std::optional<double> maxLatencyRatio;    // of the baseline's latency, same machine and run
    std::optional<double> maxDropPoints;      // accuracy points lost against the baseline

    bool any() const { return maxWeightsBytes || maxPeakBytes || maxLatencyRatio || maxDropPoints; }
    bool operator==(const Budgets &) const = default;
};

// How a measurement stands to the budgets: absent where there is no such budget or no such figure.
struct BudgetVerdict
{
    std::optional<bool> weights;
    std::optional<bool> peak;
    std::optional<bool> latency;
    std::optional<bool> drop;       // of the estimate
    std::optional<bool> dropProven; // of the one-sided 95 % bound: the claim "at most ... points lost"

    // False when any budget is exceeded; nothing when a budget has no figure to judge it by.
    std::optional<bool> fits(const Budgets &budgets) const;
    bool operator==(const BudgetVerdict &) const = default;
};
BudgetVerdict judge(const Budgets &budgets, const Measurement &measurement);

void to_json(nlohmann::json &json, const Budgets &value);
void from_json(const nlohmann::json &json, Budgets &value);

} // namespace edgeflex
