#pragma once

#include "report/chartdrawing.h"
#include "report/chartscale.h"
#include "report/labelplacer.h"

namespace edgeflex {

inline constexpr double chartTextSize = 7;

Ink inkOf(ChartRole role);
// "Weights, MB".
std::string axisTitle(const ChartAxis &axis);

// One chart within a figure: its frame on paper, and what is drawn there.
class ChartPanel
{
public:
    // `chart` and `textWidth` must outlive the panel. `frame` is where the data goes; axes lie around it.
    ChartPanel(const Chart &chart, AxisRange y, LabelBox frame, const TextWidth &textWidth);

    // Appends to `items`. The vertical axis is left out where a neighbour shows it.
    void draw(std::vector<DrawItem> &items, bool verticalAxis);

private:
    struct Label
    {
        DrawPoint at;
        double distance;
        std::string text;
        Ink ink;
        bool bold;
    };

    void drawAxes(bool verticalAxis);
    void drawAreas();
    void drawBars(const ChartSeries &series);
    void drawPath(const ChartSeries &series);
    void drawErrors(const ChartSeries &series);
    void drawMarkers(const ChartSeries &series);
    void drawRules();
    void labelRules();
    void labelPoints();
    void addLine(DrawPoint from, DrawPoint to, Ink ink, double width, bool dashed = false);
    void addText(DrawPoint at, DrawText::Anchor anchor, const std::string &text, Ink ink, bool bold = false);
    void addBackdrop(const LabelBox &box);
    LabelBox boxOf(DrawPoint at, DrawText::Anchor anchor, const std::string &text, bool bold) const;
    DrawPoint place(const ChartPoint &point) const { return {m_x.place(point.x), m_y.place(point.y)}; }

    const Chart &m_chart;
    LabelBox m_frame;
    const TextWidth &m_textWidth;
    ChartScale m_x;
    ChartScale m_y;
    LabelPlacer m_placer;
    std::vector<DrawItem> *m_items = nullptr;
};

} // namespace edgeflex
