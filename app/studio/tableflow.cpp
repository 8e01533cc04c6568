#include "app/studio/tableflow.h"

#include "app/studio/textlines.h"

#include <QPainter>

#include <algorithm>
#include <numeric>

namespace edgeflex {

namespace {

constexpr double gap = 10;         // between columns, points
constexpr double rowPadding = 1.5; // above and below a row's text
constexpr double narrowest = 44;   // what a column of words is squeezed to

Qt::Alignment alignmentOf(const TableColumn &column)
{
    return column.alignment == Alignment::Right ? Qt::AlignRight : Qt::AlignLeft;
}

QString cellText(const TableRow &row, std::size_t column)
{
    return column < row.cells.size() ? printed(row.cells[column]) : QString();
}

double indentOf(const TableRow &row, std::size_t column)
{
    return row.style == TableRow::Style::Detail && column == 0 ? 8 : 0;
}

void rule(QPainter &painter, QPointF from, double length, Ink ink, double width, const ReportTheme &theme)
{
    QPen pen(theme.color(ink), theme.px(width));
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(from, from + QPointF(length, 0));
}

// Lays out one table. What it adds to the flow paints without it.
class TableLayout
{
public:
    TableLayout(const Table &table, double width, const ReportTheme &theme)
        : m_table(table),
          m_theme(theme),
          m_width(width),
          m_plain(theme.font(ReportTheme::table)),
          m_bold(theme.font(ReportTheme::table, ReportTheme::Weight::Bold)),
          m_widths(columnWidths())
    {
    }

    void addTo(std::vector<FlowItem> &items) const
    {
        const int header = static_cast<int>(items.size());
        items.push_back(headerItem());
        const std::size_t rows = m_table.rows.size();
        for (std::size_t i = 0; i < rows; ++i) {
            FlowItem item = rowItem(m_table.rows[i], i + 1 == rows);
            if (m_table.repeatHeader)
                item.header = header;
            // Details stay below what they belong to, two rows at least below the header, two at least on the last
            // page.
            const bool detailNext = i + 1 < rows && m_table.rows[i + 1].style == TableRow::Style::Detail;
            item.keepWithNext = detailNext || (i == 0 && rows > 1) || i + 2 == rows;
            items.push_back(std::move(item));
        }
    }

private:
    const QFont &fontOf(const TableRow &row) const
    {
        return row.style == TableRow::Style::Emphasis || row.style == TableRow::Style::Total ? m_bold : m_plain;
    }

    std::vector<double> columnWidths() const
    {
        const std::size_t count = m_table.columns.size();
        std::vector<double> widths(count, 0);
        for (std::size_t c = 0; c < count; ++c) {
            const TableColumn &column = m_table.columns[c];
            // Titles may break between words.
            for (const QString &word : printed(column.title).split(' '))
                widths[c] = std::max(widths[c], m_theme.width(word, m_bold));
            widths[c] = std::max(widths[c], m_theme.width(printed(column.unit), m_plain));
            for (const TableRow &row : m_table.rows)
                widths[c] =
                    std::max(widths[c], m_theme.width(cellText(row, c), fontOf(row)) + m_theme.px(indentOf(row, c)));
            widths[c] += m_theme.px(0.5); // what rounding takes
        }
        const double gaps = m_theme.px(gap) * static_cast<double>(count - 1);
        double excess = std::accumulate(widths.begin(), widths.end(), gaps) - m_width;
        // Too wide: the widest column of words gives way, then the next.
        while (excess > 0) {
            std::size_t widest = count;
            for (std::size_t c = 0; c < count; ++c) {
                if (m_table.columns[c].alignment == Alignment::Left && widths[c] > m_theme.px(narrowest) &&
                    (widest == count || widths[c] > widths[widest]))
                    widest = c;
            }
            if (widest == count)
                break;
            const double step = std::min({excess, m_theme.px(4), widths[widest] - m_theme.px(narrowest)});
            widths[widest] -= step;
            excess -= step;
        }
        // Too narrow: columns grow in proportion, so that the table is as wide as the text.
        if (excess < 0) {
            const double natural = std::accumulate(widths.begin(), widths.end(), 0.0);
            for (double &width : widths)
                width += -excess * width / natural;
        }
        return widths;
    }

