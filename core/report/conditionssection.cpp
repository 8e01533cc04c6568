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

std::string threadsText(const Conditions &conditions)
{
    const std::string threads = std::to_string(conditions.target.threads);
    return conditions.threadWaits.empty() ? threads : threads + ", waiting by " + conditions.threadWaits;
}

KeyValues sharedConditions(const Conditions &conditions)
{
    KeyValues facts;
    const auto add = [&](const char *key, const std::string &value) {
        facts.entries.emplace_back(key, value);
    };
    add("Machine", valueOr(conditions.machine));
    add("Processor features", featuresText(conditions.target));
    add("Threads", threadsText(conditions));
    add("Versions", "EdgeFlex " + valueOr(conditions.edgeflexVersion) + ", oneDNN " +
                        valueOr(conditions.oneDnnVersion) + ", LibTorch " + valueOr(conditions.libTorchVersion));
    return facts;
}

// What KeyValues above say; the table says the rest.
bool sameMachine(const Conditions &a, const Conditions &b)
{
    return a.machine == b.machine && a.target == b.target && a.threadWaits == b.threadWaits &&
           a.edgeflexVersion == b.edgeflexVersion && a.oneDnnVersion == b.oneDnnVersion &&
           a.libTorchVersion == b.libTorchVersion;
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
    table.columns = {{"#", "", Alignment::Right},      {"Variant", "", Alignment::Left},
                     {"Data", "", Alignment::Left},    {"Schedule", "", Alignment::Left},
                     {"Date", "UTC", Alignment::Left}, {"Images", "", Alignment::Right},
                     {"Batch", "", Alignment::Right},  {"Repeats", "", Alignment::Right}};
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
                     std::string(toString(conditions.schedule)),
                     dateText(conditions.dateUtc),
                     grouped(conditions.images),
                     std::to_string(conditions.batch),
                     std::to_string(conditions.repeats)};
        if (others)
            row.cells.push_back(
                sameMachine(conditions, shared)
                    ? std::string("as above")
                    : conditions.machine + ", " + featuresText(conditions.target) + ", " +
                          counted(conditions.target.threads, "thread") +
                          (conditions.threadWaits.empty() ? std::string() : " waiting by " + conditions.threadWaits) +
                          ", EdgeFlex " + conditions.edgeflexVersion + ", oneDNN " + conditions.oneDnnVersion +
                          ", LibTorch " + conditions.libTorchVersion);
        if (&variant == subject.chosen)
            row.style = TableRow::Style::Emphasis;
        table.rows.push_back(std::move(row));
    }
    return table;
}

std::string deviceText(const ExecutionTarget &target)
{
    return counted(target.threads, "thread") + ", " + valueOr(target.instructionSet);
}

// Of what is not a variant's figure.
KeyValues otherConditions(const ReportSubject &subject)
{
    const Session &session = subject.session;
    KeyValues facts;
    const auto add = [&](const char *key, const std::string &value) {
        facts.entries.emplace_back(key, value);
    };
    add("Live memory", "computed from the schedule for " + deviceText(subject.target));
    add("Profile", session.profile ? counted(session.profile->images, "image") + " of " + valueOr(session.calibration) +
                                         ", batch " + std::to_string(session.profile->batch) + ", " +
                                         std::string(toString(session.profile->schedule.kind)) + " schedule, " +
                                         deviceText(session.profile->target)
                                   : std::string(notMeasured));
    add("Times of layers", session.times ? "each alone, batch " + std::to_string(session.times->batch) + ", " +
                                               deviceText(session.times->target)
                                         : std::string(notMeasured));
    add("Sensitivity",
        session.sensitivity ? counted(session.sensitivity->images, "search image") : std::string(notMeasured));
    return facts;
}

} // namespace

ReportSection conditionsSection(const ReportSubject &subject)
{
    ReportSection section{"Conditions", {}};
    const Variant *measured = subject.chosen ? subject.chosen : subject.baseline;
    if (measured) {
        section.blocks.emplace_back(sharedConditions(measured->measurement.conditions));
        section.blocks.emplace_back(conditionsTable(subject, measured->measurement.conditions));
    } else {
        section.blocks.emplace_back(Paragraph{std::string("Accuracy, latency and memory: ") + notMeasured + ".",
                                              Paragraph::Role::Body, Tone::Neutral});
    }
    section.blocks.emplace_back(otherConditions(subject));
    return section;
}

} // namespace edgeflex
