#pragma once

#include "report/report.h"

#include <string>

namespace edgeflex {

// A report as JSON, with everything that the document has. Reentrant.
std::string jsonReport(const Report &report);
// The same report again. Throws Error when `text`, which comes from `what`, is not such JSON.
Report reportFromJson(const std::string &text, const std::string &what);

} // namespace edgeflex
