#include "app/studio/solvedtext.h"

#include "plan/results.h"
#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace edgeflex {
namespace {

struct SolvedText
{
    Q_DECLARE_TR_FUNCTIONS(SolvedText)
public:
    static QString met() { return tr("All budgets are met."); }
    static QString notMet() { return tr("The budgets cannot all be met; this plan is the nearest there is."); }
    static QString state(const TuneStep &step, std::int64_t images)
    {
        const auto points = [](double value) {
            return numberText(value, 2);
        };
        const PairedDrop &drop = step.evidence.drop;
        QString text = tr("On %L1 search images: %2 points lost (95\u00a0%: %3 to %4), weights %5, peak %6.")
                           .arg(static_cast<qlonglong>(images))
                           .arg(points(drop.points), points(drop.low), points(drop.high), bytesText(step.weightsBytes),
                                bytesText(step.peakBytes));
        if (step.latencyRatio > 0)
            text += ' ' + tr("There its latency was %1 of the original's.").arg(shareText(step.latencyRatio));
        return text;
    }
};

} // namespace

QString solvedText(const TuneResult &result)
{
    const QString text = result.met ? SolvedText::met() : SolvedText::notMet();
    // The state that was chosen is the last that was measured with the plan's weights.
    const auto chosen = std::ranges::find(result.steps.rbegin(), result.steps.rend(), result.compressed.weightsBytes,
                                          &TuneStep::weightsBytes);
    return chosen == result.steps.rend() ? text : text + ' ' + SolvedText::state(*chosen, result.searchImages);
}

} // namespace edgeflex
