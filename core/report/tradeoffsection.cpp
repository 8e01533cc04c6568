#include "plan/quantity.h"
#include "report/bytesunit.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>
#include <functional>
#include <limits>

namespace edgeflex {

namespace {

bool isJudged(const Variant &variant)
{
    return variant.measurement.images > 0;
}

double accuracyOf(const Variant &variant)
{
    return 100 * variant.measurement.top1.rate;
}

// Builds the plots of accuracy against something that costs.
class TradeOffs
{
public:
    explicit TradeOffs(const ReportSubject &subject) : m_subject(subject) {}

    // The value of a variant on the horizontal axis and the ends of its error bar, if it was measured.
    struct Cost
    {
        double value;
        std::optional<ChartInterval> error;
    };
    using CostOf = std::function<std::optional<Cost>(const Variant &)>;

    Chart chart(ChartAxis x, const CostOf &costOf) const
    {
        Chart chart;
        chart.x = std::move(x);
        spreadOut(chart.x, costOf);
        chart.y = {"Top-1 accuracy", "%", false, {}, {}, {}, true};
        ChartSeries variants{"variant", ChartSeriesKind::Points, ChartRole::Variant, ChartMarker::Circle, true, 0, {}};
        ChartSeries recipe{"EdgeFlex recipe, step by step",
                           ChartSeriesKind::Path,
                           ChartRole::Recipe,
                           ChartMarker::Square,
                           true,
                           0,
                           {}};
        ChartSeries baseline{"baseline", ChartSeriesKind::Points, ChartRole::Baseline, ChartMarker::Diamond, true, 0,
                             {}};
        ChartSeries chosen{m_subject.chosen ? m_subject.chosen->name : std::string(),
                           ChartSeriesKind::Points,
                           ChartRole::Chosen,
                           ChartMarker::Circle,
                           true,
                           0,
                           {}};
        const std::vector<int> &steps = m_subject.session.recipe;
        for (const Variant &variant : m_subject.session.variants) {
            const std::optional<Cost> cost = costOf(variant);
            if (!isJudged(variant) || !cost)
                continue;
            ChartPoint point{cost->value, accuracyOf(variant), cost->error, differenceOf(variant),
                             std::to_string(variant.id)};
            const bool step = std::find(steps.begin(), steps.end(), variant.id) != steps.end();
            if (&variant == m_subject.baseline) {
                point.label = variant.name;
                baseline.points.push_back(point);
            } else if (&variant == m_subject.chosen) {
                point.label = variant.name;
                chosen.points.push_back(point);
            } else if (!step) {
                variants.points.push_back(point);
            }
        }
        for (const int id : steps) {
            const Variant *variant = m_subject.session.variant(id);
            const std::optional<Cost> cost = variant ? costOf(*variant) : std::nullopt;
            if (!variant || !isJudged(*variant) || !cost)
                continue;
            ChartPoint point{cost->value, accuracyOf(*variant), cost->error, differenceOf(*variant), variant->name};
            if (variant == m_subject.baseline || variant == m_subject.chosen) { // drawn already, with its own marker
                point.label.clear();
                point.xError = point.yError = std::nullopt;
            }
            recipe.points.push_back(point);
        }
        for (ChartSeries *series : {&variants, &recipe, &baseline, &chosen}) {
            if (!series->points.empty())
                chart.series.push_back(*series);
        }
        if (const std::optional<double> drop = m_subject.session.budgets.maxDropPoints; drop && m_subject.baseline)
            chart.rules.push_back({ChartRule::Across::Y, accuracyOf(*m_subject.baseline) - *drop,
                                   "allowed: " + fixed(*drop, 1) + " points lost", ChartRole::Neutral});
        return chart;
    }

private:
    // Zero belongs on the axis, unless the costs are so far apart that the small ones would lie on each other.
    void spreadOut(ChartAxis &axis, const CostOf &costOf) const
    {
        double least = std::numeric_limits<double>::infinity();
        double most = 0;
        for (const Variant &variant : m_subject.session.variants) {
            const std::optional<Cost> cost = costOf(variant);
            if (cost && isJudged(variant)) {
                least = std::min(least, cost->value);
                most = std::max(most, cost->value);
            }
        }
        axis.logarithmic = least > 0 && most > 2.5 * least;
        if (axis.logarithmic)
            axis.unit += axis.unit.empty() ? "logarithmic" : " (logarithmic)";
        else
            axis.low = 0;
    }

    // The interval of the difference, around the original's accuracy: the bar misses the original's where the two
    // differ.
    std::optional<ChartInterval> differenceOf(const Variant &variant) const
    {
        const auto &against = variant.measurement.againstBaseline;
        if (!against)
            return std::nullopt;
        const double original = 100 * against->baselineTop1.rate;
        return ChartInterval{original - against->drop.high, original - against->drop.low};
    }

