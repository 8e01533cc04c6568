#pragma once

#include "plan/compressionplan.h"
#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// A plan with what was predicted of it and what it turned out to be.
struct PredictedPlan
{
    CompressionPlan plan;
    double superposedPoints = 0; // from logit shifts
    double additivePoints = 0;   // from the sum of KLs
    double livePoints = 0;       // from logit shifts and the plans before it, once these were measured
    double superposedKl = 0;
    double additiveKl = 0;
    double measuredKl = 0;
    PairedDrop measured;

    bool operator==(const PredictedPlan &) const = default;
};

// How good predictions of the plans were whose drop lies in a range.
struct PredictionError
{
    double low = 0; // points: the range, low excluded unless it is the first
    double high = 0;
    std::int64_t plans = 0;
    double superposedError = 0; // mean absolute, points
    double additiveError = 0;
    double liveError = 0;
    std::optional<double> superposedRank; // Spearman's correlation with the drops; absent below three plans
    std::optional<double> additiveRank;
    std::optional<double> liveRank;
    // What a perfect predictor would have: the mean over measuring anew what was measured, with its standard errors.
    std::optional<double> perfectRank;
    double measuringError = 0; // what is to be expected of the measured drops themselves: mean standard error, points

    bool operator==(const PredictionError &) const = default;
};

struct PredictorValidation
{
    std::string model;
    std::string dataset;
    std::int64_t images = 0; // that judged
    std::int64_t searchImages = 0;
    std::int64_t calibrationImages = 0;
    std::uint64_t seed = 0;
    bool removal = false; // whether plans remove heads, and halves of blocks
    std::vector<PredictedPlan> plans;
    std::vector<PredictionError> errors; // by range

    bool operator==(const PredictorValidation &) const = default;
};

// Upper ends of the ranges of drops, in points.
inline constexpr double predictionRanges[] = {2, 5, 20};

// Of each range, and of all but the first together; plans beyond the last are left out.
std::vector<PredictionError> predictionErrors(const std::vector<PredictedPlan> &plans);

void to_json(nlohmann::json &json, const PredictedPlan &value);
void from_json(const nlohmann::json &json, PredictedPlan &value);
void to_json(nlohmann::json &json, const PredictorValidation &value);
// Errors are made anew; predictions may be missing, and are 0 then.
void from_json(const nlohmann::json &json, PredictorValidation &value);

} // namespace edgeflex
