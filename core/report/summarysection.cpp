#include "plan/quantity.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <optional>

namespace edgeflex {

namespace {

// counted() knows plurals in s only.
std::string classesText(std::int64_t classes)
{
    return grouped(classes) + (classes == 1 ? " class" : " classes");
}

std::string inputText(const ModelSpec &spec)
{
    std::string text = std::to_string(spec.imageHeight) + " x " + std::to_string(spec.imageWidth) + " px, " +
                       counted(spec.channels, "channel") + ", patches of " + std::to_string(spec.patchSize) + " px";
    const Preprocessing &pre = spec.preprocessing;
    if (!pre.stated)
        return text + "; how images are normalised is not stated";
    if (pre.resizeShorter > 0)
        text += "; shorter side to " + std::to_string(pre.resizeShorter) + " px (" +
                std::string(toString(pre.interpolation)) + "), centre crop";
    return text;
}

std::string deviceText(const Conditions &conditions)
{
    return conditions.machine + ", " + counted(conditions.target.threads, "thread") +
           (conditions.target.instructionSet.empty() ? "" : ", " + conditions.target.instructionSet);
}

KeyValues studied(const ReportSubject &subject)
{
    const ModelSummary &summary = subject.session.summary;
    KeyValues facts;
    const auto add = [&](const char *key, const std::string &value) {
        facts.entries.emplace_back(key, value);
    };
    const ModelSpec &spec = summary.spec;
    add("Model", spec.name + ": " + counted(static_cast<std::int64_t>(spec.blocks.size()), "block") + ", width " +
                     grouped(spec.width) + ", " + counted(spec.heads, "head") + ", " + counted(spec.tokens(), "token") +
                     ", " + classesText(spec.classes()));
    add("Input", inputText(spec));
    add("Size", grouped(summary.parameters) + " parameters, " + formatBytes(summary.fileBytes) + " on disk, " +
                    fixed(static_cast<double>(summary.macsPerImage) / 1e9, 2) + " GMACs an image");
    const Variant *measured = subject.chosen ? subject.chosen : subject.baseline;
    add("Data", measured && measured->measurement.images > 0
                    ? counted(measured->measurement.images, "image") + " of " + measured->measurement.conditions.dataset
                : subject.session.data.empty() ? std::string("none chosen")
                                               : subject.session.data + ", " + notMeasured);
    add("Calibration", subject.session.calibration.empty() ? "none chosen" : subject.session.calibration);
    add("Device", measured ? deviceText(measured->measurement.conditions) : std::string(notMeasured));
    return facts;
}

// The figures to see from afar, of what was measured.
KeyFigures keyFigures(const ReportSubject &subject)
{
    const Measurement &measurement = (subject.chosen ? subject.chosen : subject.baseline)->measurement;
    const auto &against = measurement.againstBaseline;
    KeyFigures key;
    key.figures.push_back({"Weights in memory", formatBytes(measurement.weightsBytes),
                           against ? size(against->weightsRatio) : std::string()});
    key.figures.push_back(
        {"Peak memory", formatBytes(measurement.peakMemory.allocatorBytes),
         against ? size(against->peakRatio) : "batch " + std::to_string(measurement.conditions.batch)});
    if (!measurement.latency)
        key.figures.push_back({"Latency", notMeasured, ""});
    else
        key.figures.push_back(
            {"Latency", threeDigits(measurement.latency->medianMs) + " ms",
             against ? speed(against->latencyRatio.median) : "batch " + std::to_string(measurement.conditions.batch)});
    if (measurement.images == 0)
        key.figures.push_back({"Top-1 accuracy", notMeasured, ""});
    else
        key.figures.push_back({"Top-1 accuracy", formatPercent(measurement.top1.rate, 1),
                               against ? pointsLost(against->drop.points) : counted(measurement.images, "image")});
    return key;
}

// Rows of the comparison: a figure of the baseline, the same of the chosen variant, and how they differ.
class Comparison
{
public:
    Comparison(const Measurement *baseline, const Measurement *chosen) : m_baseline(baseline), m_chosen(chosen) {}

