#pragma once

#include "report/report.h"

#include <string>

namespace edgeflex {

// A report as Markdown (CommonMark with tables). Figures are told in words: their data is in the tables. Reentrant.
std::string markdownReport(const Report &report);

} // namespace edgeflex
