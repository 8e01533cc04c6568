#pragma once

#include "widgets/chartcolors.h"
#include "widgets/qcustomplotwrapper.h"

namespace edgeflex {

// Gives a plot the colours and the font of its window: background, axes, grid and legend.
void styleChart(QCustomPlot *plot, const ChartColors &colors);
// Puts the legend in a strip of its own under the plot, where no data can be, and keeps the label of the upright axis
// within the plot's height. At most `entriesARow`, fewer where the plot is too narrow for their texts.
void putLegendBelow(QCustomPlot *plot, int entriesARow = 8);

} // namespace edgeflex