    // The left edge of a column.
    double left(std::size_t column) const
    {
        double x = 0;
        for (std::size_t c = 0; c < column; ++c)
            x += m_widths[c] + m_theme.px(gap);
        return x;
    }

    FlowItem headerItem() const
    {
        struct Cell
        {
            TextLines title;
            TextLines unit;
            double x;
        };
        std::vector<Cell> cells;
        bool units = false;
        double titleHeight = 0;
        for (std::size_t c = 0; c < m_table.columns.size(); ++c) {
            const TableColumn &column = m_table.columns[c];
            cells.push_back({TextLines(printed(column.title), m_bold, m_widths[c], m_theme, alignmentOf(column)),
                             TextLines(printed(column.unit), m_plain, m_widths[c], m_theme, alignmentOf(column)),
                             left(c)});
            units = units || !column.unit.empty();
            titleHeight = std::max(titleHeight, cells.back().title.height());
        }
        const double unitHeight = units ? m_theme.px(ReportTheme::table * ReportTheme::leading) : 0;
        FlowItem item;
        item.height = titleHeight + unitHeight + m_theme.px(3);
        item.keepWithNext = true;
        item.paint = [=, &theme = m_theme, width = m_width, height = item.height](QPainter &painter, QPointF at) {
            for (const Cell &cell : cells) {
                painter.setPen(theme.color(Ink::Text));
                // On the line above the units, or at the bottom where the column has none.
                const bool hasUnit = !cell.unit.isEmpty();
                const double bottom = titleHeight + (hasUnit ? 0 : unitHeight);
                cell.title.paint(painter, at + QPointF(cell.x, bottom - cell.title.height()));
                painter.setPen(theme.color(Ink::Muted));
                if (hasUnit)
                    cell.unit.paint(painter, at + QPointF(cell.x, titleHeight));
            }
            rule(painter, at + QPointF(0, height), width, Ink::Text, 0.8, theme);
        };
        return item;
    }

    FlowItem rowItem(const TableRow &row, bool last) const
    {
        struct Cell
        {
            TextLines text;
            double x;
        };
        std::vector<Cell> cells;
        double height = 0;
        for (std::size_t c = 0; c < m_table.columns.size(); ++c) {
            const double indent = m_theme.px(indentOf(row, c));
            cells.push_back({TextLines(cellText(row, c), fontOf(row), m_widths[c] - indent, m_theme,
                                       alignmentOf(m_table.columns[c])),
                             left(c) + indent});
            height = std::max(height, cells.back().text.height());
        }
        FlowItem item;
        item.height = height + 2 * m_theme.px(rowPadding);
        const TableRow::Style style = row.style;
        const bool ruleAbove = row.ruleAbove;
        item.paint = [=, &theme = m_theme, width = m_width, height = item.height](QPainter &painter, QPointF at) {
            if (style == TableRow::Style::Emphasis)
                painter.fillRect(QRectF(at, QSizeF(width, height)), theme.panel());
            if (style == TableRow::Style::Total)
                rule(painter, at, width, Ink::Text, 0.8, theme);
            else if (ruleAbove)
                rule(painter, at, width, Ink::Weights, 0.7, theme);
            painter.setPen(theme.color(style == TableRow::Style::Detail ? Ink::Muted : Ink::Text));
            for (const Cell &cell : cells)
                cell.text.paint(painter, at + QPointF(cell.x, theme.px(rowPadding)));
            rule(painter, at + QPointF(0, height), width, last ? Ink::Text : Ink::Grid, last ? 0.8 : 0.4, theme);
        };
        return item;
    }

    const Table &m_table;
    const ReportTheme &m_theme;
    double m_width;
    QFont m_plain;
    QFont m_bold;
    std::vector<double> m_widths;
};

} // namespace

void addTable(std::vector<FlowItem> &items, const Table &table, double width, const ReportTheme &theme)
{
    if (!table.columns.empty())
        TableLayout(table, width, theme).addTo(items);
}

} // namespace edgeflex
