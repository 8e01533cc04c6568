#pragma once

#include "report/chartdrawing.h"

#include <string>

namespace edgeflex {

// A figure as an SVG element to stand within HTML: no size of its own but a viewBox, colours by the classes "ink-text",
// "ink-grid" ... of svgStyles(), its description as <title>. Every text is escaped.
std::string svgFigure(const Figure &figure);
// The same as a file of its own, with those styles.
std::string svgFile(const Figure &figure);
// CSS rules of those classes for light paper, and for dark where the reader prefers it and nothing is printed.
std::string svgStyles();

// Text and attribute values for XML and HTML; control characters that XML forbids are left out.
std::string escapeXml(std::string_view text);
// Widths of a sans-serif like Arial, near enough to keep labels apart.
double sansTextWidth(std::string_view text, double size, bool bold);

} // namespace edgeflex
