#pragma once

#include "report/report.h"

// A document with one of everything, and with letters that every format has to escape.
namespace edgeflex::test {

inline Chart smallChart()
{
    Chart chart;
    chart.title = "A <panel>";
    chart.x = {"Weights", "MB", false, 0, {}, {}, true};
    chart.y = {"Top-1", "%", false, {}, {}, {}, true};
    ChartSeries points;
    points.name = "variants & more";
    points.points = {{1, 70, ChartInterval{0.9, 1.1}, ChartInterval{69, 71}, "1"}, {4, 75, {}, {}, "baseline"}};
    ChartSeries path;
    path.name = "path";
    path.kind = ChartSeriesKind::Path;
    path.role = ChartRole::Recipe;
    path.points = {{1, 71, {}, {}, {}}, {3, 74, {}, {}, {}}};
    chart.series = {points, path};
    chart.rules = {{ChartRule::Across::X, 2, "budget", ChartRole::Neutral}};
    return chart;
}

inline Report smallReport()
{
    Table table;
    table.caption = "Before, after";
    table.columns = {{"", "", Alignment::Left}, {"Weights", "MB", Alignment::Right}};
    table.rows = {{{"a|b", "22.87"}, TableRow::Style::Normal, false},
                  {{"say \"x\"", "-5.65"}, TableRow::Style::Emphasis, true},
                  {{"short"}, TableRow::Style::Detail, false}};
    Report report;
    report.title = "m_1 <b>: report";
    report.subtitle = "1. What it *is*";
    report.model = "m_1";
    report.date = "2025-06-01T10:00:00Z";
    report.sections = {
        {"Summary",
         {Paragraph{"Fits: yes.", Paragraph::Role::Verdict, Tone::Good},
          KeyFigures{{{"Weights", "5.65 MB", "4.05x smaller"}}}, KeyValues{{{"Data", "/data/a&b"}, {"Again", ""}}},
          table, Paragraph{"Small.", Paragraph::Role::Note, Tone::Neutral}}},
        {"More", {Figure{"Figure 1: it", "In words.", {smallChart()}, 0.5}, Code{"Run", "edgeflex `x` \\\n    --y"}}}};
    return report;
}

} // namespace edgeflex::test
