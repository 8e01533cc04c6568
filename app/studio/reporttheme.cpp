#include "app/studio/reporttheme.h"

#include "widgets/chartcolors.h"

#include <QFontDatabase>
#include <QFontMetricsF>
#include <QPaintDevice>

namespace edgeflex {

namespace {

// The first of them that is installed; Debian always has DejaVu.
QString firstInstalled(const QStringList &wanted, QFontDatabase::SystemFont otherwise)
{
    const QStringList installed = QFontDatabase::families();
    for (const QString &family : wanted) {
        if (installed.contains(family))
            return family;
    }
    return QFontDatabase::systemFont(otherwise).family();
}

ChartColors paperColors()
{
    QPalette paper(Qt::white); // not the application's, which is the GUI thread's
    paper.setColor(QPalette::Base, Qt::white);
    paper.setColor(QPalette::Text, QColor(0x1d, 0x1d, 0x1f));
    return chartColors(paper);
}

} // namespace

ReportTheme::ReportTheme(const QPaintDevice &device)
    : m_device(&device),
      m_scale(device.logicalDpiY() / 72.0),
      m_family(firstInstalled(
          {"Noto Sans", "Open Sans", "Source Sans 3", "Liberation Sans", "DejaVu Sans Condensed", "DejaVu Sans"},
          QFontDatabase::GeneralFont)),
      m_monospace(firstInstalled({"Noto Sans Mono", "Liberation Mono", "DejaVu Sans Mono"}, QFontDatabase::FixedFont))
{
}

QFont ReportTheme::font(double points, Weight weight) const
{
    QFont font(m_family);
    font.setPointSizeF(points);
    font.setBold(weight == Weight::Bold);
    font.setHintingPreference(QFont::PreferNoHinting); // paper has no pixels to fit to
    return font;
}

QFont ReportTheme::monospace(double points) const
{
    QFont font(m_monospace);
    font.setPointSizeF(points);
    font.setHintingPreference(QFont::PreferNoHinting);
    return font;
}

double ReportTheme::width(const QString &text, const QFont &font) const
{
    return QFontMetricsF(font, m_device).horizontalAdvance(text);
}

QColor ReportTheme::color(Ink ink) const
{
    static const ChartColors colors = paperColors();
    switch (ink) {
    case Ink::None:
        return Qt::transparent;
    case Ink::Paper:
        return Qt::white;
    case Ink::Text:
    case Ink::Baseline:
        return colors.text;
    case Ink::Muted:
    case Ink::Neutral:
        return QColor(0x66, 0x66, 0x6e);
    case Ink::Grid:
        return QColor(0xe2, 0xe2, 0xe6); // colors.grid on white, without transparency
    case Ink::Variant:
        return colors.variant;
    case Ink::Tensors:
        return colors.tensors;
    case Ink::Chosen:
        return colors.peak; // the plan's own is too pale for small letters on paper
    case Ink::Recipe:
        return colors.recipe;
    case Ink::Weights:
        return colors.weights;
    case Ink::Scratch:
        return colors.scratch;
    }
    return colors.text;
}

QColor ReportTheme::tone(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        break;
    case Tone::Good:
        return paperColors().good;
    case Tone::Caution:
        return QColor(0xd4, 0x92, 0x00);
    case Tone::Bad:
        return paperColors().bad;
    }
    return color(Ink::Muted);
}

QColor ReportTheme::panel() const
{
    return QColor(0xf5, 0xf5, 0xf7);
}

} // namespace edgeflex