    template<class Text>
    void add(const std::string &name, Text text, const std::string &change = {},
             TableRow::Style style = TableRow::Style::Normal, bool rule = false)
    {
        TableRow row;
        row.cells.push_back(name);
        row.cells.push_back(m_baseline ? text(*m_baseline) : std::string(notMeasured));
        if (m_chosen) {
            row.cells.push_back(text(*m_chosen));
            row.cells.push_back(change);
        }
        row.style = style;
        row.ruleAbove = rule;
        m_rows.push_back(std::move(row));
    }
    std::vector<TableRow> rows() && { return std::move(m_rows); }

private:
    const Measurement *m_baseline;
    const Measurement *m_chosen;
    std::vector<TableRow> m_rows;
};

std::string latencyText(const Measurement &measurement, double Latency::*figure)
{
    return measurement.latency ? threeDigits(*measurement.latency.*figure) + " ms" : std::string(notMeasured);
}

std::string shareText(const Measurement &measurement, Proportion Measurement::*share)
{
    return measurement.images > 0 ? formatPercent((measurement.*share).rate) : std::string(notMeasured);
}

std::string wilsonText(const Measurement &measurement, Proportion Measurement::*share)
{
    const Proportion &value = measurement.*share;
    return measurement.images > 0 ? range(100 * value.low, 100 * value.high, 2) + " %" : std::string();
}

// Whether figures of the two can stand beside each other.
bool sameCircumstances(const Conditions &a, const Conditions &b)
{
    return a.machine == b.machine && a.target == b.target && a.schedule == b.schedule && a.batch == b.batch &&
           a.dataset == b.dataset && a.images == b.images;
}

Table comparison(const ReportSubject &subject)
{
    const Measurement *chosen = subject.chosen ? &subject.chosen->measurement : nullptr;
    const BaselineComparison *against = chosen && chosen->againstBaseline ? &*chosen->againstBaseline : nullptr;
    std::optional<Measurement> original;
    if (subject.baseline) {
        original = subject.baseline->measurement;
        if (against && against->baselineLatency) // of the run that has both
            original->latency = against->baselineLatency;
    }
    const Measurement *baseline = original ? &*original : nullptr;
    const bool timed = chosen && chosen->latency && against;
    const bool judged = chosen && chosen->images > 0 && against;
    const Conditions &conditions = (chosen ? *chosen : *baseline).conditions;
    constexpr auto detail = TableRow::Style::Detail;

    Table table;
    table.caption = chosen ? "Before and after" : "The original model";
    table.columns = {{"", "", Alignment::Left}, {"Baseline", "", Alignment::Right}};
    if (chosen) {
        table.columns.push_back({subject.chosen->name, "", Alignment::Right});
        table.columns.push_back({"Change", "", Alignment::Right});
    }
    Comparison rows(baseline, chosen);
    rows.add(
        "Weights in memory", [](const Measurement &m) { return formatBytes(m.weightsBytes); },
        against ? size(against->weightsRatio) : "");
    rows.add(
        "Peak memory, allocator", [](const Measurement &m) { return formatBytes(m.peakMemory.allocatorBytes); },
        against ? size(against->peakRatio) : "");
    const auto process = [](const Measurement &m) {
        return m.peakMemory.processBytes >= 0 ? formatBytes(m.peakMemory.processBytes) : std::string(notMeasured);
    };
    std::string processChange;
    const bool same = baseline && chosen && sameCircumstances(baseline->conditions, chosen->conditions);
    if (same && baseline->peakMemory.processBytes > 0 && chosen->peakMemory.processBytes >= 0)
        processChange = size(static_cast<double>(chosen->peakMemory.processBytes) /
                             static_cast<double>(baseline->peakMemory.processBytes));
    rows.add("Peak memory, process above idle", process, processChange);

    rows.add(
        "Latency of a batch, median", [](const Measurement &m) { return latencyText(m, &Latency::medianMs); },
        timed ? speed(against->latencyRatio.median) : "", TableRow::Style::Normal, true);
    rows.add(
        "95 % of repeats below", [](const Measurement &m) { return latencyText(m, &Latency::p95Ms); },
        timed ? "ratio " + fixed(against->latencyRatio.median, 3) + " (" +
                    range(against->latencyRatio.low, against->latencyRatio.high, 3) + ")"
              : "",
        detail);
    rows.add(
        "An image", [](const Measurement &m) { return latencyText(m, &Latency::perImageMs); }, "", detail);

    rows.add(
        "Top-1 accuracy", [](const Measurement &m) { return shareText(m, &Measurement::top1); },
        judged ? pointsLost(against->drop.points) : "", TableRow::Style::Normal, true);
    rows.add(
        "95 % interval", [](const Measurement &m) { return wilsonText(m, &Measurement::top1); },
        judged ? range(against->drop.low, against->drop.high, 2) + " lost" : "", detail);
    if (judged)
        rows.add(
            "one-sided 95 % bound", [](const Measurement &) { return std::string(); },
            "at most " + fixed(against->drop.upperBound, 2) + " lost", detail);
    rows.add(
        "Top-5 accuracy", [](const Measurement &m) { return shareText(m, &Measurement::top5); },
        judged && same ? pointsLost(100 * (baseline->top5.rate - chosen->top5.rate)) : "");
    if (judged) {
        const auto ofChosen = [&](const std::string &text) {
            return [text, chosen](const Measurement &m) {
                return &m == chosen ? text : std::string();
            };
        };
        rows.add("Same answer as the original", ofChosen(formatPercent(against->agreement)));
        rows.add("Mean KL divergence", ofChosen(fixed(against->klMean, 4) + " nats"));
    }
    table.rows = std::move(rows).rows();
    table.caption += ": batch " + std::to_string(conditions.batch) + ", " + std::string(toString(conditions.schedule)) +
                     " schedule, " + counted(conditions.target.threads, "thread");
    return table;
}

std::string comparisonNote(const ReportSubject &subject)
{
    const Measurement &measurement = (subject.chosen ? subject.chosen : subject.baseline)->measurement;
    std::string note =
        "Weights and the allocator's peak count every byte that running the model takes; the process figure "
        "is what a fresh process takes beyond the idle engine. Intervals of accuracy are Wilson's";
    if (subject.chosen)
        note += "; those of the difference are paired, on the same images (McNemar p = " +
                (measurement.againstBaseline && measurement.images > 0
                     ? fixed(measurement.againstBaseline->drop.mcnemarP, 3)
                     : std::string(notMeasured)) +
                "). Latencies were taken in turns in one run, and the interval of their ratio is the 2.5 % and 97.5 % "
                "quantiles of its repeats" +
                (measurement.againstBaseline && !measurement.againstBaseline->baselineLatency
                     ? "; the original's milliseconds come from another run"
                     : "");
    note += ".";
    if (subject.chosen && subject.baseline &&
        !sameCircumstances(subject.baseline->measurement.conditions, measurement.conditions))
        note += " The baseline's own column was measured under other conditions than " + subject.chosen->name +
                "'s (see Conditions): only the changes compare like with like.";
    return note;
}

} // namespace

ReportSection summarySection(const ReportSubject &subject)
{
    ReportSection section{"Summary", {}};
    section.blocks.emplace_back(verdictOf(subject));
    if (subject.chosen || subject.baseline)
        section.blocks.emplace_back(keyFigures(subject));
    section.blocks.emplace_back(studied(subject));
    if (subject.chosen || subject.baseline) {
        section.blocks.emplace_back(comparison(subject));
        section.blocks.emplace_back(Paragraph{comparisonNote(subject), Paragraph::Role::Note, Tone::Neutral});
    }
    if (subject.chosen && subject.chosen->quality == Quality::Draft)
        section.blocks.emplace_back(Paragraph{
            "These figures are of draft quality: the plan was carried out with statistics of the uncompressed model. "
            "The final quality, corrected layer by layer, was " +
                std::string(notMeasured) + ".",
            Paragraph::Role::Body, Tone::Neutral});
    return section;
}

} // namespace edgeflex
