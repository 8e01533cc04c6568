#include "core/report/smallreport.h"
#include "report/chartdrawing.h"
#include "report/labelplacer.h"
#include "report/svgchart.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

std::vector<DrawText> textsOf(const ChartDrawing &drawing)
{
    std::vector<DrawText> texts;
    for (const DrawItem &item : drawing.items) {
        if (const auto *text = std::get_if<DrawText>(&item))
            texts.push_back(*text);
    }
    return texts;
}

bool says(const ChartDrawing &drawing, const std::string &words)
{
    const auto texts = textsOf(drawing);
    return std::any_of(texts.begin(), texts.end(), [&](const DrawText &text) { return text.text == words; });
}

std::vector<DrawMarker> markersOf(const ChartDrawing &drawing)
{
    std::vector<DrawMarker> markers;
    for (const DrawItem &item : drawing.items) {
        if (const auto *marker = std::get_if<DrawMarker>(&item))
            markers.push_back(*marker);
    }
    return markers;
}

Figure figureOf(std::vector<Chart> panels)
{
    return {"", "", std::move(panels), 0.5};
}

} // namespace

class TestChartDrawing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hasAxesLabelsAndLegend()
    {
        const ChartDrawing drawing = drawFigure(figureOf({smallChart()}), 400, sansTextWidth);
        QCOMPARE(drawing.width, 400.0);
        QCOMPARE(drawing.height, 200.0);
        for (const char *words :
             {"A <panel>", "Weights, MB", "Top-1, %", "budget", "baseline", "variants & more", "path"})
            QVERIFY2(says(drawing, words), words);
        QCOMPARE(markersOf(drawing).size(), std::size_t(4 + 2)); // four points, two in the legend
    }

    void everythingIsOnThePaper()
    {
        const ChartDrawing drawing = drawFigure(figureOf({smallChart(), smallChart()}), 400, sansTextWidth);
        for (const DrawText &text : textsOf(drawing)) {
            const double width = sansTextWidth(text.text, text.size, text.bold);
            const double left = text.anchor == DrawText::Anchor::Start ? text.at.x
                                : text.anchor == DrawText::Anchor::End ? text.at.x - width
                                                                       : text.at.x - width / 2;
            QVERIFY2(left >= -0.5 && left + width <= 400.5, text.text.c_str());
            QVERIFY2(text.at.y >= 0 && text.at.y <= drawing.height, text.text.c_str());
        }
        for (const DrawMarker &marker : markersOf(drawing))
            QVERIFY(marker.centre.x >= 0 && marker.centre.x <= 400 && marker.centre.y >= 0 &&
                    marker.centre.y <= drawing.height);
    }

    // Panels compare only where the same height means the same.
    void panelsShareTheAxis()
    {
        Chart low = smallChart();
        Chart high = smallChart();
        high.series.resize(1);
        for (ChartPoint &point : high.series[0].points)
            point.y += 10;
        const auto markers = markersOf(drawFigure(figureOf({low, high}), 500, sansTextWidth));
        QVERIFY(markers.size() >= 6);
        // The point at 75 of the first panel lies below the one at 80 of the second.
        const auto placeOf = [&](double value) {
            Chart one = low;
            one.series.resize(1);
            one.series[0].points = {{1, value, {}, {}, {}}};
            return markersOf(drawFigure(figureOf({one, high}), 500, sansTextWidth)).front().centre.y;
        };
        QVERIFY(placeOf(85) < placeOf(80));
        const auto second = markersOf(drawFigure(figureOf({high, high}), 500, sansTextWidth));
        QCOMPARE(second[0].centre.y, second[2].centre.y);
    }

    void stacksAreas()
    {
        Chart chart;
        for (const ChartRole role : {ChartRole::Weights, ChartRole::Tensors}) {
            ChartSeries area;
            area.kind = ChartSeriesKind::Area;
            area.role = role;
            area.points = {{0, 2, {}, {}, {}}, {1, 4, {}, {}, {}}, {2, 4, {}, {}, {}}};
            chart.series.push_back(area);
        }
        const ChartDrawing drawing = drawFigure(figureOf({chart}), 300, sansTextWidth);
        std::vector<DrawPath> areas;
        for (const DrawItem &item : drawing.items) {
            const auto *path = std::get_if<DrawPath>(&item);
            if (path && (path->fill == Ink::Weights || path->fill == Ink::Tensors))
                areas.push_back(*path);
        }
        QCOMPARE(areas.size(), std::size_t(2));
        QCOMPARE(areas[0].points.size(), std::size_t(8)); // two steps, there and back
        // The second stands on the first.
        QCOMPARE(areas[1].points.back().y, areas[0].points.front().y);
        QVERIFY(areas[1].points.front().y < areas[0].points.front().y);
    }

    void logarithmicAxis()
    {
        Chart chart = smallChart();
        chart.x.logarithmic = true;
        chart.x.low = std::nullopt;
        chart.rules.clear();
        chart.series.resize(1);
        chart.series[0].points = {{1, 1, {}, {}, {}}, {10, 1.5, {}, {}, {}}, {100, 2, {}, {}, {}}};
        const auto markers = markersOf(drawFigure(figureOf({chart}), 400, sansTextWidth));
        QVERIFY(std::abs((markers[1].centre.x - markers[0].centre.x) - (markers[2].centre.x - markers[1].centre.x)) <
                1e-6);
    }

    void strangeDataIsDrawnWithoutHarm()
    {
        const double nothing = std::numeric_limits<double>::quiet_NaN();
        const double infinity = std::numeric_limits<double>::infinity();
        for (const ChartSeriesKind kind :
             {ChartSeriesKind::Points, ChartSeriesKind::Path, ChartSeriesKind::Area, ChartSeriesKind::Bars}) {
            for (const bool logarithmic : {false, true}) {
                Chart chart = smallChart();
                chart.x.logarithmic = logarithmic;
                for (ChartSeries &series : chart.series) {
                    series.kind = kind;
                    series.points = {{0, 0, {}, {}, "zero"},
                                     {1, nothing, {}, {}, "nan"},
                                     {infinity, 1, {}, ChartInterval{nothing, 1}, ""}};
                }
                const std::string text = svgFigure(figureOf({chart}));
                QVERIFY(text.find("nan\"") == std::string::npos && text.find("inf") == std::string::npos);
                chart.series.clear();
                QVERIFY(drawFigure(figureOf({chart}), 300, sansTextWidth).height > 0);
            }
        }
        QVERIFY(drawFigure(figureOf({}), 300, sansTextWidth).items.empty());
    }

    void labelsKeepApart()
    {
        LabelPlacer placer({0, 0, 100, 100});
        placer.addObstacle({10, 10, 20, 20});
        QCOMPARE(placer.place({{12, 12, 18, 18}, {30, 12, 36, 18}}, 1), 1);
        QCOMPARE(placer.place({{30, 12, 36, 18}}, 0.5), -1);                  // taken by now
        QCOMPARE(placer.place({{98, 98, 110, 104}, {80, 80, 92, 86}}, 1), 1); // inside rather than outside
        QCOMPARE(placer.place({}, 1), -1);
    }
};

QTEST_APPLESS_MAIN(TestChartDrawing)
#include "tst_chartdrawing.moc"
