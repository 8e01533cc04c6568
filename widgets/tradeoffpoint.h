#pragma once

#include "plan/variant.h"
#include "widgets/tradeoffcost.h"

#include <QPointF>
#include <QString>

#include <optional>

namespace edgeflex {

// A plan on its way: predicted, or judged on some of the images.
struct TradeoffCurrent
{
    Prediction prediction;
    std::optional<AccuracySoFar> soFar;
    int measuredAs = -1; // the variant that shows it already
};

// What is drawn over what.
struct TradeoffAxes
{
    TradeoffCost cost = TradeoffCost::Weights; // to the right
    std::optional<TradeoffCost> over;          // upwards; absent: points of accuracy against the original
};

struct TradeoffPoint
{
    int variant = -1; // -1: the plan
    QPointF at;
    double low = 0; // of what is drawn upwards: its interval
    double high = 0;
};

// Where a variant stands; nothing where a figure was not measured.
std::optional<TradeoffPoint> pointOf(const Variant &variant, const TradeoffAxes &axes);
// Where the plan stands: by what is judged already, else by what is predicted.
std::optional<TradeoffPoint> pointOf(const TradeoffCurrent &current, const TradeoffAxes &axes);
// All figures, a line each.
QString describe(const Variant &variant);
QString describe(const TradeoffCurrent &current);

} // namespace edgeflex
