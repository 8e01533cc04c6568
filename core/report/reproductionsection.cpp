#include "plan/jsonfields.h"
#include "report/reportsections.h"
#include "report/reporttext.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace edgeflex {

namespace {

constexpr std::size_t lineWidth = 92;

// A number as short as it can be read back.
std::string shortest(double value)
{
    char buffer[32];
    return std::string(buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr);
}

std::string joined(const std::vector<double> &values)
{
    std::string text;
    for (const double value : values)
        text += (text.empty() ? "" : ",") + shortest(value);
    return text;
}

// One command, continued on the next line where it gets long.
class Command
{
public:
    explicit Command(const std::string &verb) : m_line("edgeflex " + verb) {}

    Command &word(const std::string &text)
    {
        append(shellQuoted(text));
        return *this;
    }
    Command &option(const std::string &name, const std::string &value)
    {
        append(name + " " + shellQuoted(value));
        return *this;
    }
    Command &option(const std::string &name, std::int64_t value) { return option(name, std::to_string(value)); }
    // MODEL, and what a bare state dict does not say about itself.
    Command &model(const ModelSource &source)
    {
        word(source.path.empty() ? "MODEL" : source.path);
        return details(source);
    }
    Command &details(const ModelSource &source)
    {
        if (source.heads)
            option("--heads", *source.heads);
        if (source.mean)
            option("--mean", joined(*source.mean));
        if (source.std)
            option("--std", joined(*source.std));
        if (source.resize)
            option("--resize", *source.resize);
        if (source.crop)
            option("--crop", *source.crop);
        if (source.interpolation)
            option("--interpolation", std::string(toString(*source.interpolation)));
        return *this;
    }
    std::string text() const { return m_done + m_line; }

private:
    void append(const std::string &part)
    {
        if (m_line.size() + 1 + part.size() > lineWidth) {
            m_done += m_line + " \\\n";
            m_line = "   ";
        }
        m_line += " " + part;
    }

    std::string m_done;
    std::string m_line;
};

// JSON on lines of a width that fits a page, broken between values.
std::string wrappedJson(const std::string &json)
{
    std::string text;
    std::size_t column = 0;
    std::size_t begin = 0;
    bool inString = false;
    const auto flush = [&](std::size_t end) {
        if (column > 0 && column + end - begin > lineWidth) {
            text += "\n ";
            column = 1;
        }
        text += json.substr(begin, end - begin);
        column += end - begin;
        begin = end;
    };
    for (std::size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '"' && (i == 0 || json[i - 1] != '\\'))
            inString = !inString;
        if (json[i] == ',' && !inString)
            flush(i + 1);
    }
    flush(json.size());
    return text;
}

void addMeasuring(Command &command, const Session &session, const Conditions *conditions)
{
    command.option("--data", session.data.empty() ? "DATA" : session.data);
    if (!conditions) {
        command.option("--batch", session.batch).option("--schedule", std::string(toString(session.schedule)));
        return;
    }
    if (conditions->images > 0)
        command.option("--images", conditions->images);
    command.option("--batch", conditions->batch)
        .option("--repeats", conditions->repeats)
        .option("--schedule", std::string(toString(conditions->schedule)))
        .option("--threads", conditions->target.threads);
}

} // namespace

std::string shellQuoted(const std::string &word)
{
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') ||
               std::string_view("_-./,:+@%=").find(letter) != std::string_view::npos;
    });
    if (plain)
        return word;
    std::string quoted = "'";
    for (const char letter : word)
        quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
    return quoted + "'";
}

ReportSection reproductionSection(const ReportSubject &subject)
{
    ReportSection section{"How to measure this again", {}};
    const Session &session = subject.session;
    const std::string calibration = session.calibration.empty() ? "CALIBRATION" : session.calibration;
    const auto add = [&](const std::string &caption, const Command &command) {
        section.blocks.emplace_back(Code{caption, command.text()});
    };

    Command profile("profile");
    profile.model(session.model).option("--calibration", calibration);
    if (session.profile)
        profile.option("--images", session.profile->images)
            .option("--batch", session.profile->batch)
            .option("--schedule", std::string(toString(session.profile->schedule.kind)))
            .option("--threads", session.profile->target.threads);
    else
        profile.option("--batch", session.batch).option("--schedule", std::string(toString(session.schedule)));
    add("Activation memory, live memory and time, layer by layer", profile);

    Command original("measure");
    original.model(session.model);
    addMeasuring(original, session, subject.baseline ? &subject.baseline->measurement.conditions : nullptr);
    add("The original: accuracy, latency, weights and peak memory", original);

    if (subject.chosen) {
        const std::string planFile = "plan-" + std::to_string(subject.chosen->id) + ".json";
        const std::string folder =
            subject.chosen->folder.empty() ? "plan-" + std::to_string(subject.chosen->id) : subject.chosen->folder;
        const Conditions &conditions = subject.chosen->measurement.conditions;
        Command compress("compress");
        compress.model(session.model)
            .option("--calibration", calibration)
            .option("--plan", planFile)
            .option("--out", folder);
        compress.option("--threads", conditions.target.threads);
        add(subject.chosen->name + ", to final quality; " + planFile + " is printed below", compress);
        Command measure("measure");
        measure.word(folder).details(session.model);
        addMeasuring(measure, session, &conditions);
        measure.option("--baseline", session.model.path.empty() ? "MODEL" : session.model.path);
        add("What " + subject.chosen->name + " saves and costs", measure);
        if (subject.chosen->quality == Quality::Draft)
            section.blocks.emplace_back(
                Paragraph{"The figures above are of draft quality, which only the window makes; these "
                          "commands give those of the final quality.",
                          Paragraph::Role::Note, Tone::Neutral});
    }
    const Budgets &budgets = session.budgets;
    if (budgets.any()) {
        Command tune("tune");
        tune.model(session.model).option("--calibration", calibration);
        if (!session.search.empty())
            tune.option("--search", session.search);
        tune.option("--batch", session.batch);
        if (budgets.maxWeightsBytes)
            tune.option("--max-weights", *budgets.maxWeightsBytes);
        if (budgets.maxPeakBytes)
            tune.option("--max-peak", *budgets.maxPeakBytes);
        if (budgets.maxLatencyRatio)
            tune.option("--max-latency-ratio", shortest(*budgets.maxLatencyRatio));
        if (budgets.maxDropPoints)
            tune.option("--max-drop", shortest(*budgets.maxDropPoints));
        tune.option("--out", "tuned").option("--threads", subject.target.threads);
        add("A plan within the same budgets, found by search", tune);
    }
    if (subject.chosen)
        section.blocks.emplace_back(Code{"plan-" + std::to_string(subject.chosen->id) + ".json",
                                         wrappedJson(jsonText(nlohmann::json(subject.plan)))});
    return section;
}

} // namespace edgeflex
