#pragma once

#include "report/report.h"

#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace edgeflex {

// A figure as strokes and texts, laid out once for every medium: SVG and PDF differ in how they put ink on paper, not
// in where. Lengths are in points (1/72 inch), y grows downwards.

// What a stroke is drawn in; the medium knows the colours.
enum class Ink {
    None,
    Paper,
    Text,
    Muted,
    Grid,
    Neutral,
    Baseline,
    Variant,
    Chosen,
    Recipe,
    Weights,
    Tensors,
    Scratch
};

struct DrawPoint
{
    double x = 0;
    double y = 0;

    bool operator==(const DrawPoint &) const = default;
};

struct DrawPath
{
    std::vector<DrawPoint> points;
    bool closed = false;
    Ink fill = Ink::None;
    Ink stroke = Ink::None;
    double width = 0.6;
    bool dashed = false;
    double opacity = 1; // of fill and stroke

    bool operator==(const DrawPath &) const = default;
};

struct DrawMarker
{
    DrawPoint centre;
    double radius = 2.4;
    ChartMarker shape = ChartMarker::Circle;
    Ink fill = Ink::None;
    Ink stroke = Ink::None;

    bool operator==(const DrawMarker &) const = default;
};

struct DrawText
{
    enum class Anchor { Start, Middle, End };

    DrawPoint at; // on the baseline
    Anchor anchor = Anchor::Start;
    std::string text;
    Ink ink = Ink::Text;
    double size = 7.5;
    bool bold = false;

    bool operator==(const DrawText &) const = default;
};

using DrawItem = std::variant<DrawPath, DrawMarker, DrawText>;

struct ChartDrawing
{
    double width = 0;
    double height = 0;
    std::vector<DrawItem> items; // from the back to the front

    bool operator==(const ChartDrawing &) const = default;
};

// How wide a text is in points at a font size in points.
using TextWidth = std::function<double(std::string_view text, double size, bool bold)>;

// Lays the panels of a figure out over `width` points. Panels whose y axes are the same share it. Reentrant.
ChartDrawing drawFigure(const Figure &figure, double width, const TextWidth &textWidth);

} // namespace edgeflex
