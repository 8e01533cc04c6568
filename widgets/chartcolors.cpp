#include "widgets/chartcolors.h"

namespace edgeflex {

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Base).lightness() < 128;
}

QColor blend(const QColor &under, const QColor &over, double share)
{
    const auto mix = [share](int low, int high) {
        return static_cast<int>(low + share * (high - low));
    };
    return {mix(under.red(), over.red()), mix(under.green(), over.green()), mix(under.blue(), over.blue())};
}

ChartColors chartColors(const QPalette &palette)
{
    const bool dark = isDark(palette);
    ChartColors colors;
    colors.background = palette.color(QPalette::Base);
    colors.text = palette.color(QPalette::Text);
    colors.faded = blend(colors.background, colors.text, dark ? 0.62 : 0.6);
    colors.grid = colors.text;
    colors.grid.setAlpha(dark ? 36 : 28);
    colors.weights = dark ? QColor(0x6e, 0x6e, 0x76) : QColor(0xc4, 0xc4, 0xcc);
    colors.tensors = dark ? QColor(0x56, 0xb4, 0xe9) : QColor(0x00, 0x72, 0xb2);
    colors.scratch = QColor(0xe6, 0x9f, 0x00);
    colors.peak = dark ? QColor(0xff, 0x84, 0x4a) : QColor(0xb8, 0x4a, 0x00);
    colors.outline = blend(colors.background, colors.text, 0.5);
    colors.variant = colors.tensors;
    colors.plan = dark ? QColor(0xff, 0x84, 0x4a) : QColor(0xd5, 0x5e, 0x00);
    colors.recipe = dark ? QColor(0x2f, 0xcf, 0xa0) : QColor(0x00, 0x8a, 0x65);
    colors.budget = dark ? QColor(0xdd, 0x9a, 0xc3) : QColor(0xa8, 0x4c, 0x83);
    colors.good = dark ? QColor(0x5f, 0xd0, 0x8b) : QColor(0x13, 0x7a, 0x43);
    colors.bad = dark ? QColor(0xff, 0x7b, 0x72) : QColor(0xb4, 0x23, 0x18);
    colors.selection = palette.color(QPalette::Highlight);
    colors.selection.setAlpha(dark ? 90 : 60);
    colors.layers = dark ? std::array{QColor(0x3d, 0x8f, 0xd1), QColor(0x8c, 0xcb, 0xf2), QColor(0x26, 0xa6, 0x82),
                                      QColor(0xe6, 0xb0, 0x3a)}
                         : std::array{QColor(0x00, 0x72, 0xb2), QColor(0x7c, 0xc4, 0xee), QColor(0x00, 0x9e, 0x73),
                                      QColor(0xe6, 0x9f, 0x00)};
    return colors;
}

} // namespace edgeflex
