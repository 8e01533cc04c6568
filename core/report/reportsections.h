#pragma once

#include "report/report.h"
#include "report/reportsubject.h"

// The sections of a report, one file each. Those that need what was not measured say so instead.
namespace edgeflex {

ReportSection summarySection(const ReportSubject &subject);
ReportSection tradeOffSection(const ReportSubject &subject);
ReportSection recipeSection(const ReportSubject &subject); // without blocks where there is no recipe
ReportSection memorySection(const ReportSubject &subject);
ReportSection layerSection(const ReportSubject &subject);
ReportSection methodSection(const ReportSubject &subject);
ReportSection conditionsSection(const ReportSubject &subject);
ReportSection reproductionSection(const ReportSubject &subject);

// The sentence to take away, with how sure it is.
Paragraph verdictOf(const ReportSubject &subject);
// A word for a POSIX shell, quoted where it has to be.
std::string shellQuoted(const std::string &word);

} // namespace edgeflex
