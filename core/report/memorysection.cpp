#include "plan/memorytimeline.h"
#include "plan/quantity.h"
#include "report/bytesunit.h"
#include "report/layerfigures.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>

namespace edgeflex {

namespace {

constexpr int largeBatch = 64;

struct Run
{
    Schedule schedule;
    MemoryTimeline timeline;

    Run(const ModelSpec &spec, const ReportSubject &subject, int batch)
        : schedule(makeSchedule(spec, subject.session.schedule, batch, subject.target)),
          timeline(makeTimeline(schedule))
    {
    }
    // The sweep over lifetimes takes this many steps.
    std::size_t work() const { return schedule.operations.size() * schedule.tensors.size(); }
    const std::string &peakOperation() const
    {
        return schedule.operations.at(static_cast<std::size_t>(timeline.peakOperation)).name;
    }
};

Chart timelineChart(const std::string &title, const Run &run, bool weights, const BytesUnit &unit)
{
    Chart chart;
    chart.title = title;
    chart.x = {"Block, in the order of execution", "", false, 0, {}, {}, false};
    chart.y = {weights ? "Live memory" : "Live activations", unit.name, false, {}, {}, {}, true};
    std::vector<int> blocks;
    for (const Operation &operation : run.schedule.operations)
        blocks.push_back(operation.block);
    chart.x.ticks = blockTicks(blocks, 8);

    ChartSeries resident{"weights", ChartSeriesKind::Area, ChartRole::Weights, ChartMarker::Circle, true, 0, {}};
    ChartSeries tensors{"tensors", ChartSeriesKind::Area, ChartRole::Tensors, ChartMarker::Circle, true, 0, {}};
    ChartSeries scratch{"scratch", ChartSeriesKind::Area, ChartRole::Scratch, ChartMarker::Circle, true, 0, {}};
    const std::vector<MemoryMoment> &moments = run.timeline.moments;
    for (std::size_t i = 0; i <= moments.size() && !moments.empty(); ++i) { // the last point ends the last step
        const MemoryMoment &moment = moments[std::min(i, moments.size() - 1)];
        const auto x = static_cast<double>(i);
        resident.points.push_back({x, unit.value(run.timeline.weightBytes), {}, {}, {}});
        tensors.points.push_back({x, unit.value(moment.tensorBytes), {}, {}, {}});
        scratch.points.push_back({x, unit.value(moment.scratchBytes), {}, {}, {}});
    }
    if (weights)
        chart.series.push_back(std::move(resident));
    chart.series.push_back(std::move(tensors));
    chart.series.push_back(std::move(scratch));
    const std::int64_t peak = weights ? run.timeline.peakBytes() : run.timeline.peakActivationBytes;
    chart.rules.push_back({ChartRule::Across::Y, unit.value(peak), "peak " + formatBytes(peak), ChartRole::Chosen});
    return chart;
}

std::string peakText(const std::string &name, const Run &run, bool weights)
{
    const std::string activations = formatBytes(run.timeline.peakActivationBytes);
    if (!weights)
        return name + ": " + activations + " at the peak, in " + run.peakOperation();
    return name + ": " + formatBytes(run.timeline.peakBytes()) + " at the peak, in " + run.peakOperation() + " (" +
           formatBytes(run.timeline.weightBytes) + " of weights and " + activations + " of activations)";
}

Figure timelineFigure(const ReportSubject &subject, const Run &before, const Run *after, bool weights)
{
    const auto peakOf = [weights](const Run &run) {
        return weights ? run.timeline.peakBytes() : run.timeline.peakActivationBytes;
    };
    const BytesUnit unit = BytesUnit::of(std::max(peakOf(before), after ? peakOf(*after) : 0));
    Figure figure;
    figure.caption = (weights ? "Live memory" : "Live activations, without the weights") + std::string(" at batch ") +
                     std::to_string(before.schedule.batch) + ", " + std::string(toString(before.schedule.kind)) +
                     " schedule";
    const std::string name = subject.chosen ? subject.chosen->name : std::string("as planned");
    figure.description = peakText("Baseline", before, weights);
    figure.panels.push_back(timelineChart(after ? "Baseline" : "", before, weights, unit));
    if (after) {
        figure.description += "; " + peakText(name, *after, weights);
        figure.panels.push_back(timelineChart(name, *after, weights, unit));
    }
    figure.description += ".";
    figure.aspect = 0.33;
    return figure;
}

Figure layerFigure(const ReportSubject &subject)
{
    const int batch = subject.session.batch;
    ChartSeries before{"baseline", ChartSeriesKind::Bars, ChartRole::Weights, ChartMarker::Circle, true, 0.8, {}};
    ChartSeries after{subject.chosen ? subject.chosen->name : "as planned",
                      ChartSeriesKind::Bars,
                      ChartRole::Tensors,
                      ChartMarker::Circle,
                      true,
                      0.8,
                      {}};
    const auto linearsBefore = subject.before.linears();
    const auto linearsAfter = subject.after.linears();
    std::vector<int> blocks;
    std::int64_t most = 0;
    std::string largest;
    for (const LinearSpec *linear : linearsBefore) {
        const std::int64_t bytes = activationBytes(subject.before, *linear, batch);
        if (bytes > most) {
            most = bytes;
            largest = linear->name;
        }
    }
    const BytesUnit unit = BytesUnit::of(most);
    for (std::size_t i = 0; i < linearsBefore.size(); ++i) {
        blocks.push_back(blockOfLayer(linearsBefore[i]->name));
        const double x = static_cast<double>(i) + 0.5;
        const std::int64_t bytes = activationBytes(subject.before, *linearsBefore[i], batch);
        before.points.push_back({x, unit.value(bytes), {}, {}, {}});
        after.points.push_back({x, unit.value(activationBytes(subject.after, *linearsAfter[i], batch)), {}, {}, {}});
    }
    Chart chart;
    chart.x = {"Linear layers by block, in the order of execution: qkv, proj, fc1, fc2",
               "",
               false,
               0,
               {},
               blockTicks(blocks, 16),
               false};
    chart.y = {"Output of the layer", unit.name, false, {}, {}, {}, true};
    chart.series.push_back(std::move(before));
    if (subject.changed())
        chart.series.push_back(std::move(after));
    Figure figure;
    figure.caption = "Activation memory layer by layer, batch " + std::to_string(batch);
    figure.description = "Bytes that each linear layer writes for a batch, in FP32. The largest before: " + largest +
                         ", " + formatBytes(most) + ".";
    figure.panels = {std::move(chart)};
    figure.aspect = 0.3;
    return figure;
}

} // namespace

ReportSection memorySection(const ReportSubject &subject)
{
    ReportSection section{"Memory", {}};
    const int batch = subject.session.batch;
    const auto addTimelines = [&](int images, bool withActivations) {
        const Run before(subject.before, subject, images);
        std::optional<Run> after;
        if (subject.changed())
            after.emplace(subject.after, subject, images);
        const Run *second = after ? &*after : nullptr;
        section.blocks.emplace_back(timelineFigure(subject, before, second, true));
        section.blocks.emplace_back(
            Paragraph{std::get<Figure>(section.blocks.back()).description, Paragraph::Role::Note, Tone::Neutral});
        if (withActivations)
            section.blocks.emplace_back(timelineFigure(subject, before, second, false));
        return before.work();
    };
    section.blocks.emplace_back(Paragraph{
        "What is live while the model runs, from the schedule that is executed: tensors from the operation that writes "
        "them to the last that reads them, and the scratch memory of each operation. " +
            (subject.changed() ? "After: " + subject.afterName() + "."
                               : std::string("No plan changes the model, so there is no \"after\".")),
        Paragraph::Role::Body, Tone::Neutral});
    const std::size_t work = addTimelines(batch, true);
    constexpr std::size_t cheap = 20'000'000; // well below a second
    if (batch != largeBatch && work < cheap)
        addTimelines(largeBatch, false);
    section.blocks.emplace_back(layerFigure(subject));

    const auto &profile = subject.session.profile;
    section.blocks.emplace_back(Paragraph{
        profile ? "Measured while profiling the original at batch " + std::to_string(profile->batch) + ": " +
                      formatBytes(profile->measuredPeakBytes) + " at the peak (" +
                      formatBytes(profile->timeline.peakBytes()) + " predicted); the eager schedule would take " +
                      formatBytes(profile->eagerPeakBytes) + "."
                : std::string("The peak while profiling: ") + notMeasured + ".",
        Paragraph::Role::Body, Tone::Neutral});
    return section;
}

} // namespace edgeflex
