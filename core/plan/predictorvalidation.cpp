#include "plan/predictorvalidation.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

constexpr double normal95 = 1.959963984540054;

std::optional<double> rank(const std::vector<double> &predicted, const std::vector<double> &measured)
{
    if (predicted.size() < 3)
        return std::nullopt;
    return rankCorrelation(predicted, measured);
}

void to_json(nlohmann::json &json, const PredictedPlan &value)
{
    json = {{"plan", value.plan},
            {"superposedPoints", value.superposedPoints},
            {"additivePoints", value.additivePoints},
            {"superposedKl", value.superposedKl},
            {"additiveKl", value.additiveKl},
            {"measuredKl", value.measuredKl},
            {"measured", value.measured}};
}

void to_json(nlohmann::json &json, const PredictionError &value)
{
    json = {{"low", value.low},
            {"high", value.high},
            {"plans", value.plans},
            {"superposedError", value.superposedError},
            {"additiveError", value.additiveError},
            {"measuringError", value.measuringError}};
    if (value.superposedRank)
        json["superposedRank"] = *value.superposedRank;
    if (value.additiveRank)
        json["additiveRank"] = *value.additiveRank;
}

} // namespace

std::vector<PredictionError> predictionErrors(const std::vector<PredictedPlan> &plans)
{
    std::vector<PredictionError> errors;
    for (std::size_t range = 0; range < std::size(predictionRanges); ++range) {
        PredictionError &error = errors.emplace_back();
        error.low = range == 0 ? 0 : predictionRanges[range - 1];
        error.high = predictionRanges[range];
        std::vector<double> superposed;
        std::vector<double> additive;
        std::vector<double> measured;
        for (const PredictedPlan &plan : plans) {
            if (plan.measured.points > error.high || (range > 0 && plan.measured.points <= error.low))
                continue;
            superposed.push_back(plan.superposedPoints);
            additive.push_back(plan.additivePoints);
            measured.push_back(plan.measured.points);
            error.superposedError += std::abs(plan.superposedPoints - plan.measured.points);
            error.additiveError += std::abs(plan.additivePoints - plan.measured.points);
            error.measuringError += (plan.measured.high - plan.measured.low) / 2 / normal95;
        }
        error.plans = static_cast<std::int64_t>(measured.size());
        if (measured.empty())
            continue;
        for (double *sum : {&error.superposedError, &error.additiveError, &error.measuringError})
            *sum /= static_cast<double>(measured.size());
        error.superposedRank = rank(superposed, measured);
        error.additiveRank = rank(additive, measured);
    }
    return errors;
}

void to_json(nlohmann::json &json, const PredictorValidation &value)
{
    nlohmann::json plans = nlohmann::json::array();
    for (const PredictedPlan &plan : value.plans) {
        nlohmann::json &entry = plans.emplace_back();
        to_json(entry, plan);
    }
    nlohmann::json errors = nlohmann::json::array();
    for (const PredictionError &error : value.errors) {
        nlohmann::json &entry = errors.emplace_back();
        to_json(entry, error);
    }
    json = {{"model", value.model},
            {"dataset", value.dataset},
            {"images", value.images},
            {"searchImages", value.searchImages},
            {"calibrationImages", value.calibrationImages},
            {"seed", value.seed},
            {"plans", std::move(plans)},
            {"errors", std::move(errors)}};
}

} // namespace edgeflex
