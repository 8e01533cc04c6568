#pragma once

#include <QColor>
#include <QPalette>

namespace edgeflex {

// Colours of the plots for a light or a dark window, chosen to stay apart for colour-blind eyes
// (Okabe and Ito, "Color Universal Design", 2008).
struct ChartColors
{
    QColor background;
    QColor text;
    QColor grid;
    QColor weights; // grey: what stays whatever the schedule does
    QColor tensors; // blue
    QColor scratch; // orange
    QColor peak;    // vermilion
    QColor selection;

    bool operator==(const ChartColors &) const = default;
};

ChartColors chartColors(const QPalette &palette);

} // namespace edgeflex
