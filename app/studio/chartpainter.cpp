#include "app/studio/chartpainter.h"

#include <QPainter>

namespace edgeflex {

namespace {

class ChartPainter
{
public:
    ChartPainter(QPainter &painter, QPointF origin, const ReportTheme &theme)
        : m_painter(painter), m_origin(origin), m_theme(theme)
    {
    }

    void operator()(const DrawPath &path)
    {
        prepare(path.fill, path.stroke, path.width);
        if (path.dashed) {
            QPen pen = m_painter.pen();
            pen.setDashPattern({3, 2.5}); // in widths of the pen
            m_painter.setPen(pen);
        }
        m_painter.setOpacity(path.opacity);
        QPolygonF points;
        for (const DrawPoint &point : path.points)
            points.append(place(point));
        if (path.closed)
            m_painter.drawPolygon(points);
        else
            m_painter.drawPolyline(points);
        m_painter.setOpacity(1);
    }

    void operator()(const DrawMarker &marker)
    {
        prepare(marker.fill, marker.stroke, 0.8);
        const QPointF centre = place(marker.centre);
        const double r = m_theme.px(marker.radius);
        switch (marker.shape) {
        case ChartMarker::Circle:
            m_painter.drawEllipse(centre, r, r);
            break;
        case ChartMarker::Diamond: {
            const double d = 1.25 * r; // as large to the eye as the circle
            m_painter.drawPolygon(QPolygonF(
                {centre + QPointF(0, -d), centre + QPointF(d, 0), centre + QPointF(0, d), centre + QPointF(-d, 0)}));
            break;
        }
        case ChartMarker::Square:
            m_painter.drawRect(QRectF(centre - QPointF(r, r), QSizeF(2 * r, 2 * r)));
            break;
        }
    }

    void operator()(const DrawText &text)
    {
        const QString words = QString::fromStdString(text.text);
        const QFont font = m_theme.font(text.size, text.bold ? ReportTheme::Weight::Bold : ReportTheme::Weight::Normal);
        QPointF at = place(text.at);
        const double width = m_theme.width(words, font);
        if (text.anchor == DrawText::Anchor::Middle)
            at.rx() -= width / 2;
        else if (text.anchor == DrawText::Anchor::End)
            at.rx() -= width;
        m_painter.setFont(font);
        m_painter.setPen(m_theme.color(text.ink));
        m_painter.drawText(at, words);
    }

private:
    QPointF place(const DrawPoint &point) const { return m_origin + QPointF(m_theme.px(point.x), m_theme.px(point.y)); }
    void prepare(Ink fill, Ink stroke, double width)
    {
        m_painter.setBrush(fill == Ink::None ? QBrush(Qt::NoBrush) : QBrush(m_theme.color(fill)));
        QPen pen(Qt::NoPen);
        if (stroke != Ink::None) {
            pen = QPen(m_theme.color(stroke), m_theme.px(width));
            pen.setCapStyle(Qt::FlatCap);
            pen.setJoinStyle(Qt::RoundJoin);
        }
        m_painter.setPen(pen);
    }

    QPainter &m_painter;
    QPointF m_origin;
    const ReportTheme &m_theme;
};

} // namespace

TextWidth textWidthOf(const ReportTheme &theme)
{
    return [&theme](std::string_view text, double size, bool bold) {
        const QFont font = theme.font(size, bold ? ReportTheme::Weight::Bold : ReportTheme::Weight::Normal);
        return theme.width(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())), font) / theme.px(1);
    };
}

void paintFigure(QPainter &painter, QPointF at, const ChartDrawing &drawing, const ReportTheme &theme)
{
    painter.save();
    ChartPainter chart(painter, at, theme);
    for (const DrawItem &item : drawing.items)
        std::visit(chart, item);
    painter.restore();
}

} // namespace edgeflex
