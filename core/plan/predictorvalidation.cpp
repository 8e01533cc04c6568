#include "plan/predictorvalidation.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <random>

namespace edgeflex {

namespace {

constexpr double normal95 = 1.959963984540054;

std::optional<double> rank(const std::vector<double> &predicted, const std::vector<double> &measured)
{
    if (predicted.size() < 3)
        return std::nullopt;
    return rankCorrelation(predicted, measured);
}

double standardError(const PairedDrop &drop)
{
    return (drop.high - drop.low) / 2 / normal95;
}

bool isWithin(double points, double low, double high)
{
    return points <= high && (low == 0 || points > low);
}

// The distributions of the standard library differ between implementations; its engines do not.
class Normal
{
public:
    double next()
    {
        constexpr double pi = 3.14159265358979323846;
        return std::sqrt(-2 * std::log(uniform())) * std::cos(2 * pi * uniform()); // Box and Muller
    }

private:
    double uniform() { return (static_cast<double>(m_engine() >> 11) + 1) * 0x1p-53; } // (0, 1]

    std::mt19937_64 m_engine{1};
};

std::optional<double> perfectRank(const std::vector<PredictedPlan> &plans, double low, double high)
{
    constexpr int draws = 400;
    Normal normal;
    double sum = 0;
    int ranked = 0;
    for (int draw = 0; draw < draws; ++draw) {
        std::vector<double> truth;
        std::vector<double> measured;
        for (const PredictedPlan &plan : plans) {
            const double points = plan.measured.points + standardError(plan.measured) * normal.next();
            if (!isWithin(points, low, high))
                continue;
            truth.push_back(plan.measured.points);
            measured.push_back(points);
        }
        if (const auto each = rank(truth, measured)) {
            sum += *each;
            ++ranked;
        }
    }
    return ranked > draws / 2 ? std::optional(sum / ranked) : std::nullopt;
}

void to_json(nlohmann::json &json, const PredictionError &value)
{
    json = {{"low", value.low},
            {"high", value.high},
            {"plans", value.plans},
            {"superposedError", value.superposedError},
            {"additiveError", value.additiveError},
            {"liveError", value.liveError},
            {"measuringError", value.measuringError}};
    if (value.superposedRank)
        json["superposedRank"] = *value.superposedRank;
    if (value.additiveRank)
        json["additiveRank"] = *value.additiveRank;
    if (value.liveRank)
        json["liveRank"] = *value.liveRank;
    if (value.perfectRank)
        json["perfectRank"] = *value.perfectRank;
}

} // namespace

void to_json(nlohmann::json &json, const PredictedPlan &value)
{
    json = {{"plan", value.plan},
            {"superposedPoints", value.superposedPoints},
            {"additivePoints", value.additivePoints},
            {"livePoints", value.livePoints},
            {"superposedKl", value.superposedKl},
            {"additiveKl", value.additiveKl},
            {"measuredKl", value.measuredKl},
            {"measured", value.measured}};
}

void from_json(const nlohmann::json &json, PredictedPlan &value)
{
    value = {};
    const JsonFields fields(json, "predicted plan");
    fields.readObject("plan", value.plan);
    fields.read("measuredKl", value.measuredKl);
    fields.readObject("measured", value.measured);
    const JsonFields predicted(json, "predicted plan", JsonFields::Missing::KeepsDefault);
    predicted.read("superposedPoints", value.superposedPoints);
    predicted.read("additivePoints", value.additivePoints);
    predicted.read("livePoints", value.livePoints);
    predicted.read("superposedKl", value.superposedKl);
    predicted.read("additiveKl", value.additiveKl);
}

std::vector<PredictionError> predictionErrors(const std::vector<PredictedPlan> &plans)
{
    std::vector<PredictionError> errors;
    const auto add = [&](double low, double high) {
        PredictionError &error = errors.emplace_back();
        error.low = low;
        error.high = high;
        std::vector<double> superposed;
        std::vector<double> additive;
        std::vector<double> live;
        std::vector<double> measured;
        for (const PredictedPlan &plan : plans) {
            if (!isWithin(plan.measured.points, low, high))
                continue;
            superposed.push_back(plan.superposedPoints);
            additive.push_back(plan.additivePoints);
            live.push_back(plan.livePoints);
            measured.push_back(plan.measured.points);
            error.superposedError += std::abs(plan.superposedPoints - plan.measured.points);
            error.additiveError += std::abs(plan.additivePoints - plan.measured.points);
            error.liveError += std::abs(plan.livePoints - plan.measured.points);
            error.measuringError += standardError(plan.measured);
        }
        error.plans = static_cast<std::int64_t>(measured.size());
        if (measured.empty())
            return;
        for (double *sum : {&error.superposedError, &error.additiveError, &error.liveError, &error.measuringError})
            *sum /= static_cast<double>(measured.size());
        error.superposedRank = rank(superposed, measured);
        error.additiveRank = rank(additive, measured);
        error.liveRank = rank(live, measured);
        error.perfectRank = perfectRank(plans, low, high);
    };
    double low = 0;
    for (const double high : predictionRanges) {
        add(low, high);
        low = high;
    }
    add(*std::begin(predictionRanges), low);
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
            {"removal", value.removal},
            {"plans", std::move(plans)},
            {"errors", std::move(errors)}};
}

void from_json(const nlohmann::json &json, PredictorValidation &value)
{
    const JsonFields fields(json, "predictor validation");
    fields.read("model", value.model);
    fields.read("dataset", value.dataset);
    fields.read("images", value.images);
    fields.read("searchImages", value.searchImages);
    fields.read("calibrationImages", value.calibrationImages);
    fields.read("seed", value.seed);
    if (fields.has("removal")) // not in older files
        fields.read("removal", value.removal);
    fields.readObjects("plans", value.plans);
    value.errors = predictionErrors(value.plans);
}

} // namespace edgeflex
