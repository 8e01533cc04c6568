#pragma once

#include "plan/budgets.h"
#include "plan/measurement.h"
#include "plan/predictor.h"

#include <QList>
#include <QString>

#include <optional>

namespace edgeflex {

// What is known of a plan, from whichever source, and how it stands to the budgets.
struct Verdict
{
    enum class Source { Nothing, Predicted, Streaming, Measured };

    Source source = Source::Nothing;
    Budgets budgets;
    std::int64_t weightsBytes = 0;
    std::int64_t peakBytes = 0;
    std::optional<double> latencyRatio;
    bool latencyPredicted = false; // while the rest is measured
    Prediction::Level level = Prediction::Level::None;
    std::optional<double> dropPoints;
    double dropErrorPoints = 0;
    double dropBoundPoints = 0;   // lost at most: one-sided 95 %, of a prediction its error added
    std::int64_t images = 0;      // judged
    std::int64_t imagesInAll = 0; // of Streaming
    bool original = false;        // the plan keeps everything

    bool operator==(const Verdict &) const = default;
};

Verdict verdictOf(const Measurement &measurement, const Budgets &budgets);
Verdict verdictOf(const Prediction &prediction, const std::optional<AccuracySoFar> &soFar, const Budgets &budgets);

// One part of the line. Of a loss a budget is kept when that is proven, missed when the loss itself exceeds it.
struct VerdictClause
{
    enum class Budget { None, Kept, Unproven, Missed };

    QString text;
    Budget budget = Budget::None;

    bool operator==(const VerdictClause &) const = default;
};
QList<VerdictClause> verdictClauses(const Verdict &verdict);
// "measured on 900 images", "predicted", "estimated".
QString verdictSource(const Verdict &verdict);
// All of it in one line, for assistive technology and for copying.
QString verdictText(const Verdict &verdict);

} // namespace edgeflex
