#include "widgets/comparebars.h"

#include "widgets/chartcolors.h"

#include <QPainter>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int edge = 10; // pixels around all
constexpr int barThickness = 10;
constexpr int usualGap = 10; // between rows
constexpr int leastGap = 1;  // in a low window

} // namespace

CompareBars::CompareBars(QWidget *parent) : QWidget(parent)
{
    setAccessibleName(tr("Figures of both states"));
}

void CompareBars::setRows(std::vector<Row> rows)
{
    m_rows = std::move(rows);
    QStringList words;
    for (const Row &row : m_rows)
        words += tr("%1: A %2, B %3, %4").arg(row.title, row.aText, row.bText, row.change);
    setAccessibleDescription(words.join("; "));
    updateGeometry();
    update();
}

int CompareBars::heightWith(int gap) const
{
    const int row = std::max(2 * (fontMetrics().height() + 1), 2 * barThickness) + gap;
    return static_cast<int>(m_rows.size()) * row + 2 * edge;
}

QSize CompareBars::sizeHint() const
{
    return {420, heightWith(usualGap)};
}

QSize CompareBars::minimumSizeHint() const
{
    return {300, heightWith(leastGap)};
}

void CompareBars::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const ChartColors colors = chartColors(palette());
    painter.fillRect(rect(), colors.background);
    const QFontMetrics metrics = painter.fontMetrics();
    const auto widest = [&](const auto &textOf) {
        int width = 0;
        for (const Row &row : m_rows)
            width = std::max(width, metrics.horizontalAdvance(textOf(row)));
        return width;
    };
    const int titles = widest([](const Row &row) { return row.title; });
    const int figures =
        std::max(widest([](const Row &row) { return row.aText; }), widest([](const Row &row) { return row.bText; }));
    const int changes = widest([](const Row &row) { return row.change; });
    const int left = edge + titles + edge;
    const int room = std::max(20, width() - left - figures - changes - 4 * edge);
    const int half = metrics.height() + 1;
    const auto count = std::max(1, static_cast<int>(m_rows.size()));
    const int gap = std::clamp((height() - heightWith(0)) / count, leastGap, usualGap);
    int y = edge;
    for (const Row &row : m_rows) {
        const double whole = std::max({row.a.value_or(0), row.b.value_or(0), 1e-12});
        const auto bar = [&](int top, const std::optional<double> &value, const QString &text, const QColor &color) {
            const double length = value ? room * std::max(0.0, *value) / whole : 0;
            painter.setPen(Qt::NoPen);
            painter.setBrush(color);
            painter.drawRoundedRect(
                QRectF(left, top + (half - barThickness) / 2.0, std::max(1.0, length), barThickness), 2, 2);
            painter.setPen(colors.text);
            painter.drawText(QRectF(left + length + 6, top, figures + 4, half), Qt::AlignLeft | Qt::AlignVCenter, text);
        };
        painter.setPen(colors.text);
        painter.drawText(QRect(edge, y, titles + 2, 2 * half), Qt::AlignLeft | Qt::AlignVCenter, row.title);
        bar(y, row.a, row.aText, colors.weights);
        bar(y + half, row.b, row.bText, colors.variant);
        QFont bold = font();
        bold.setBold(true);
        painter.setFont(bold);
        painter.drawText(QRect(0, y, width() - edge, 2 * half), Qt::AlignRight | Qt::AlignVCenter, row.change);
        painter.setFont(font());
        y += 2 * half + gap;
    }
}

} // namespace edgeflex
