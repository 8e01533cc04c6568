#include "widgets/chartcolors.h"

namespace edgeflex {

ChartColors chartColors(const QPalette &palette)
{
    const QColor background = palette.color(QPalette::Base);
    const bool dark = background.lightness() < 128;
    ChartColors colors;
    colors.background = background;
    colors.text = palette.color(QPalette::Text);
    colors.grid = colors.text;
    colors.grid.setAlpha(36);
    colors.weights = dark ? QColor(0x6e, 0x6e, 0x76) : QColor(0xc4, 0xc4, 0xcc);
    colors.tensors = dark ? QColor(0x56, 0xb4, 0xe9) : QColor(0x00, 0x72, 0xb2);
    colors.scratch = QColor(0xe6, 0x9f, 0x00);
    colors.peak = dark ? QColor(0xff, 0x84, 0x4a) : QColor(0xb8, 0x4a, 0x00);
    colors.selection = palette.color(QPalette::Highlight);
    colors.selection.setAlpha(dark ? 90 : 60);
    return colors;
}

} // namespace edgeflex
