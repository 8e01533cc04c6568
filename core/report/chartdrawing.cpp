#include "report/chartdrawing.h"

#include "report/chartpanel.h"
#include "report/chartscale.h"
#include "report/reporttext.h"

#include <algorithm>
#include <map>

namespace edgeflex {

namespace {

constexpr double panelGap = 16;
constexpr double titleSize = 7.5;
constexpr double belowFrame = 12 + 2 * chartTextSize; // tick texts and the axis' title
constexpr double legendHeight = 14;

bool sharesAxis(const Figure &figure)
{
    return std::all_of(figure.panels.begin(), figure.panels.end(),
                       [&](const Chart &chart) { return chart.y == figure.panels.front().y; });
}

// Series that the legend names, each once.
std::vector<const ChartSeries *> legendOf(const Figure &figure)
{
    std::vector<const ChartSeries *> legend;
    for (const Chart &chart : figure.panels) {
        for (const ChartSeries &series : chart.series) {
            const bool there = std::any_of(legend.begin(), legend.end(),
                                           [&](const ChartSeries *other) { return other->name == series.name; });
            if (!series.name.empty() && !there)
                legend.push_back(&series);
        }
    }
    return legend;
}

void drawLegend(const std::vector<const ChartSeries *> &legend, DrawPoint at, const TextWidth &textWidth,
                std::vector<DrawItem> &items)
{
    constexpr double swatch = 8;
    for (const ChartSeries *series : legend) {
        const Ink ink = inkOf(series->role);
        const double middle = at.y - 0.36 * chartTextSize;
        if (series->kind == ChartSeriesKind::Area || series->kind == ChartSeriesKind::Bars) {
            DrawPath box;
            box.points = {
                {at.x, middle - 3}, {at.x + swatch, middle - 3}, {at.x + swatch, middle + 3}, {at.x, middle + 3}};
            box.closed = true;
            box.fill = ink;
            items.emplace_back(std::move(box));
        } else {
            if (series->kind == ChartSeriesKind::Path) {
                DrawPath line;
                line.points = {{at.x - 2, middle}, {at.x + swatch + 2, middle}};
                line.stroke = ink;
                line.width = 1;
                items.emplace_back(std::move(line));
            }
            DrawMarker marker;
            marker.centre = {at.x + swatch / 2, middle};
            marker.radius = series->role == ChartRole::Chosen ? 3.2 : 2.5;
            marker.shape = series->marker;
            marker.fill = series->solid ? ink : Ink::Paper;
            marker.stroke = series->solid ? Ink::Paper : ink;
            items.emplace_back(marker);
        }
        const std::string name = typographic(series->name);
        items.emplace_back(
            DrawText{{at.x + swatch + 4, at.y}, DrawText::Anchor::Start, name, Ink::Text, chartTextSize, false});
        at.x += swatch + 4 + textWidth(name, chartTextSize, false) + 14;
    }
}

} // namespace

ChartDrawing drawFigure(const Figure &figure, double width, const TextWidth &textWidth)
{
    ChartDrawing drawing;
    drawing.width = width;
    if (figure.panels.empty())
        return drawing;
    const bool shared = sharesAxis(figure);
    const std::size_t count = figure.panels.size();

    std::vector<AxisRange> ranges;
    std::vector<const Chart *> charts;
    for (const Chart &chart : figure.panels)
        charts.push_back(&chart);
    for (const Chart *chart : charts)
        ranges.push_back(rangeOfY(shared ? charts : std::vector<const Chart *>{chart}));

    const bool titled =
        std::any_of(charts.begin(), charts.end(), [](const Chart *chart) { return !chart->title.empty(); });
    const double top = (titled ? titleSize + 7 : 0) + chartTextSize + 6; // titles, then what the vertical axis is
    const double frameHeight = std::max(60.0, width * figure.aspect - top - belowFrame - legendHeight);

    // Room for the texts of each vertical axis that is shown.
    std::vector<double> rooms(count, 0);
    double free = width;
    for (std::size_t i = 0; i < count; ++i) {
        if (i == 0 || !shared) {
            const ChartScale scale(charts[i]->y, ranges[i], frameHeight, 0);
            for (const ChartTick &tick : scale.ticks(std::max(3, static_cast<int>(frameHeight / 20))))
                rooms[i] = std::max(rooms[i], textWidth(typographic(tick.text), chartTextSize, false) + 6);
        }
        free -= rooms[i] + (i > 0 ? panelGap : 0);
    }
    const double last = 8; // the text of a last tick may reach beyond the frame
    const double frameWidth = (free - last) / static_cast<double>(count);

    double x = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const Chart &chart = *charts[i];
        x += rooms[i] + (i > 0 ? panelGap : 0);
        const LabelBox frame{x, top, x + frameWidth, top + frameHeight};
        if (!chart.title.empty())
            drawing.items.emplace_back(DrawText{
                {x, titleSize}, DrawText::Anchor::Start, typographic(chart.title), Ink::Text, titleSize, true});
        if (i == 0 || !shared)
            drawing.items.emplace_back(DrawText{{x - rooms[i], top - 6},
                                                DrawText::Anchor::Start,
                                                typographic(axisTitle(chart.y)),
                                                Ink::Text,
                                                chartTextSize,
                                                false});
        ChartPanel(chart, ranges[i], frame, textWidth).draw(drawing.items, i == 0 || !shared);
        x += frameWidth;
    }
    const std::vector<const ChartSeries *> legend = legendOf(figure);
    drawing.height = top + frameHeight + belowFrame;
    if (!legend.empty()) {
        drawing.height += legendHeight;
        drawLegend(legend, {rooms.front() + 2, drawing.height - 4}, textWidth, drawing.items);
    }
    return drawing;
}

} // namespace edgeflex
