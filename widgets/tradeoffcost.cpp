#include "widgets/tradeoffcost.h"

#include <QCoreApplication>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr double percent = 100;

struct CostName
{
    Q_DECLARE_TR_FUNCTIONS(TradeoffCost)
public:
    static QString of(TradeoffCost cost)
    {
        switch (cost) {
        case TradeoffCost::Weights:
            return tr("Weights, MB");
        case TradeoffCost::Peak:
            return tr("Peak memory, MB");
        default:
            return tr("Latency, % of the original's");
        }
    }
};

} // namespace

QString nameOf(TradeoffCost cost)
{
    return CostName::of(cost);
}

double unitOf(TradeoffCost cost)
{
    return cost == TradeoffCost::Latency ? 1 / percent : megabyte;
}

std::optional<double> costOf(TradeoffCost cost, const Measurement &measurement)
{
    switch (cost) {
    case TradeoffCost::Weights:
        return static_cast<double>(measurement.weightsBytes) / unitOf(cost);
    case TradeoffCost::Peak:
        return static_cast<double>(measurement.peakMemory.allocatorBytes) / unitOf(cost);
    default:
        if (!measurement.latency)
            return std::nullopt;
        return measurement.againstBaseline ? measurement.againstBaseline->latencyRatio.median / unitOf(cost) : percent;
    }
}

std::optional<double> costOf(TradeoffCost cost, const Prediction &prediction)
{
    switch (cost) {
    case TradeoffCost::Weights:
        return static_cast<double>(prediction.weightsBytes) / unitOf(cost);
    case TradeoffCost::Peak:
        return static_cast<double>(prediction.peakBytes) / unitOf(cost);
    default:
        return prediction.latencyRatio ? std::optional(*prediction.latencyRatio / unitOf(cost)) : std::nullopt;
    }
}

std::optional<double> budgetOf(TradeoffCost cost, const Budgets &budgets)
{
    const auto bytes = [cost](const std::optional<std::int64_t> &most) {
        return most ? std::optional(static_cast<double>(*most) / unitOf(cost)) : std::nullopt;
    };
    switch (cost) {
    case TradeoffCost::Weights:
        return bytes(budgets.maxWeightsBytes);
    case TradeoffCost::Peak:
        return bytes(budgets.maxPeakBytes);
    default:
        return budgets.maxLatencyRatio ? std::optional(*budgets.maxLatencyRatio / unitOf(cost)) : std::nullopt;
    }
}

} // namespace edgeflex
