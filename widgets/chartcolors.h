#pragma once

#include <QColor>
#include <QPalette>

#include <array>

namespace edgeflex {

// Colours of the plots for a light or a dark window, chosen to stay apart for colour-blind eyes
// (Okabe and Ito, "Color Universal Design", 2008).
struct ChartColors
{
    QColor background;
    QColor text;
    QColor faded; // text that is not the point
    QColor grid;
    QColor weights; // grey: what stays whatever the schedule does
    QColor tensors; // blue
    QColor scratch; // orange
    QColor peak;    // vermilion
    QColor outline; // of the original behind the plan
    QColor variant; // blue
    QColor plan;    // vermilion: what is being edited
    QColor recipe;  // green
    QColor budget;  // purple
    QColor good;
    QColor bad;
    QColor selection;
    std::array<QColor, 4> layers; // qkv, proj, fc1, fc2

    bool operator==(const ChartColors &) const = default;
};

bool isDark(const QPalette &palette);
ChartColors chartColors(const QPalette &palette);
// `share` of `over` on `under`.
QColor blend(const QColor &under, const QColor &over, double share);

} // namespace edgeflex
