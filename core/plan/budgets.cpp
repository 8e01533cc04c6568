#include "plan/budgets.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

std::optional<bool> BudgetVerdict::fits(const Budgets &budgets) const
{
    bool known = true;
    const auto exceeded = [&known](bool asked, const std::optional<bool> &kept) {
        if (asked && !kept)
            known = false;
        return asked && kept && !*kept;
    };
    // Every clause is looked at, so that `known` is right.
    bool any = exceeded(budgets.maxWeightsBytes.has_value(), weights);
    any = exceeded(budgets.maxPeakBytes.has_value(), peak) || any;
    any = exceeded(budgets.maxLatencyRatio.has_value(), latency) || any;
    any = exceeded(budgets.maxDropPoints.has_value(), drop) || any;
    if (any)
        return false;
    return known ? std::optional<bool>(true) : std::nullopt;
}

BudgetVerdict judge(const Budgets &budgets, const Measurement &measurement)
{
    BudgetVerdict verdict;
    if (budgets.maxWeightsBytes)
        verdict.weights = measurement.weightsBytes <= *budgets.maxWeightsBytes;
    if (budgets.maxPeakBytes)
        verdict.peak = measurement.peakMemory.allocatorBytes <= *budgets.maxPeakBytes;
    if (!measurement.againstBaseline)
        return verdict;
    const BaselineComparison &against = *measurement.againstBaseline;
    if (budgets.maxLatencyRatio && measurement.latency)
        verdict.latency = against.latencyRatio.median <= *budgets.maxLatencyRatio;
    if (budgets.maxDropPoints && measurement.images > 0) {
        verdict.drop = against.drop.points <= *budgets.maxDropPoints;
        verdict.dropProven = against.drop.upperBound <= *budgets.maxDropPoints;
    }
    return verdict;
}

void to_json(nlohmann::json &json, const Budgets &value)
{
    json = nlohmann::json::object();
    if (value.maxWeightsBytes)
        json["maxWeightsBytes"] = *value.maxWeightsBytes;
    if (value.maxPeakBytes)
        json["maxPeakBytes"] = *value.maxPeakBytes;
    if (value.maxLatencyRatio)
        json["maxLatencyRatio"] = *value.maxLatencyRatio;
    if (value.maxDropPoints)
        json["maxDropPoints"] = *value.maxDropPoints;
}

void from_json(const nlohmann::json &json, Budgets &value)
{
    const JsonFields fields(json, "budgets", JsonFields::Missing::KeepsDefault);
    value = {};
    if (fields.has("maxWeightsBytes"))
        fields.read("maxWeightsBytes", value.maxWeightsBytes.emplace());
    if (fields.has("maxPeakBytes"))
        fields.read("maxPeakBytes", value.maxPeakBytes.emplace());
    if (fields.has("maxLatencyRatio"))
        fields.read("maxLatencyRatio", value.maxLatencyRatio.emplace(), aboveZero);
    if (fields.has("maxDropPoints"))
        fields.read("maxDropPoints", value.maxDropPoints.emplace(), {0, 100});
    fields.refuseUnknown();
}

} // namespace edgeflex
