#include "report/reportbuilder.h"

#include "report/reportsections.h"
#include "report/reporttext.h"

#include <algorithm>

namespace edgeflex {

namespace {

// Of the latest measurement; ISO 8601 sorts as text.
std::string dateOf(const Session &session)
{
    std::string date;
    for (const Variant &variant : session.variants)
        date = std::max(date, variant.measurement.conditions.dateUtc);
    return date;
}

// "Table 2: ..." and "Figure 1: ..." in the order of appearance.
void number(Report &report)
{
    int tables = 0;
    int figures = 0;
    for (ReportSection &section : report.sections) {
        for (ReportBlock &block : section.blocks) {
            if (Table *table = std::get_if<Table>(&block))
                table->caption = "Table " + std::to_string(++tables) + ": " + table->caption;
            else if (Figure *figure = std::get_if<Figure>(&block))
                figure->caption = "Figure " + std::to_string(++figures) + ": " + figure->caption;
        }
    }
}

} // namespace

Report makeReport(const Session &session)
{
    const ReportSubject subject(session);
    Report report;
    report.model = session.summary.spec.name;
    report.date = dateOf(session);
    report.title = report.model.empty() ? "Compression report" : report.model + ": compression report";
    report.subtitle = subject.chosen ? "What " + subject.afterName() + " saves and costs against the original model"
                                     : std::string("What the original model takes; no smaller one was measured yet");
    for (const auto &make : {summarySection, tradeOffSection, recipeSection, memorySection, layerSection, methodSection,
                             conditionsSection, reproductionSection}) {
        ReportSection section = make(subject);
        if (!section.blocks.empty())
            report.sections.push_back(std::move(section));
    }
    number(report);
    return report;
}

} // namespace edgeflex
