#pragma once

#include "app/studio/pageflow.h"
#include "app/studio/reporttheme.h"

namespace edgeflex {

// Appends a table of `width` pixels as a header and rows that may go to pages of their own; none is ever split. Its
// caption is not part of it. `theme` must outlive the items.
void addTable(std::vector<FlowItem> &items, const Table &table, double width, const ReportTheme &theme);

} // namespace edgeflex
