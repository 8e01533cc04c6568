#include "report/benchmarkreport.h"

#include "plan/quantity.h"
#include "report/reporttext.h"

#include <algorithm>
#include <array>
#include <filesystem>

namespace edgeflex {

namespace {

std::string lastOf(const std::string &path)
{
    const std::filesystem::path whole = std::filesystem::path(path).lexically_normal();
    return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

std::string titleOf(const BenchmarkTable &table)
{
    return lastOf(table.model) + ", batch " + std::to_string(table.batch);
}

const BenchmarkTime &referenceOf(const BenchmarkTable &table)
{
    const BenchmarkTime *onnx = table.time("ONNX Runtime FP32");
    return onnx ? *onnx : table.times.front();
}

std::string spreadText(const Spread &spread, int digits)
{
    return fixed(spread.median, digits) + " (" + range(spread.low, spread.high, digits) + ")";
}

// A size and by how much it differs from another.
std::string against(std::int64_t bytes, std::int64_t reference)
{
    if (reference <= 0 || bytes == reference)
        return formatBytes(bytes);
    const double percent = 100 * (static_cast<double>(bytes) / static_cast<double>(reference) - 1);
    return formatBytes(bytes) + " (" + (percent > 0 ? "+" : "") + fixed(percent, 1) + " %)";
}

Table timesTable(const BenchmarkTable &table)
{
    const BenchmarkTime &reference = referenceOf(table);
    const BenchmarkTime *onnxInt8 = table.time("ONNX Runtime INT8");
    const BenchmarkTime *openVinoInt8 = table.time("OpenVINO INT8");
    Table result;
    result.caption = "Time of a batch: median of the rounds (95 % of them); how many times as fast, round by round";
    result.columns = {{"", "", Alignment::Left}, {"ms", "", Alignment::Right}};
    std::vector<const BenchmarkTime *> others{&reference};
    for (const BenchmarkTime *other : {onnxInt8, openVinoInt8})
        if (other)
            others.push_back(other);
    for (const BenchmarkTime *other : others)
        result.columns.push_back({"as fast as " + other->name, "", Alignment::Right});
    result.columns.push_back({"executed by", "", Alignment::Left});
    bool ours = true;
    for (const BenchmarkTime &each : table.times) {
        TableRow row;
        row.cells = {each.name, spreadText(spread(each.milliseconds), 2)};
        for (const BenchmarkTime *other : others)
            row.cells.push_back(other == &each ? "1" : spreadText(table.speedUp(each, *other), 2));
        row.cells.push_back(each.executedBy);
        row.ruleAbove = ours && !each.ours;
        ours = each.ours;
        result.rows.push_back(std::move(row));
    }
    return result;
}

Table memoryTable(const BenchmarkTable &table)
{
    const BenchmarkMemory &reference = table.memory.front();
    Table result;
    result.caption = "Memory of a fresh process each, and against " + reference.name +
                     " under the same schedule. FP32 starts from its checkpoint and packs it, the others from folders "
                     "that hold packed weights";
    result.columns = {{"", "", Alignment::Left},
                      {"weights", "", Alignment::Right},
                      {"after " + counted(reference.images, "image"), "", Alignment::Right},
                      {"allocator's peak", "", Alignment::Right},
                      {"VmHWM above idle", "", Alignment::Right},
                      {"start, ms", "", Alignment::Right}};
    for (const BenchmarkMemory &each : table.memory) {
        TableRow row;
        row.cells = {each.name + (each.schedule == ScheduleKind::Eager ? ", eager" : ""),
                     formatBytes(each.weightsBytes),
                     formatBytes(each.weightsAfterBytes),
                     against(each.allocatorBytes, reference.allocatorBytes),
                     against(each.processBytes, reference.processBytes),
                     fixed(each.startMilliseconds, 0)};
        result.rows.push_back(std::move(row));
    }
    return result;
}

} // namespace

Report benchmarkReport(const Benchmark &benchmark)
{
    Report report;
    report.title = "Speed and memory";
    report.date = benchmark.conditions.dateUtc;
    for (const BenchmarkTable &table : benchmark.tables) {
        ReportSection section;
        section.title = titleOf(table);
        if (!table.provenance.empty())
            section.blocks.push_back(Paragraph{"Speed of a shape, no accuracy claimed (" + table.provenance + ").",
                                               Paragraph::Role::Note, Tone::Neutral});
        if (!table.times.empty())
            section.blocks.push_back(timesTable(table));
        const BenchmarkTime *products = table.time(int8ProductsName);
        const BenchmarkTime *int8 = table.time(describe(BenchPlan{NumberFormat::Int8}));
        if (products && int8)
            section.blocks.push_back(Paragraph{"The whole INT8 model takes " +
                                                   spreadText(table.speedUp(*products, *int8), 2) +
                                                   " times as long as oneDNN's products of its linear layers alone.",
                                               Paragraph::Role::Note, Tone::Neutral});
        if (!table.memory.empty())
            section.blocks.push_back(memoryTable(table));
        report.sections.push_back(std::move(section));
    }
    const Conditions &conditions = benchmark.conditions;
    ReportSection how;
    how.title = "How it was measured";
    how.blocks.push_back(
        KeyValues{{{"Processor", conditions.machine},
                   {"Threads", std::to_string(conditions.target.threads)},
                   {"Threads wait by", conditions.threadWaits.empty() ? "not recorded" : conditions.threadWaits},
                   {"Instructions", conditions.target.instructionSet},
                   {"Rounds", std::to_string(conditions.repeats) + ", all contenders in turn in each"},
                   {"EdgeFlex", conditions.edgeflexVersion},
                   {"oneDNN", conditions.oneDnnVersion},
                   {"Date", conditions.dateUtc}}});
    for (const std::string &note : benchmark.notes)
        how.blocks.push_back(Paragraph{note + ".", Paragraph::Role::Note, Tone::Neutral});
    report.sections.push_back(std::move(how));
    return report;
}

Figure benchmarkFigure(const Benchmark &benchmark)
{
    constexpr std::array roles{ChartRole::Variant, ChartRole::Chosen,  ChartRole::Recipe,
                               ChartRole::Scratch, ChartRole::Neutral, ChartRole::Baseline};
    constexpr std::array markers{ChartMarker::Circle, ChartMarker::Diamond, ChartMarker::Square};
    std::vector<std::string> names;
    Chart chart;
    std::string reference;
    for (const BenchmarkTable &table : benchmark.tables) {
        if (table.times.empty())
            continue;
        const std::size_t index = chart.series.size();
        ChartSeries series;
        series.name = titleOf(table);
        series.role = roles[index % roles.size()];
        series.marker = markers[index % markers.size()];
        reference = referenceOf(table).name;
        for (const BenchmarkTime &each : table.times) {
            const auto found = std::find(names.begin(), names.end(), each.name);
            const auto row = static_cast<double>(found - names.begin());
            if (found == names.end())
                names.push_back(each.name);
            const Spread ratio = table.speedUp(each, referenceOf(table));
            series.points.push_back({ratio.median, -row, ChartInterval{ratio.low, ratio.high}, std::nullopt, ""});
        }
        chart.series.push_back(std::move(series));
    }
    chart.x.label = "Times as fast as " + reference;
    chart.x.logarithmic = true;
    for (std::size_t i = 0; i < names.size(); ++i)
        chart.y.ticks.push_back({-static_cast<double>(i), names[i]});
    chart.y.low = -static_cast<double>(names.size()) + 0.5;
    chart.y.high = 0.5;
    if (!chart.series.empty())
        chart.rules.push_back({ChartRule::Across::X, 1, reference, ChartRole::Neutral});
    Figure figure;
    figure.caption = "Speed beside " + reference;
    figure.description = "How many times as fast as " + reference +
                         " each plan and each other runtime is, with what 95 % "
                         "of the rounds show";
    figure.aspect = 0.04 * static_cast<double>(names.size()) + 0.1;
    figure.panels = {std::move(chart)};
    return figure;
}

} // namespace edgeflex
