#pragma once

#include "app/studio/reporttheme.h"

class QPainter;
class QPointF;

namespace edgeflex {

// Widths of the theme's font, for drawFigure().
TextWidth textWidthOf(const ReportTheme &theme);
// Paints a figure with its top left corner at `at`, as vectors.
void paintFigure(QPainter &painter, QPointF at, const ChartDrawing &drawing, const ReportTheme &theme);

} // namespace edgeflex
