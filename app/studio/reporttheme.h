#pragma once

#include "report/chartdrawing.h"

#include <QColor>
#include <QFont>

class QPagedPaintDevice;
class QPaintDevice;

namespace edgeflex {

// How a printed report looks: fonts, sizes in points and colours. Light paper, whatever the window's colours are.
// Usable from any thread once the application exists.
class ReportTheme
{
public:
    enum class Weight { Normal, Bold };

    // Lengths on `device`; it must outlive the theme.
    explicit ReportTheme(const QPaintDevice &device);

    const QPaintDevice &device() const { return *m_device; }
    // Points to the device's pixels.
    double px(double points) const { return points * m_scale; }

    QFont font(double points, Weight weight = Weight::Normal) const;
    QFont monospace(double points) const;
    // Width of a line of text in the device's pixels.
    double width(const QString &text, const QFont &font) const;

    QColor color(Ink ink) const;
    QColor tone(Tone tone) const;
    QColor panel() const; // behind code and what is emphasised

    // Sizes in points.
    static constexpr double title = 20;
    static constexpr double heading = 13;
    static constexpr double body = 9;
    static constexpr double verdict = 10.5;
    static constexpr double caption = 8.5;
    static constexpr double table = 7.5;
    static constexpr double note = 7.5;
    static constexpr double code = 7;
    static constexpr double keyValue = 17;
    static constexpr double leading = 1.4; // line height as a multiple of the size

private:
    const QPaintDevice *m_device;
    double m_scale;
    QString m_family;
    QString m_monospace;
};

} // namespace edgeflex
