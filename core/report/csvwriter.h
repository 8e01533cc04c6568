#pragma once

#include "report/report.h"

#include <string>

namespace edgeflex {

// The tables of a report as CSV (RFC 4180: CRLF, quotes where needed), one after another: a line with the table's
// title, the columns' names with their units, the rows; an empty line between tables. Reentrant.
std::string csvReport(const Report &report);

} // namespace edgeflex
