#include "report/chartpanel.h"

#include "report/reporttext.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

constexpr double markerRadius = 2.5;
constexpr double chosenRadius = 3.4;
constexpr double capLength = 1.8; // half of an error bar's end

bool isFinite(const ChartPoint &point)
{
    return std::isfinite(point.x) && std::isfinite(point.y);
}

bool isFinite(const ChartInterval &interval)
{
    return std::isfinite(interval.low) && std::isfinite(interval.high);
}

double radiusOf(const ChartSeries &series)
{
    return series.role == ChartRole::Chosen ? chosenRadius : markerRadius;
}

bool isMarked(const ChartSeries &series)
{
    return series.kind == ChartSeriesKind::Points || series.kind == ChartSeriesKind::Path;
}

} // namespace

Ink inkOf(ChartRole role)
{
    switch (role) {
    case ChartRole::Neutral:
        return Ink::Neutral;
    case ChartRole::Baseline:
        return Ink::Baseline;
    case ChartRole::Variant:
        return Ink::Variant;
    case ChartRole::Chosen:
        return Ink::Chosen;
    case ChartRole::Recipe:
        return Ink::Recipe;
    case ChartRole::Weights:
        return Ink::Weights;
    case ChartRole::Tensors:
        return Ink::Tensors;
    case ChartRole::Scratch:
        return Ink::Scratch;
    }
    return Ink::Neutral;
}

std::string axisTitle(const ChartAxis &axis)
{
    return axis.unit.empty() ? axis.label : axis.label + ", " + axis.unit;
}

ChartPanel::ChartPanel(const Chart &chart, AxisRange y, LabelBox frame, const TextWidth &textWidth)
    : m_chart(chart),
      m_frame(frame),
      m_textWidth(textWidth),
      m_x(chart.x, rangeOfX(chart), frame.left, frame.right),
      m_y(chart.y, y, frame.bottom, frame.top),
      m_placer(frame)
{
}

void ChartPanel::draw(std::vector<DrawItem> &items, bool verticalAxis)
{
    m_items = &items;
    drawAxes(verticalAxis);
    drawAreas();
    for (const ChartSeries &series : m_chart.series) {
        if (series.kind == ChartSeriesKind::Bars)
            drawBars(series);
    }
    drawRules();
    for (const ChartSeries &series : m_chart.series) {
        if (series.kind == ChartSeriesKind::Path)
            drawPath(series);
    }
    for (const ChartSeries &series : m_chart.series) {
        if (isMarked(series))
            drawErrors(series);
    }
    for (const ChartSeries &series : m_chart.series) {
        if (isMarked(series))
            drawMarkers(series);
    }
    labelRules();
    labelPoints();
}

void ChartPanel::drawAxes(bool verticalAxis)
{
    const double width = m_frame.right - m_frame.left;
    const double height = m_frame.bottom - m_frame.top;
    for (const ChartTick &tick : m_y.ticks(std::max(3, static_cast<int>(height / 20)))) {
        const double y = m_y.place(tick.value);
        if (m_chart.y.grid)
            addLine({m_frame.left, y}, {m_frame.right, y}, Ink::Grid, 0.5);
        if (verticalAxis)
            addText({m_frame.left - 4, y + 0.36 * chartTextSize}, DrawText::Anchor::End, typographic(tick.text),
                    Ink::Muted);
    }
    double free = m_frame.left - 1000; // where the text of the last tick ended
    for (const ChartTick &tick : m_x.ticks(std::max(3, static_cast<int>(width / 36)))) {
        const double x = m_x.place(tick.value);
        if (m_chart.x.grid)
            addLine({x, m_frame.top}, {x, m_frame.bottom}, Ink::Grid, 0.5);
        const LabelBox box = boxOf({x, m_frame.bottom}, DrawText::Anchor::Middle, tick.text, false);
        if (box.left < free + 3)
            continue;
        free = box.right;
        if (m_chart.x.grid)
            addLine({x, m_frame.bottom}, {x, m_frame.bottom + 2.5}, Ink::Muted, 0.5);
        addText({x, m_frame.bottom + 4 + 0.8 * chartTextSize}, DrawText::Anchor::Middle, typographic(tick.text),
                Ink::Muted);
    }
    addLine({m_frame.left, m_frame.bottom}, {m_frame.right, m_frame.bottom}, Ink::Muted, 0.7);
    addText({(m_frame.left + m_frame.right) / 2, m_frame.bottom + 8 + 2 * chartTextSize}, DrawText::Anchor::Middle,
            axisTitle(m_chart.x), Ink::Text);
}

