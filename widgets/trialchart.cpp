#include "widgets/trialchart.h"

#include "widgets/chartcolors.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr int rowPadding = 8; // pixels
constexpr int margin = 10;
constexpr int slack = 4;             // by which a text may be drawn wider than it was reckoned
constexpr double leastSpan = 2;      // points to either side
constexpr double mostForWords = 0.6; // of the width

} // namespace

TrialChart::TrialChart(const QString &name, QWidget *parent) : QWidget(parent)
{
    setAccessibleName(name);
}

void TrialChart::setRows(std::vector<Row> rows)
{
    m_rows = std::move(rows);
    QStringList words;
    for (const Row &row : m_rows)
        words += row.text + ": " + row.figure;
    setAccessibleDescription(words.join("; "));
    updateGeometry();
    update();
}

void TrialChart::setHint(const QString &hint)
{
    m_hint = hint;
    update();
}

QSize TrialChart::sizeHint() const
{
    return {500, (static_cast<int>(m_rows.size()) + 1) * (fontMetrics().height() + rowPadding) + margin};
}

QSize TrialChart::minimumSizeHint() const
{
    return {240, m_rows.empty() ? 60 : (static_cast<int>(m_rows.size()) + 1) * fontMetrics().height() + margin};
}

void TrialChart::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ChartColors colors = chartColors(palette());
    painter.fillRect(rect(), colors.background);
    if (m_rows.empty()) {
        painter.setPen(colors.faded);
        painter.drawText(rect().adjusted(12, 4, -12, -4), Qt::AlignCenter | Qt::TextWordWrap, m_hint);
        return;
    }
    QFont bold = font();
    bold.setBold(true);
    const auto isBold = [this](const Row &row) {
        return row.marked || &row == &m_rows.front();
    };
    int words = 0;
    int figures = 0;
    double span = leastSpan;
    for (const Row &row : m_rows) {
        const QFontMetrics metrics(isBold(row) ? bold : font());
        words = std::max(words, metrics.horizontalAdvance(row.text) + slack);
        figures = std::max(figures, metrics.horizontalAdvance(row.figure));
        span = std::max({span, std::abs(row.points), std::min(std::abs(row.low), 2 * std::abs(row.points) + leastSpan),
                         std::min(std::abs(row.high), 2 * std::abs(row.points) + leastSpan)});
    }
    words = std::min(words, static_cast<int>(mostForWords * width()));
    const QRectF axis(words + 2 * margin, margin / 2.0, width() - words - figures - 4 * margin, height() - margin);
    const double rowHeight = axis.height() / (static_cast<double>(m_rows.size()) + 1);
    const auto at = [&](double points) {
        return axis.center().x() + std::clamp(points / span, -1.0, 1.0) * axis.width() / 2;
    };
    painter.setPen(QPen(colors.outline, 1, Qt::DotLine));
    painter.drawLine(QPointF(at(0), axis.top()), QPointF(at(0), axis.bottom() - rowHeight));
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        const double y = axis.top() + (static_cast<double>(i) + 0.5) * rowHeight;
        const QRectF line(margin, y - rowHeight / 2, width() - 2 * margin, rowHeight);
        if (row.marked)
            painter.fillRect(line.adjusted(-4, 1, 4, -1), colors.selection);
        painter.setFont(isBold(row) ? bold : font());
        painter.setPen(colors.text);
        painter.drawText(QRectF(line.left(), line.top(), words, rowHeight), Qt::AlignLeft | Qt::AlignVCenter,
                         painter.fontMetrics().elidedText(row.text, Qt::ElideRight, words));
        painter.drawText(line, Qt::AlignRight | Qt::AlignVCenter, row.figure);
        if (i == 0) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.text);
            painter.drawPolygon(QPolygonF{{at(0), y - 5}, {at(0) + 5, y}, {at(0), y + 5}, {at(0) - 5, y}});
            continue;
        }
        const QColor color = row.low > 0 ? colors.good : row.high < 0 ? colors.bad : colors.variant;
        painter.setPen(QPen(color, 1.4));
        painter.drawLine(QPointF(at(row.low), y), QPointF(at(row.high), y));
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.drawEllipse(QPointF(at(row.points), y), 4.5, 4.5);
    }
    painter.setFont(font());
    painter.setPen(colors.faded);
    const QRectF legend(axis.left(), axis.bottom() - rowHeight, axis.width(), rowHeight);
    const QString points = QLocale().toString(span, 'g', 2);
    painter.drawText(legend, Qt::AlignLeft | Qt::AlignVCenter, QString(QChar(0x2212)) + points);
    painter.drawText(legend, Qt::AlignRight | Qt::AlignVCenter, '+' + points);
    painter.drawText(legend, Qt::AlignCenter, tr("points against the first"));
}

} // namespace edgeflex
