#pragma once

#include "app/studio/reporttheme.h"

#include <QString>

#include <memory>

class QPainter;
class QTextLayout;

namespace edgeflex {

// Text broken into lines of a width, measured for one device.
class TextLines
{
public:
    // `text` is plain. Words wider than `width` are broken anywhere.
    TextLines(const QString &text, const QFont &font, double width, const ReportTheme &theme,
              Qt::Alignment alignment = Qt::AlignLeft);

    bool isEmpty() const;
    int count() const;
    double lineHeight() const { return m_lineHeight; }
    double height() const { return count() * m_lineHeight; }
    // Line `index` with its top left corner at `at`; lines shifted right by their alignment.
    void paintLine(QPainter &painter, int index, QPointF at) const;
    void paint(QPainter &painter, QPointF at) const;

private:
    std::shared_ptr<QTextLayout> m_layout; // shared by the copies: layouts cannot be copied
    double m_lineHeight = 0;
    double m_rise = 0; // from the top of the line's box to the text's own top
};

// A text of the document as print wants it: see typographic().
QString printed(const std::string &text);

} // namespace edgeflex
