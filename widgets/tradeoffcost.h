#pragma once

#include "plan/budgets.h"
#include "plan/measurement.h"
#include "plan/predictor.h"

#include <QString>

#include <optional>

namespace edgeflex {

// What accuracy is traded for, and in what it is drawn: MB, or a latency's percentage of the original's.
enum class TradeoffCost { Weights, Peak, Latency };

QString nameOf(TradeoffCost cost); // with its unit
// In bytes, or as a share of the original's latency.
double unitOf(TradeoffCost cost);
// In units. Nothing where it was not measured or is not known.
std::optional<double> costOf(TradeoffCost cost, const Measurement &measurement);
std::optional<double> costOf(TradeoffCost cost, const Prediction &prediction);
std::optional<double> budgetOf(TradeoffCost cost, const Budgets &budgets);

} // namespace edgeflex
