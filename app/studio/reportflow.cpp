#include "app/studio/reportflow.h"

#include "app/studio/chartpainter.h"
#include "app/studio/tableflow.h"
#include "app/studio/textlines.h"

#include <QPainter>

#include <algorithm>

namespace edgeflex {

namespace {

// Lines of code that stay on one page.
constexpr int unbrokenCode = 12;

class FlowBuilder
{
public:
    FlowBuilder(double width, const ReportTheme &theme) : m_width(width), m_theme(theme) {}

    void addTitle(const Report &report)
    {
        addBlock(TextLines(printed(report.title), m_theme.font(ReportTheme::title, Bold), m_width, m_theme), Ink::Text,
                 0);
        if (!report.subtitle.empty())
            addBlock(TextLines(printed(report.subtitle), m_theme.font(11), m_width, m_theme), Ink::Muted, 2);
        m_items.back().keepWithNext = true;
    }

    void addSection(const ReportSection &section, bool first)
    {
        const TextLines title(printed(section.title), m_theme.font(ReportTheme::heading, Bold), m_width, m_theme);
        FlowItem item;
        item.height = title.height() + px(3);
        item.spaceBefore = px(first ? 16 : 26);
        item.keepWithNext = true;
        item.paint = [title, &theme = m_theme, width = m_width, height = item.height](QPainter &painter, QPointF at) {
            painter.setPen(theme.color(Ink::Text));
            title.paint(painter, at);
            painter.setPen(QPen(theme.color(Ink::Grid), theme.px(0.8)));
            painter.drawLine(at + QPointF(0, height), at + QPointF(width, height));
        };
        m_items.push_back(std::move(item));
        for (std::size_t i = 0; i < section.blocks.size(); ++i) {
            std::visit([this](const auto &block) { add(block); }, section.blocks[i]);
            // A section does not open with a few lines and go on with a figure on the next page.
            if (i == 0 && i + 1 < section.blocks.size() && std::holds_alternative<Paragraph>(section.blocks[0]) &&
                !std::holds_alternative<Paragraph>(section.blocks[1]))
                m_items.back().keepWithNext = true;
            // Small print stays with what it is about.
            const auto *next = i + 1 < section.blocks.size() ? std::get_if<Paragraph>(&section.blocks[i + 1]) : nullptr;
            if (next && next->role == Paragraph::Role::Note)
                m_items.back().keepWithNext = true;
        }
    }

    std::vector<FlowItem> items() && { return std::move(m_items); }

private:
    static constexpr auto Bold = ReportTheme::Weight::Bold;

    double px(double points) const { return m_theme.px(points); }

    // Text that stays in one piece.
    void addBlock(const TextLines &lines, Ink ink, double spaceBefore)
    {
        FlowItem item;
        item.height = lines.height();
        item.spaceBefore = px(spaceBefore);
        item.paint = [lines, &theme = m_theme, ink](QPainter &painter, QPointF at) {
            painter.setPen(theme.color(ink));
            lines.paint(painter, at);
        };
        m_items.push_back(std::move(item));
    }

    // Text that may go on on the next page, with two lines at least on either.
    void addLines(const TextLines &lines, Ink ink, double spaceBefore)
    {
        const int count = lines.count();
        for (int i = 0; i < count; ++i) {
            FlowItem item;
            item.height = lines.lineHeight();
            item.spaceBefore = i == 0 ? px(spaceBefore) : 0;
            item.keepWithNext = i + 1 < count && (i == 0 || i + 2 == count);
            item.paint = [lines, i, &theme = m_theme, ink](QPainter &painter, QPointF at) {
                painter.setPen(theme.color(ink));
                lines.paintLine(painter, i, at);
            };
            m_items.push_back(std::move(item));
        }
    }

    void addCaption(const std::string &caption)
    {
        if (caption.empty())
            return;
        addBlock(TextLines(printed(caption), m_theme.font(ReportTheme::caption, Bold), m_width, m_theme), Ink::Text,
                 16);
        m_items.back().keepWithNext = true;
    }

    void add(const Paragraph &paragraph)
    {
        switch (paragraph.role) {
        case Paragraph::Role::Body:
            addLines(TextLines(printed(paragraph.text), m_theme.font(ReportTheme::body), m_width, m_theme), Ink::Text,
                     8);
            break;
        case Paragraph::Role::Verdict:
            addVerdict(paragraph);
            break;
        case Paragraph::Role::Note:
            addLines(TextLines(printed(paragraph.text), m_theme.font(ReportTheme::note), m_width, m_theme), Ink::Muted,
                     5);
            break;
        }
    }

    void addVerdict(const Paragraph &paragraph)
    {
        const double padding = px(10);
        const TextLines lines(printed(paragraph.text), m_theme.font(ReportTheme::verdict),
                              m_width - 2 * padding - px(3), m_theme);
        FlowItem item;
        item.height = lines.height() + 1.6 * padding;
        item.spaceBefore = px(12);
        item.paint = [=, &theme = m_theme, width = m_width, height = item.height,
                      color = m_theme.tone(paragraph.tone)](QPainter &painter, QPointF at) {
            painter.fillRect(QRectF(at, QSizeF(width, height)), theme.panel());
            painter.fillRect(QRectF(at, QSizeF(theme.px(3), height)), color);
            painter.setPen(theme.color(Ink::Text));
            lines.paint(painter, at + QPointF(padding + theme.px(3), 0.8 * padding));
        };
        m_items.push_back(std::move(item));
    }

