#include "plan/linearlayout.h"
#include "plan/quantity.h"
#include "report/layerfigures.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>
#include <stdexcept>

namespace edgeflex {

namespace {

// One unit for a whole column, so that its numbers compare at a glance.
class BytesColumn
{
public:
    explicit BytesColumn(std::int64_t largest) : m_mega(largest >= 10'000'000) {}

    std::string unit() const { return m_mega ? "MB" : "kB"; }
    std::string text(std::int64_t bytes) const
    {
        return fixed(static_cast<double>(bytes) / (m_mega ? 1e6 : 1e3), m_mega ? 2 : 1);
    }

private:
    bool m_mega;
};

// Milliseconds of a layer before and after, where they were measured.
class LayerMilliseconds
{
public:
    explicit LayerMilliseconds(const ReportSubject &subject) : m_subject(subject) {}

    std::optional<double> before(const LinearSpec &linear) const
    {
        if (linear.isAbsent() && (m_subject.session.times || m_subject.session.profile))
            return 0;
        if (m_subject.session.times)
            return alone(m_subject.before, linear);
        if (!m_subject.session.profile)
            return std::nullopt;
        const auto &layers = m_subject.session.profile->layers;
        const auto found = std::find_if(layers.begin(), layers.end(),
                                        [&](const LayerProfile &layer) { return layer.name == linear.name; });
        return found == layers.end() ? std::nullopt : std::optional(found->milliseconds);
    }
    std::optional<double> after(const LinearSpec &linear) const { return alone(m_subject.after, linear); }

    std::string source() const
    {
        const Session &session = m_subject.session;
        if (session.times)
            return "Times: each layer measured alone, for a batch of " + std::to_string(session.times->batch) + ", " +
                   counted(session.times->target.threads, "thread") + "; between measured widths interpolated.";
        if (session.profile)
            return "Times: of the original, for a batch of " + std::to_string(session.profile->batch) + ", " +
                   counted(session.profile->target.threads, "thread") + ", within a whole pass; after: " + notMeasured +
                   ".";
        return std::string("Times: ") + notMeasured + ".";
    }

private:
    std::optional<double> alone(const ModelSpec &spec, const LinearSpec &linear) const
    {
        if (!m_subject.session.times)
            return std::nullopt;
        try {
            return m_subject.session.times->milliseconds(spec, linear);
        } catch (const std::out_of_range &) { // this format was not measured
            return std::nullopt;
        }
    }

    const ReportSubject &m_subject;
};

std::string shapeText(const LinearSpec &linear)
{
    return linear.isAbsent() ? "-" : std::to_string(linear.outFeatures) + " x " + std::to_string(linear.inFeatures);
}

// Adds up what is known; nothing where anything is not.
struct Sum
{
    std::optional<double> value = 0.0;

    void add(const std::optional<double> &more)
    {
        value = value && more ? std::optional(*value + *more) : std::nullopt;
    }
};

std::string timeText(const std::optional<double> &milliseconds)
{
    return milliseconds ? fixed(*milliseconds, 3) : std::string("-");
}

} // namespace

ReportSection layerSection(const ReportSubject &subject)
{
    const bool changed = subject.changed();
    const auto before = subject.before.linears();
    const auto after = subject.after.linears();
    const int batch = subject.session.batch;
    const LayerMilliseconds times(subject);

    std::int64_t largestWeights = 0;
    std::int64_t largestOutput = 0;
    bool timesBefore = false;
    bool timesAfter = false;
    for (std::size_t i = 0; i < before.size(); ++i) {
        largestWeights = std::max(largestWeights, weightBytes(*before[i]));
        largestOutput = std::max(largestOutput, activationBytes(subject.before, *before[i], batch));
        timesBefore = timesBefore || times.before(*before[i]);
        timesAfter = timesAfter || (changed && times.after(*after[i]));
    }
    const BytesColumn weights(largestWeights);
    const BytesColumn output(largestOutput);

    Table table;
    table.caption = "Every linear layer, batch " + std::to_string(batch);
    constexpr auto right = Alignment::Right;
    table.columns = {{"Layer", "", Alignment::Left}, {"Format", "", Alignment::Left}, {"Out \u00d7 in", "", right}};
    if (changed)
        table.columns.push_back({"Weights before", weights.unit(), right});
    table.columns.push_back({changed ? "Weights after" : "Weights", weights.unit(), right});
    if (changed)
        table.columns.push_back({"Output before", output.unit(), right});
    table.columns.push_back({changed ? "Output after" : "Output", output.unit(), right});
    if (timesBefore)
        table.columns.push_back({changed ? "Time before" : "Time", "ms", right});
    if (timesAfter)
        table.columns.push_back({"Time after", "ms", right});

    std::int64_t weightsBefore = 0;
    std::int64_t weightsAfter = 0;
    Sum sumBefore;
    Sum sumAfter;
    int previous = -1;
    for (std::size_t i = 0; i < before.size(); ++i) {
        const int block = blockOfLayer(before[i]->name);
        TableRow row;
        row.ruleAbove = i > 0 && block != previous;
        previous = block;
        row.cells = {before[i]->name, after[i]->isAbsent() ? "removed" : upper(toString(after[i]->format)),
                     shapeText(*after[i])};
        weightsBefore += weightBytes(*before[i]);
        weightsAfter += weightBytes(*after[i]);
        if (changed)
            row.cells.push_back(weights.text(weightBytes(*before[i])));
        row.cells.push_back(weights.text(weightBytes(*after[i])));
        if (changed)
            row.cells.push_back(output.text(activationBytes(subject.before, *before[i], batch)));
        row.cells.push_back(output.text(activationBytes(subject.after, *after[i], batch)));
        const auto timeBefore = times.before(*before[i]);
        const auto timeAfter = times.after(*after[i]);
        sumBefore.add(timeBefore);
        sumAfter.add(timeAfter);
        if (timesBefore)
            row.cells.push_back(timeText(timeBefore));
        if (timesAfter)
            row.cells.push_back(timeText(timeAfter));
        table.rows.push_back(std::move(row));
    }
    TableRow total;
    total.style = TableRow::Style::Total;
    total.cells = {"all linear layers", "", ""};
    if (changed)
        total.cells.push_back(weights.text(weightsBefore));
    total.cells.push_back(weights.text(weightsAfter));
    if (changed)
        total.cells.emplace_back();
    total.cells.emplace_back();
    if (timesBefore)
        total.cells.push_back(timeText(sumBefore.value));
    if (timesAfter)
        total.cells.push_back(timeText(sumAfter.value));
    table.rows.push_back(std::move(total));

    ReportSection section{"Layers", {}};
    section.blocks.emplace_back(
        Paragraph{(changed ? "Formats and shapes are those of " + subject.afterName() + ". "
                           : std::string("No plan changes the model: formats and shapes are the original's. ")) +
                      "Norms, tokens and positions stay FP32 and are not in the table. " + times.source(),
                  Paragraph::Role::Body, Tone::Neutral});
    section.blocks.emplace_back(std::move(table));
    return section;
}

} // namespace edgeflex