void ChartPanel::drawAreas()
{
    std::vector<double> stack;
    for (const ChartSeries &series : m_chart.series) {
        if (series.kind != ChartSeriesKind::Area || series.points.size() < 2)
            continue;
        const std::size_t steps = series.points.size() - 1;
        if (!std::all_of(series.points.begin(), series.points.end(),
                         [](const ChartPoint &point) { return isFinite(point); }))
            continue; // a stack with a hole says nothing
        stack.resize(std::max(stack.size(), series.points.size()));
        DrawPath path;
        path.closed = true;
        path.fill = inkOf(series.role);
        for (std::size_t i = 0; i < steps; ++i) {
            const double y = m_y.place(stack[i] + series.points[i].y);
            path.points.push_back({m_x.place(series.points[i].x), y});
            path.points.push_back({m_x.place(series.points[i + 1].x), y});
        }
        for (std::size_t i = steps; i-- > 0;) {
            const double y = m_y.place(stack[i]);
            path.points.push_back({m_x.place(series.points[i + 1].x), y});
            path.points.push_back({m_x.place(series.points[i].x), y});
        }
        m_items->emplace_back(std::move(path));
        for (std::size_t i = 0; i < series.points.size(); ++i)
            stack[i] += series.points[i].y;
    }
}

void ChartPanel::drawBars(const ChartSeries &series)
{
    for (const ChartPoint &point : series.points) {
        if (!isFinite(point))
            continue;
        const double left = m_x.place(point.x - series.barWidth / 2);
        const double right = m_x.place(point.x + series.barWidth / 2);
        const double top = m_y.place(point.y);
        DrawPath bar;
        bar.points = {{left, m_frame.bottom}, {left, top}, {right, top}, {right, m_frame.bottom}};
        bar.closed = true;
        bar.fill = inkOf(series.role);
        m_items->emplace_back(std::move(bar));
    }
}

void ChartPanel::drawPath(const ChartSeries &series)
{
    DrawPath path;
    path.stroke = inkOf(series.role);
    path.width = 1;
    for (const ChartPoint &point : series.points) {
        if (isFinite(point))
            path.points.push_back(place(point));
    }
    for (std::size_t i = 1; i < path.points.size(); ++i) { // a chain of small boxes stands for the line
        const DrawPoint from = path.points[i - 1];
        const DrawPoint to = path.points[i];
        const int pieces = 1 + static_cast<int>(std::hypot(to.x - from.x, to.y - from.y) / 4);
        for (int piece = 0; piece <= pieces; ++piece) {
            const double x = from.x + (to.x - from.x) * piece / pieces;
            const double y = from.y + (to.y - from.y) * piece / pieces;
            m_placer.addObstacle({x - 2, y - 2, x + 2, y + 2}, 0.5);
        }
    }
    if (path.points.size() > 1)
        m_items->emplace_back(std::move(path));
}

