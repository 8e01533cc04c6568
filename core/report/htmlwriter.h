#pragma once

#include "report/report.h"

#include <string>

namespace edgeflex {

// A report as one HTML file that needs nothing else: styles within, figures as SVG, light or dark as the reader
// prefers, light and with page breaks in print. Every text is escaped; there are no scripts. Well-formed XML too.
// Reentrant.
std::string htmlReport(const Report &report);

} // namespace edgeflex
