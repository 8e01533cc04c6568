#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>

namespace edgeflex {

namespace {

std::string valueOr(const std::string &text)
{
    return text.empty() ? "not known" : text;
}

std::string featuresText(const ExecutionTarget &target)
{
    return valueOr(target.instructionSet) + "; INT8 products " +
           (target.int8DotProduct ? "with dot-product instructions" : "without dot-product instructions") +
           ", BF16 products " + (target.bf16Compute ? "in BF16" : "in FP32");
}

KeyValues sharedConditions(const Conditions &conditions)
{
    KeyValues facts;
    const auto add = [&](const char *key, const std::string &value) {
        facts.entries.emplace_back(key, value);
    };
    add("Machine", valueOr(conditions.machine));
    add("Processor features", featuresText(conditions.target));
    add("Threads", std::to_string(conditions.target.threads));
    add("Versions", "EdgeFlex " + valueOr(conditions.edgeflexVersion) + ", oneDNN " +
                        valueOr(conditions.oneDnnVersion) + ", LibTorch " + valueOr(conditions.libTorchVersion));
    return facts;
}

// What KeyValues above say; the table says the rest.
bool sameMachine(const Conditions &a, const Conditions &b)
{
    return a.machine == b.machine && a.target == b.target && a.edgeflexVersion == b.edgeflexVersion &&
           a.oneDnnVersion == b.oneDnnVersion && a.libTorchVersion == b.libTorchVersion;
}

// "2025-06-01T09:30:00Z" -> "2025-06-01 09:30".
std::string dateText(const std::string &iso)
{
    if (iso.size() < 16 || iso[10] != 'T')
        return valueOr(iso);
    return iso.substr(0, 10) + " " + iso.substr(11, 5);
}

Table conditionsTable(const ReportSubject &subject, const Conditions &shared)
{
    Table table;
    table.caption = "Conditions of each variant's figures";
    table.columns = {{"#", "", Alignment::Right},       {"Variant", "", Alignment::Left},
                     {"Data", "", Alignment::Left},     {"Images", "", Alignment::Right},
                     {"Batch", "", Alignment::Right},   {"Schedule", "", Alignment::Left},
                     {"Repeats", "", Alignment::Right}, {"Date", "UTC", Alignment::Left}};
    const auto &variants = subject.session.variants;
    const bool others = std::any_of(variants.begin(), variants.end(), [&](const Variant &variant) {
        return !sameMachine(variant.measurement.conditions, shared);
    });
    if (others)
        table.columns.push_back({"Machine, threads", "", Alignment::Left});
    for (const Variant &variant : variants) {
        const Conditions &conditions = variant.measurement.conditions;
        TableRow row;
        row.cells = {std::to_string(variant.id),
                     variant.name,
                     conditions.dataset.empty() ? std::string("none") : conditions.dataset,
                     grouped(conditions.images),
                     std::to_string(conditions.batch),
                     std::string(toString(conditions.schedule)),
                     std::to_string(conditions.repeats),
                     dateText(conditions.dateUtc)};
        if (others)
            row.cells.push_back(sameMachine(conditions, shared)
                                    ? std::string("as above")
                                    : conditions.machine + ", " + featuresText(conditions.target) + ", " +
                                          counted(conditions.target.threads, "thread") + ", EdgeFlex " +
                                          conditions.edgeflexVersion + ", oneDNN " + conditions.oneDnnVersion +
                                          ", LibTorch " + conditions.libTorchVersion);
        if (&variant == subject.chosen)
            row.style = TableRow::Style::Emphasis;
        table.rows.push_back(std::move(row));
    }
    return table;
}

} // namespace

ReportSection conditionsSection(const ReportSubject &subject)
{
    ReportSection section{"Conditions", {}};
    const auto add = [&](const std::string &text) {
        section.blocks.emplace_back(Paragraph{text, Paragraph::Role::Body, Tone::Neutral});
    };
    const Variant *measured = subject.chosen ? subject.chosen : subject.baseline;
    if (measured) {
        section.blocks.emplace_back(sharedConditions(measured->measurement.conditions));
        section.blocks.emplace_back(conditionsTable(subject, measured->measurement.conditions));
    } else {
        add(std::string("Accuracy, latency and memory: ") + notMeasured + ".");
    }
    const Session &session = subject.session;
    if (session.profile)
        add("Profile: " + counted(session.profile->images, "image") + " of " + valueOr(session.calibration) +
            ", batch " + std::to_string(session.profile->batch) + ", " +
            std::string(toString(session.profile->schedule.kind)) + " schedule, " +
            counted(session.profile->target.threads, "thread") + ".");
    else
        add(std::string("Profile: ") + notMeasured + ".");
    if (session.times)
        add("Times of single layers: batch " + std::to_string(session.times->batch) + ", " +
            counted(session.times->target.threads, "thread") + ", " + valueOr(session.times->target.instructionSet) +
            ".");
    if (session.sensitivity)
        add("Sensitivity: " + counted(session.sensitivity->images, "search image") + ".");
    return section;
}

} // namespace edgeflex
