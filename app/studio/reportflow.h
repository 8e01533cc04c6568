#pragma once

#include "app/studio/pageflow.h"
#include "app/studio/reporttheme.h"

namespace edgeflex {

// A report as pieces to put on pages, `width` pixels wide. `theme` must outlive them. Usable from any thread.
std::vector<FlowItem> flowOf(const Report &report, double width, const ReportTheme &theme);

} // namespace edgeflex
