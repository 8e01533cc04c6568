#include "app/studio/windowcolors.h"

#include <QApplication>
#include <QPalette>
#include <QStyle>

namespace edgeflex {
namespace {

// Neutral dark colours for Qt's own style, for pictures and for desktops that have no dark theme.
QPalette darkPalette()
{
    QPalette palette(QColor(0x2b, 0x2b, 0x30), QColor(0x26, 0x26, 0x2a));
    palette.setColor(QPalette::Base, QColor(0x1c, 0x1c, 0x20));
    palette.setColor(QPalette::AlternateBase, QColor(0x23, 0x23, 0x28));
    palette.setColor(QPalette::ToolTipBase, QColor(0x36, 0x36, 0x3c));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x7c, 0xb7, 0xff));
    const QColor text(0xe8, 0xe8, 0xec);
    const QColor faded(0x8a, 0x8a, 0x92);
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, text);
        palette.setColor(QPalette::Disabled, role, faded);
    }
    palette.setColor(QPalette::PlaceholderText, faded);
    return palette;
}

} // namespace

bool setWindowColors(const QString &scheme)
{
    static const QString systemStyle = QApplication::style()->name();
    if (scheme == "system") {
        if (QApplication::style()->name() != systemStyle)
            QApplication::setStyle(systemStyle);
        for (const char *widget : {"QCheckBox", "QRadioButton"})
            QApplication::setPalette(QPalette(), widget);
        QApplication::setPalette(QPalette());
        return true;
    }
    if (scheme != "light" && scheme != "dark")
        return false;
    QApplication::setStyle("Fusion");
    QPalette light(QColor(0xf0, 0xf0, 0xf2));
    light.setColor(QPalette::Highlight, QColor(0x2f, 0x6f, 0xb5));
    light.setColor(QPalette::AlternateBase, QColor(0xf7, 0xf7, 0xf9));
    QApplication::setPalette(scheme == "dark" ? darkPalette() : light);
    for (const char *widget : {"QCheckBox", "QRadioButton"})
        QApplication::setPalette(light, widget);
    if (scheme == "dark") { // the style draws boxes darker than what is around them, which here is dark already
        QPalette boxes = darkPalette();
        boxes.setColor(QPalette::Base, QColor(0x55, 0x55, 0x5e));
        QApplication::setPalette(boxes, "QCheckBox");
        QApplication::setPalette(boxes, "QRadioButton");
    }
    return true;
}

} // namespace edgeflex
