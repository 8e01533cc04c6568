#include "plan/budgets.h"
#include "plan/quantity.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

// The clauses of the sentence, and the worst of their tones.
class Clauses
{
public:
    void add(const std::string &text, Tone tone)
    {
        m_text += (m_text.empty() ? "" : "; ") + text;
        m_tone = std::max(m_tone, tone);
    }
    // Tones rise from Good to Bad; Neutral is what a sentence without a judgement has.
    Paragraph paragraph() const
    {
        std::string text = m_text + ".";
        if (text[0] >= 'a' && text[0] <= 'z')
            text[0] = static_cast<char>(text[0] - 32);
        return {text, Paragraph::Role::Verdict, m_tone};
    }

private:
    std::string m_text;
    Tone m_tone = Tone::Neutral;
};

void addFit(Clauses &clauses, const std::string &budget, const std::optional<bool> &fits, const std::string &found)
{
    if (!fits)
        clauses.add("fits " + budget + ": " + notMeasured, Tone::Caution);
    else
        clauses.add("fits " + budget + ": " + (*fits ? "yes" : "no") + " (" + found + ")",
                    *fits ? Tone::Good : Tone::Bad);
}

void addLatency(Clauses &clauses, const Measurement &measurement, const Budgets &budgets, const BudgetVerdict &verdict)
{
    if (!measurement.latency || !measurement.againstBaseline) {
        clauses.add(std::string("latency ") + notMeasured, budgets.maxLatencyRatio ? Tone::Caution : Tone::Neutral);
        return;
    }
    const double ratio = measurement.againstBaseline->latencyRatio.median;
    std::string text = speed(ratio) + " here";
    if (budgets.maxLatencyRatio)
        text += std::string(*verdict.latency ? ", within" : ", not within") + " the latency asked for (" +
                fixed(100 * *budgets.maxLatencyRatio, 0) + " % of the original's; it takes " + fixed(100 * ratio, 0) +
                " %)";
    clauses.add(text, !budgets.maxLatencyRatio ? Tone::Neutral : *verdict.latency ? Tone::Good : Tone::Bad);
}

void addAccuracy(Clauses &clauses, const Measurement &measurement, const Budgets &budgets, const BudgetVerdict &verdict)
{
    if (measurement.images == 0 || !measurement.againstBaseline) {
        clauses.add(std::string("accuracy ") + notMeasured, budgets.maxDropPoints ? Tone::Caution : Tone::Neutral);
        return;
    }
    const PairedDrop &drop = measurement.againstBaseline->drop;
    const bool gained = fixed(drop.points, 2).starts_with('-');
    std::string text = (gained ? "gains " : "loses ") + fixed(std::abs(drop.points), 2) +
                       " points of accuracy (95 %: " + range(drop.low, drop.high, 2) + " lost; at most " +
                       fixed(drop.upperBound, 2) + " lost, one-sided 95 %)";
    Tone tone = Tone::Neutral;
    if (budgets.maxDropPoints) {
        const std::string budget = fixed(*budgets.maxDropPoints, 2);
        if (!*verdict.drop) {
            text += ", more than the " + budget + " allowed";
            tone = Tone::Bad;
        } else if (*verdict.dropProven) {
            text += ", within the " + budget + " allowed with 95 % confidence";
            tone = Tone::Good;
        } else {
            text += ", within the " + budget + " allowed by its estimate, which " +
                    counted(measurement.images, "image") + (measurement.images == 1 ? " does" : " do") +
                    " not prove: the bound is not below the budget";
            tone = Tone::Caution;
        }
    }
    clauses.add(text, tone);
}

} // namespace

Paragraph verdictOf(const ReportSubject &subject)
{
    if (!subject.chosen) {
        const std::string what = subject.baseline ? "Only the original model was measured" : "Nothing was measured yet";
        return {what + "; what a smaller one saves and costs is " + notMeasured + ".", Paragraph::Role::Verdict,
                Tone::Neutral};
    }
    const Measurement &measurement = subject.chosen->measurement;
    const Budgets &budgets = subject.session.budgets;
    const BudgetVerdict verdict = judge(budgets, measurement);
    Clauses clauses;
    if (budgets.maxWeightsBytes)
        addFit(clauses, formatBytes(*budgets.maxWeightsBytes) + " of weights", verdict.weights,
               formatBytes(measurement.weightsBytes));
    if (budgets.maxPeakBytes)
        addFit(clauses, formatBytes(*budgets.maxPeakBytes) + " of peak memory", verdict.peak,
               formatBytes(measurement.peakMemory.allocatorBytes));
    if (!budgets.maxWeightsBytes && !budgets.maxPeakBytes) {
        const std::string weights = formatBytes(measurement.weightsBytes) + " of weights";
        clauses.add(measurement.againstBaseline
                        ? size(measurement.againstBaseline->weightsRatio) + " than the original (" + weights + ")"
                        : weights,
                    Tone::Neutral);
    }
    addLatency(clauses, measurement, budgets, verdict);
    addAccuracy(clauses, measurement, budgets, verdict);
    return clauses.paragraph();
}

} // namespace edgeflex
