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
    return report;
}

} // namespace edgeflex