    void add(const KeyFigures &key)
    {
        if (key.figures.empty())
            return;
        struct Cell
        {
            TextLines label;
            TextLines value;
            TextLines detail;
        };
        const double gap = px(14);
        const double count = static_cast<double>(key.figures.size());
        const double width = (m_width - gap * (count - 1)) / count;
        std::vector<Cell> cells;
        for (const KeyFigure &figure : key.figures) {
            // "not measured" is no figure and needs no large letters.
            const bool measured = figure.value.find_first_of("0123456789") != std::string::npos;
            const QFont value =
                measured ? m_theme.font(ReportTheme::keyValue, Bold) : m_theme.font(ReportTheme::verdict);
            cells.push_back({TextLines(printed(figure.label), m_theme.font(8), width, m_theme),
                             TextLines(printed(figure.value), value, width, m_theme),
                             TextLines(printed(figure.detail), m_theme.font(8), width, m_theme)});
        }
        double valueHeight = 0;
        for (const Cell &cell : cells)
            valueHeight = std::max(valueHeight, cell.value.height());
        const double labelHeight = cells.front().label.height();
        FlowItem item;
        item.height = px(6) + labelHeight + valueHeight + cells.front().detail.lineHeight();
        item.spaceBefore = px(14);
        item.paint = [=, &theme = m_theme](QPainter &painter, QPointF at) {
            for (const Cell &cell : cells) {
                painter.fillRect(QRectF(at, QSizeF(width, theme.px(1.5))), theme.color(Ink::Tensors));
                painter.setPen(theme.color(Ink::Muted));
                cell.label.paint(painter, at + QPointF(0, theme.px(6)));
                cell.detail.paint(painter, at + QPointF(0, theme.px(6) + labelHeight + valueHeight));
                painter.setPen(theme.color(Ink::Text));
                cell.value.paint(painter, at + QPointF(0, theme.px(6) + labelHeight));
                at.rx() += width + gap;
            }
        };
        m_items.push_back(std::move(item));
    }

    void add(const Table &table)
    {
        addCaption(table.caption);
        const std::size_t header = m_items.size();
        addTable(m_items, table, m_width, m_theme);
        if (header < m_items.size())
            m_items[header].spaceBefore = px(4);
    }

    void add(const Figure &figure)
    {
        addCaption(figure.caption);
        const ChartDrawing drawing = drawFigure(figure, m_width / px(1), textWidthOf(m_theme));
        FlowItem item;
        item.height = px(drawing.height);
        item.spaceBefore = px(5);
        item.paint = [drawing, &theme = m_theme](QPainter &painter, QPointF at) {
            paintFigure(painter, at, drawing, theme);
        };
        m_items.push_back(std::move(item));
    }

    void add(const KeyValues &facts)
    {
        const QFont font = m_theme.font(ReportTheme::body);
        double keyWidth = 0;
        for (const auto &[key, value] : facts.entries)
            keyWidth = std::max(keyWidth, m_theme.width(printed(key), font));
        keyWidth = std::min(keyWidth + px(16), m_width / 2);
        bool first = true;
        for (const auto &[key, value] : facts.entries) {
            const TextLines left(printed(key), font, keyWidth, m_theme);
            const TextLines right(printed(value), font, m_width - keyWidth, m_theme);
            FlowItem item;
            item.height = std::max(left.height(), right.height()) + px(1.5);
            item.spaceBefore = first ? px(14) : 0;
            item.keepWithNext = first;
            item.paint = [=, &theme = m_theme](QPainter &painter, QPointF at) {
                painter.setPen(theme.color(Ink::Muted));
                left.paint(painter, at);
                painter.setPen(theme.color(Ink::Text));
                right.paint(painter, at + QPointF(keyWidth, 0));
            };
            m_items.push_back(std::move(item));
            first = false;
        }
        m_items.back().keepWithNext = false;
    }

    void add(const Code &code)
    {
        if (!code.caption.empty()) {
            addBlock(TextLines(printed(code.caption), m_theme.font(ReportTheme::caption, Bold), m_width, m_theme),
                     Ink::Text, 12);
            m_items.back().keepWithNext = true;
        }
        const double padding = px(6);
        const TextLines lines(QString::fromStdString(code.text).replace('\n', QChar::LineSeparator),
                              m_theme.monospace(ReportTheme::code), m_width - 2 * padding, m_theme);
        const int count = lines.count();
        for (int i = 0; i < count; ++i) {
            const double above = i == 0 ? padding / 1.5 : 0;
            const double below = i + 1 == count ? padding / 1.5 : 0;
            FlowItem item;
            item.height = lines.lineHeight() + above + below;
            item.spaceBefore = i == 0 ? px(3) : 0;
            item.keepWithNext = i + 1 < count && (count <= unbrokenCode || i == 0 || i + 2 == count);
            item.paint = [=, &theme = m_theme, width = m_width, height = item.height](QPainter &painter, QPointF at) {
                // A hair more than the line, or the rounding of two neighbours shows as a white line.
                painter.fillRect(QRectF(at, QSizeF(width, height + (i + 1 < count ? theme.px(0.2) : 0))),
                                 theme.panel());
                painter.setPen(theme.color(Ink::Text));
                lines.paintLine(painter, i, at + QPointF(padding, above));
            };
            m_items.push_back(std::move(item));
        }
    }

    double m_width;
    const ReportTheme &m_theme;
    std::vector<FlowItem> m_items;
};

} // namespace

std::vector<FlowItem> flowOf(const Report &report, double width, const ReportTheme &theme)
{
    FlowBuilder builder(width, theme);
    builder.addTitle(report);
    bool first = true;
    for (const ReportSection &section : report.sections) {
        builder.addSection(section, first);
        first = false;
    }
    return std::move(builder).items();
}

} // namespace edgeflex
