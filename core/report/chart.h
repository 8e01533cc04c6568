#pragma once

#include <optional>
#include <string>
#include <vector>

namespace edgeflex {

// A chart as data, in the units of its axes; how it looks is up to whoever draws it.

struct ChartTick
{
    double value = 0;
    std::string text;

    bool operator==(const ChartTick &) const = default;
};

struct ChartAxis
{
    std::string label;
    std::string unit; // "MB"; empty: none
    bool logarithmic = false;
    std::optional<double> low; // absent: from the data
    std::optional<double> high;
    std::vector<ChartTick> ticks; // empty: chosen by niceTicks()
    bool grid = true;

    bool operator==(const ChartAxis &) const = default;
};

struct ChartInterval
{
    double low = 0;
    double high = 0;

    bool operator==(const ChartInterval &) const = default;
};

struct ChartPoint
{
    double x = 0;
    double y = 0;
    std::optional<ChartInterval> xError; // in the axis' units, not relative to the point
    std::optional<ChartInterval> yError;
    std::string label; // beside the point; empty: none

    bool operator==(const ChartPoint &) const = default;
};

// What a series stands for; it decides the colour, the same in every figure.
enum class ChartRole { Neutral, Baseline, Variant, Chosen, Recipe, Weights, Tensors, Scratch };

enum class ChartSeriesKind {
    Points, // markers with error bars
    Path,   // markers joined in order
    Area,   // steps from each point's x to the next one's, stacked on the areas before; the last point ends it
    Bars    // one bar a point, `barWidth` wide, over each other
};

enum class ChartMarker { Circle, Diamond, Square };

struct ChartSeries
{
    std::string name; // in the legend; empty: not there
    ChartSeriesKind kind = ChartSeriesKind::Points;
    ChartRole role = ChartRole::Variant;
    ChartMarker marker = ChartMarker::Circle;
    bool solid = true;     // markers filled: measured; hollow: predicted
    double barWidth = 0.8; // in the x axis' unit
    std::vector<ChartPoint> points;

    bool operator==(const ChartSeries &) const = default;
};

// A dashed line across the whole chart, such as a budget.
struct ChartRule
{
    enum class Across { X, Y };

    Across across = Across::Y; // Y: at a value of y, from left to right
    double value = 0;
    std::string label;
    ChartRole role = ChartRole::Neutral;

    bool operator==(const ChartRule &) const = default;
};

struct Chart
{
    std::string title; // of a panel; empty: none
    ChartAxis x;
    ChartAxis y;
    std::vector<ChartSeries> series; // drawn in this order
    std::vector<ChartRule> rules;

    bool operator==(const Chart &) const = default;
};

} // namespace edgeflex