void ChartPanel::drawErrors(const ChartSeries &series)
{
    const Ink ink = inkOf(series.role);
    const auto drawOne = [&](DrawPoint from, DrawPoint to, bool capAtFrom, bool capAtTo) {
        const bool vertical = from.x == to.x;
        const DrawPoint cap = vertical ? DrawPoint{capLength, 0} : DrawPoint{0, capLength};
        DrawPath bar;
        bar.points = {from, to};
        bar.stroke = ink;
        bar.opacity = 0.55;
        const auto addCap = [&](DrawPoint at) {
            DrawPath end = bar;
            end.points = {{at.x - cap.x, at.y - cap.y}, {at.x + cap.x, at.y + cap.y}};
            m_items->emplace_back(std::move(end));
        };
        m_items->emplace_back(bar);
        if (capAtFrom) // an end beyond the frame is no end
            addCap(from);
        if (capAtTo)
            addCap(to);
        m_placer.addObstacle({std::min(from.x, to.x) - 1, std::min(from.y, to.y) - 1, std::max(from.x, to.x) + 1,
                              std::max(from.y, to.y) + 1},
                             0.4);
    };
    for (const ChartPoint &point : series.points) {
        if (!isFinite(point))
            continue;
        const DrawPoint at = place(point);
        if (point.yError && isFinite(*point.yError))
            drawOne({at.x, m_y.place(point.yError->low)}, {at.x, m_y.place(point.yError->high)},
                    m_y.contains(point.yError->low), m_y.contains(point.yError->high));
        if (point.xError && isFinite(*point.xError))
            drawOne({m_x.place(point.xError->low), at.y}, {m_x.place(point.xError->high), at.y},
                    m_x.contains(point.xError->low), m_x.contains(point.xError->high));
    }
}

void ChartPanel::drawMarkers(const ChartSeries &series)
{
    const double radius = radiusOf(series);
    for (const ChartPoint &point : series.points) {
        if (!isFinite(point))
            continue;
        DrawMarker marker;
        marker.centre = place(point);
        marker.radius = radius;
        marker.shape = series.marker;
        marker.fill = series.solid ? inkOf(series.role) : Ink::Paper;
        marker.stroke = series.solid ? Ink::Paper : inkOf(series.role); // a rim tells markers that touch apart
        m_placer.addObstacle(
            {marker.centre.x - radius, marker.centre.y - radius, marker.centre.x + radius, marker.centre.y + radius},
            2);
        m_items->emplace_back(marker);
    }
}

void ChartPanel::drawRules()
{
    for (const ChartRule &rule : m_chart.rules) {
        const bool level = rule.across == ChartRule::Across::Y;
        const double at = level ? m_y.place(rule.value) : m_x.place(rule.value);
        const DrawPoint from = level ? DrawPoint{m_frame.left, at} : DrawPoint{at, m_frame.top};
        const DrawPoint to = level ? DrawPoint{m_frame.right, at} : DrawPoint{at, m_frame.bottom};
        addLine(from, to, inkOf(rule.role), 0.6, true);
        m_placer.addObstacle({from.x - 1, from.y - 1, to.x + 1, to.y + 1}, 0.5);
    }
}

void ChartPanel::labelRules()
{
    using Anchor = DrawText::Anchor;
    for (const ChartRule &rule : m_chart.rules) {
        if (rule.label.empty())
            continue;
        std::vector<std::pair<DrawPoint, Anchor>> places;
        if (rule.across == ChartRule::Across::Y) {
            const double y = m_y.place(rule.value);
            for (const double line : {y - 2.5, y + 2 + 0.8 * chartTextSize}) {
                places.push_back({{m_frame.right - 1, line}, Anchor::End});
                places.push_back({{m_frame.left + 2, line}, Anchor::Start});
                places.push_back({{(m_frame.left + m_frame.right) / 2, line}, Anchor::Middle});
            }
        } else {
            const double x = m_x.place(rule.value);
            for (const double line : {m_frame.top + chartTextSize, m_frame.bottom - 3}) {
                places.push_back({{x + 3, line}, Anchor::Start});
                places.push_back({{x - 3, line}, Anchor::End});
            }
        }
        std::vector<LabelBox> boxes;
        for (const auto &[at, anchor] : places)
            boxes.push_back(boxOf(at, anchor, rule.label, false));
        const int chosen = m_placer.place(boxes, 10); // a line nobody explains is worse than a crowded one
        const auto &[at, anchor] = places[static_cast<std::size_t>(std::max(chosen, 0))];
        addText(at, anchor, rule.label, inkOf(rule.role));
    }
}

