#include "widgets/tradeoffpoint.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QStringList>

namespace edgeflex {
namespace {

constexpr double percent = 100;

struct PointWords
{
    Q_DECLARE_TR_FUNCTIONS(TradeoffPoint)
public:
    static QString of(const Variant &variant);
    static QString of(const TradeoffCurrent &current);
    static QString of(Prediction::Level level);
};

QString PointWords::of(const Variant &variant)
{
    const Measurement &measurement = variant.measurement;
    QStringList lines{QString::fromStdString(variant.name) + (variant.isBaseline()                ? QString()
                                                              : variant.quality == Quality::Final ? tr(" (final)")
                                                                                                  : tr(" (draft)"))};
    lines += tr("Weights: %1").arg(bytesText(measurement.weightsBytes));
    lines += tr("Peak memory: %1").arg(bytesText(measurement.peakMemory.allocatorBytes));
    if (measurement.latency)
        lines += tr("Latency: %1").arg(millisecondsText(measurement.latency->medianMs)) +
                 (measurement.againstBaseline ? ", " + speedText(measurement.againstBaseline->latencyRatio.median)
                                              : QString());
    lines += tr("Top-1: %1 on %L2 images")
                 .arg(shareText(measurement.top1.rate))
                 .arg(static_cast<qlonglong>(measurement.images));
    if (measurement.againstBaseline) {
        const PairedDrop &drop = measurement.againstBaseline->drop;
        lines += pointsLostText(drop.points, (drop.high - drop.low) / 2);
    }
    return lines.join('\n');
}

// Where a prediction of accuracy comes from.
QString PointWords::of(Prediction::Level level)
{
    switch (level) {
    case Prediction::Level::None:
        break;
    case Prediction::Level::Estimated:
        return tr("(estimated from one choice a layer, until all are measured)");
    case Prediction::Level::Additive:
        return tr("(what choices cost, added up)");
    case Prediction::Level::Calibrated:
        return tr("(what choices cost, added up, as measured variants say)");
    case Prediction::Level::Superposed:
        return tr("(what choices do to the answer to each search image, added up)");
    }
    return {};
}

QString PointWords::of(const TradeoffCurrent &current)
{
    const Prediction &prediction = current.prediction;
    QStringList lines;
    if (current.soFar)
        lines += tr("This plan, on %L1 of %L2 images")
                     .arg(static_cast<qlonglong>(current.soFar->top1.total))
                     .arg(static_cast<qlonglong>(current.soFar->imagesInAll));
    else
        lines += tr("This plan, predicted");
    lines += tr("Weights: %1").arg(bytesText(prediction.weightsBytes));
    lines += tr("Peak memory: %1").arg(bytesText(prediction.peakBytes));
    if (prediction.milliseconds)
        lines += tr("Latency: %1").arg(millisecondsText(*prediction.milliseconds)) +
                 (prediction.latencyRatio ? ", " + speedText(*prediction.latencyRatio) : QString());
    if (current.soFar)
        lines += pointsLostText(current.soFar->drop.points, (current.soFar->drop.high - current.soFar->drop.low) / 2);
    else if (prediction.dropPoints)
        lines += {pointsLostText(*prediction.dropPoints, prediction.dropErrorPoints), of(prediction.level)};
    return lines.join('\n');
}

} // namespace

std::optional<TradeoffPoint> pointOf(const Variant &variant, const TradeoffAxes &axes)
{
    const Measurement &measurement = variant.measurement;
    const std::optional<double> cost = costOf(axes.cost, measurement);
    if (!cost)
        return std::nullopt;
    TradeoffPoint point{variant.id, {*cost, 0}, 0, 0};
    if (axes.over) {
        const std::optional<double> over = costOf(*axes.over, measurement);
        if (!over)
            return std::nullopt;
        point.at.setY(*over);
        point.low = point.high = *over;
        if (*axes.over == TradeoffCost::Latency && measurement.againstBaseline) {
            point.low = measurement.againstBaseline->latencyRatio.low * percent;
            point.high = measurement.againstBaseline->latencyRatio.high * percent;
        }
        return point;
    }
    if (measurement.images == 0)
        return std::nullopt;
    if (!variant.isBaseline()) {
        const PairedDrop &drop = measurement.againstBaseline->drop;
        point.at.setY(-drop.points);
        point.low = -drop.high;
        point.high = -drop.low;
    }
    return point;
}

std::optional<TradeoffPoint> pointOf(const TradeoffCurrent &current, const TradeoffAxes &axes)
{
    const Prediction &prediction = current.prediction;
    const std::optional<double> cost = costOf(axes.cost, prediction);
    if (!cost)
        return std::nullopt;
    TradeoffPoint point{-1, {*cost, 0}, 0, 0};
    if (axes.over) {
        const std::optional<double> over = costOf(*axes.over, prediction);
        if (!over)
            return std::nullopt;
        point.at.setY(*over);
        point.low = point.high = *over;
    } else if (current.soFar && current.soFar->top1.total > 0) {
        const PairedDrop &drop = current.soFar->drop;
        point.at.setY(-drop.points);
        point.low = -drop.high;
        point.high = -drop.low;
    } else if (prediction.dropPoints) {
        point.at.setY(-*prediction.dropPoints);
        point.low = point.at.y() - prediction.dropErrorPoints;
        point.high = point.at.y() + prediction.dropErrorPoints;
    } else {
        return std::nullopt;
    }
    return point;
}

QString describe(const Variant &variant)
{
    return PointWords::of(variant);
}

QString describe(const TradeoffCurrent &current)
{
    return PointWords::of(current);
}

} // namespace edgeflex