    const ReportSubject &m_subject;
};

void addBudget(Chart &chart, const std::optional<std::int64_t> &bytes, const BytesUnit &unit)
{
    if (bytes)
        chart.rules.push_back(
            {ChartRule::Across::X, unit.value(*bytes), "budget " + formatBytes(*bytes), ChartRole::Neutral});
}

Figure memoryFigure(const ReportSubject &subject)
{
    std::int64_t largest = 0;
    for (const Variant &variant : subject.session.variants)
        largest = std::max(largest, variant.measurement.peakMemory.allocatorBytes);
    const BytesUnit unit = BytesUnit::of(largest);
    const TradeOffs tradeOffs(subject);
    const auto inUnit = [unit](std::int64_t bytes) {
        return TradeOffs::Cost{unit.value(bytes), {}};
    };
    Chart weights = tradeOffs.chart({"Weights in memory", unit.name, false, {}, {}, {}, true},
                                    [&](const Variant &v) { return inUnit(v.measurement.weightsBytes); });
    addBudget(weights, subject.session.budgets.maxWeightsBytes, unit);
    Chart peak = tradeOffs.chart({"Peak memory, allocator", unit.name, false, {}, {}, {}, true},
                                 [&](const Variant &v) { return inUnit(v.measurement.peakMemory.allocatorBytes); });
    addBudget(peak, subject.session.budgets.maxPeakBytes, unit);
    Figure figure;
    figure.caption = "Accuracy against memory";
    figure.description =
        "Top-1 accuracy of every measured variant against its weights in memory and against its peak memory. "
        "Bars: 95 % interval of the difference to the original, on the same images. Numbers are those of the "
        "table below.";
    figure.panels = {std::move(weights), std::move(peak)};
    figure.aspect = 0.46;
    return figure;
}

Figure latencyFigure(const ReportSubject &subject)
{
    const auto ratioOf = [&](const Variant &variant) -> std::optional<TradeOffs::Cost> {
        if (variant.isBaseline())
            return TradeOffs::Cost{1, {}};
        if (!variant.measurement.latency)
            return std::nullopt;
        const Spread &ratio = variant.measurement.againstBaseline->latencyRatio;
        return TradeOffs::Cost{ratio.median, ChartInterval{ratio.low, ratio.high}};
    };
    Chart chart =
        TradeOffs(subject).chart({"Latency, as a share of the original's", "", false, {}, {}, {}, true}, ratioOf);
    if (const auto most = subject.session.budgets.maxLatencyRatio)
        chart.rules.push_back({ChartRule::Across::X, *most, "budget " + fixed(*most, 2), ChartRole::Neutral});
    Figure figure;
    figure.caption = "Accuracy against latency";
    figure.description =
        "Top-1 accuracy of every variant whose latency was measured, against its latency as a share of the "
        "original's, both run in turns. Horizontal bars: 95 % of the repeats.";
    figure.panels = {std::move(chart)};
    figure.aspect = 0.42;
    return figure;
}

Table variantTable(const ReportSubject &subject)
{
    Table table;
    table.caption = "Every measured variant";
    table.columns = {{"#", "", Alignment::Right},
                     {"Variant", "", Alignment::Left},
                     {"Quality", "", Alignment::Left},
                     {"Weights", "", Alignment::Right},
                     {"Peak", "", Alignment::Right},
                     {"Latency", "", Alignment::Right},
                     {"Top-1", "%", Alignment::Right},
                     {"Lost", "points", Alignment::Right},
                     {"95 % interval", "points", Alignment::Right}};
    for (const Variant &variant : subject.session.variants) {
        const Measurement &m = variant.measurement;
        const auto &against = m.againstBaseline;
        const bool judged = isJudged(variant);
        TableRow row;
        row.cells = {std::to_string(variant.id),
                     variant.name,
                     against ? std::string(toString(variant.quality)) : std::string("original"),
                     formatBytes(m.weightsBytes),
                     formatBytes(m.peakMemory.allocatorBytes),
                     !m.latency ? std::string(notMeasured)
                     : against  ? speed(against->latencyRatio.median)
                                : threeDigits(m.latency->medianMs) + " ms",
                     judged ? fixed(accuracyOf(variant), 2) : std::string(notMeasured),
                     judged && against ? fixed(against->drop.points, 2) : std::string(),
                     judged && against ? range(against->drop.low, against->drop.high, 2) : std::string()};
        if (&variant == subject.chosen)
            row.style = TableRow::Style::Emphasis;
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace

ReportSection tradeOffSection(const ReportSubject &subject)
{
    ReportSection section{"Trade-offs", {}};
    const std::vector<Variant> &variants = subject.session.variants;
    if (!subject.chosen) {
        section.blocks.emplace_back(Paragraph{std::string("Accuracy against weights, peak memory and latency: ") +
                                                  notMeasured + ", because there is no variant beside the original.",
                                              Paragraph::Role::Body, Tone::Neutral});
        return section;
    }
    if (std::any_of(variants.begin(), variants.end(), isJudged)) {
        const Figure memory = memoryFigure(subject);
        section.blocks.emplace_back(memory);
        section.blocks.emplace_back(
            Paragraph{"Bars: 95 % interval of the difference to the original on the same images; "
                      "numbers are those of the table below.",
                      Paragraph::Role::Note, Tone::Neutral});
    } else {
        section.blocks.emplace_back(
            Paragraph{std::string("Accuracy: ") + notMeasured + ".", Paragraph::Role::Body, Tone::Neutral});
    }
    const bool timed = std::any_of(variants.begin(), variants.end(), [](const Variant &v) {
        return !v.isBaseline() && v.measurement.latency && isJudged(v);
    });
    if (timed)
        section.blocks.emplace_back(latencyFigure(subject));
    else
        section.blocks.emplace_back(Paragraph{std::string("Accuracy against latency: ") + notMeasured + ".",
                                              Paragraph::Role::Body, Tone::Neutral});
    section.blocks.emplace_back(variantTable(subject));
    return section;
}

} // namespace edgeflex