void ChartPanel::labelPoints()
{
    std::vector<Label> labels;
    for (const ChartSeries &series : m_chart.series) {
        if (!isMarked(series))
            continue;
        const bool chosen = series.role == ChartRole::Chosen;
        for (const ChartPoint &point : series.points) {
            if (!point.label.empty() && isFinite(point))
                labels.push_back({place(point), radiusOf(series) + 1.5, point.label, inkOf(series.role), chosen});
        }
    }
    // What the report is about comes first to the best places: series are drawn from the least important on.
    std::reverse(labels.begin(), labels.end());
    using Anchor = DrawText::Anchor;
    for (const Label &label : labels) {
        const double d = label.distance;
        const double rise = 0.72 * chartTextSize; // height of digits and capitals
        std::vector<std::pair<DrawPoint, Anchor>> places;
        for (const double reach : {1.0, 2.2, 3.6}) {
            const double r = d * reach;
            places.push_back({{label.at.x + r, label.at.y + rise / 2}, Anchor::Start});
            places.push_back({{label.at.x + 0.7 * r, label.at.y - 0.7 * r}, Anchor::Start});
            places.push_back({{label.at.x + 0.7 * r, label.at.y + 0.7 * r + rise}, Anchor::Start});
            places.push_back({{label.at.x - r, label.at.y + rise / 2}, Anchor::End});
            places.push_back({{label.at.x - 0.7 * r, label.at.y - 0.7 * r}, Anchor::End});
            places.push_back({{label.at.x - 0.7 * r, label.at.y + 0.7 * r + rise}, Anchor::End});
            places.push_back({{label.at.x, label.at.y - r}, Anchor::Middle});
            places.push_back({{label.at.x, label.at.y + r + rise}, Anchor::Middle});
        }
        std::vector<LabelBox> boxes;
        for (const auto &[at, anchor] : places)
            boxes.push_back(boxOf(at, anchor, label.text, label.bold));
        const int chosen = m_placer.place(boxes, label.bold ? 10 : 0.9);
        if (chosen < 0)
            continue; // the table has it
        const auto &[at, anchor] = places[static_cast<std::size_t>(chosen)];
        addBackdrop(boxes[static_cast<std::size_t>(chosen)]);
        addText(at, anchor, label.text, label.ink, label.bold);
    }
}

void ChartPanel::addLine(DrawPoint from, DrawPoint to, Ink ink, double width, bool dashed)
{
    DrawPath line;
    line.points = {from, to};
    line.stroke = ink;
    line.width = width;
    line.dashed = dashed;
    m_items->emplace_back(std::move(line));
}

void ChartPanel::addBackdrop(const LabelBox &box)
{
    DrawPath paper;
    paper.points = {{box.left, box.top}, {box.right, box.top}, {box.right, box.bottom}, {box.left, box.bottom}};
    paper.closed = true;
    paper.fill = Ink::Paper;
    paper.opacity = 0.7;
    m_items->emplace_back(std::move(paper));
}

void ChartPanel::addText(DrawPoint at, DrawText::Anchor anchor, const std::string &text, Ink ink, bool bold)
{
    m_items->emplace_back(DrawText{at, anchor, typographic(text), ink, chartTextSize, bold});
}

LabelBox ChartPanel::boxOf(DrawPoint at, DrawText::Anchor anchor, const std::string &text, bool bold) const
{
    const double width = m_textWidth(typographic(text), chartTextSize, bold);
    const double left = anchor == DrawText::Anchor::Start ? at.x
                        : anchor == DrawText::Anchor::End ? at.x - width
                                                          : at.x - width / 2;
    return {left, at.y - 0.76 * chartTextSize, left + width, at.y + 0.2 * chartTextSize};
}

} // namespace edgeflex
