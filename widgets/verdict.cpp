#include "widgets/verdict.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

namespace edgeflex {
namespace {

struct VerdictWords
{
    Q_DECLARE_TR_FUNCTIONS(VerdictWords)
public:
    static QList<VerdictClause> clauses(const Verdict &verdict);
    static QString source(const Verdict &verdict);
};

QList<VerdictClause> VerdictWords::clauses(const Verdict &verdict)
{
    QList<VerdictClause> clauses;
    using Budget = VerdictClause::Budget;
    const auto fits = [](bool kept) {
        return kept ? tr("yes") : tr("no");
    };
    const auto judged = [](bool kept) {
        return kept ? Budget::Kept : Budget::Missed;
    };
    if (verdict.source == Verdict::Source::Nothing)
        return clauses;
    if (verdict.budgets.maxWeightsBytes) {
        const bool kept = verdict.weightsBytes <= *verdict.budgets.maxWeightsBytes;
        clauses += {tr("fits %1: %2").arg(roundBytesText(*verdict.budgets.maxWeightsBytes), fits(kept)), judged(kept)};
    } else {
        clauses += {tr("%1 of weights").arg(bytesText(verdict.weightsBytes)), Budget::None};
    }
    if (verdict.budgets.maxPeakBytes) {
        const bool kept = verdict.peakBytes <= *verdict.budgets.maxPeakBytes;
        clauses +=
            {tr("peak below %1: %2").arg(roundBytesText(*verdict.budgets.maxPeakBytes), fits(kept)), judged(kept)};
    }
    if (verdict.latencyRatio) {
        VerdictClause clause{tr("%1 here").arg(speedText(*verdict.latencyRatio)), Budget::None};
        const bool missed = verdict.budgets.maxLatencyRatio && *verdict.latencyRatio > *verdict.budgets.maxLatencyRatio;
        if (verdict.latencyPredicted && !missed)
            clause.text += ' ' + tr("(predicted)");
        if (verdict.budgets.maxLatencyRatio) {
            clause.budget = judged(!missed);
            if (missed)
                clause.text += ' ' + (verdict.latencyPredicted ? tr("(predicted; wanted: %1)") : tr("(wanted: %1)"))
                                         .arg(speedText(*verdict.budgets.maxLatencyRatio));
        }
        clauses += clause;
    }
    if (verdict.original) {
        clauses += {tr("loses nothing: this is the original"), Budget::None};
    } else if (verdict.dropPoints) {
        VerdictClause clause{pointsLostText(*verdict.dropPoints, verdict.dropErrorPoints), Budget::None};
        if (verdict.budgets.maxDropPoints) {
            const double most = *verdict.budgets.maxDropPoints;
            clause.budget = *verdict.dropPoints > most       ? Budget::Missed
                            : verdict.dropBoundPoints > most ? Budget::Unproven
                                                             : Budget::Kept;
            if (clause.budget != Budget::Kept)
                clause.text +=
                    ' ' + (clause.budget == Budget::Missed ? tr("(at most %1)") : tr("(at most %1: not proven)"))
                              .arg(QLocale().toString(most, 'g', 3));
        }
        clauses += clause;
    }
    return clauses;
}

QString VerdictWords::source(const Verdict &verdict)
{
    switch (verdict.source) {
    case Verdict::Source::Predicted:
        if (verdict.original)
            return tr("not measured yet");
        return verdict.level == Prediction::Level::Estimated ? tr("estimated") : tr("predicted");
    case Verdict::Source::Streaming:
        return tr("%L1 of %L2 images")
            .arg(static_cast<qlonglong>(verdict.images))
            .arg(static_cast<qlonglong>(verdict.imagesInAll));
    case Verdict::Source::Measured:
        return tr("measured on %L1 images").arg(static_cast<qlonglong>(verdict.images));
    default:
        return {};
    }
}

} // namespace

Verdict verdictOf(const Measurement &measurement, const Budgets &budgets)
{
    Verdict verdict;
    verdict.source = Verdict::Source::Measured;
    verdict.budgets = budgets;
    verdict.weightsBytes = measurement.weightsBytes;
    verdict.peakBytes = measurement.peakMemory.allocatorBytes;
    verdict.images = measurement.images;
    if (measurement.againstBaseline) {
        if (measurement.latency)
            verdict.latencyRatio = measurement.againstBaseline->latencyRatio.median;
        const PairedDrop &drop = measurement.againstBaseline->drop;
        verdict.dropPoints = drop.points;
        verdict.dropErrorPoints = (drop.high - drop.low) / 2;
        verdict.dropBoundPoints = drop.upperBound;
    } else {
        verdict.original = true;
    }
    return verdict;
}

Verdict verdictOf(const Prediction &prediction, const std::optional<AccuracySoFar> &soFar, const Budgets &budgets)
{
    Verdict verdict;
    verdict.source = Verdict::Source::Predicted;
    verdict.level = prediction.level;
    verdict.budgets = budgets;
    verdict.weightsBytes = prediction.weightsBytes;
    verdict.peakBytes = prediction.peakBytes;
    verdict.latencyRatio = prediction.latencyRatio;
    verdict.dropPoints = prediction.dropPoints;
    verdict.dropErrorPoints = prediction.dropErrorPoints;
    verdict.dropBoundPoints = prediction.dropPoints.value_or(0) + prediction.dropErrorPoints;
    if (soFar && soFar->top1.total > 0) {
        verdict.source = Verdict::Source::Streaming;
        verdict.latencyPredicted = verdict.latencyRatio.has_value();
        verdict.dropPoints = soFar->drop.points;
        verdict.dropErrorPoints = (soFar->drop.high - soFar->drop.low) / 2;
        verdict.dropBoundPoints = soFar->drop.upperBound;
        verdict.images = soFar->top1.total;
        verdict.imagesInAll = soFar->imagesInAll;
    }
    return verdict;
}

QList<VerdictClause> verdictClauses(const Verdict &verdict)
{
    return VerdictWords::clauses(verdict);
}

QString verdictSource(const Verdict &verdict)
{
    return VerdictWords::source(verdict);
}

QString verdictText(const Verdict &verdict)
{
    QStringList parts;
    for (const VerdictClause &clause : verdictClauses(verdict))
        parts += clause.text;
    const QString source = verdictSource(verdict);
    return parts.join(QString(" ") + QChar(0xb7) + ' ') + (source.isEmpty() ? QString() : " (" + source + ')');
}

} // namespace edgeflex
