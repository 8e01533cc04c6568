#include "widgets/chartstyle.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace edgeflex {
namespace {

constexpr double smallText = 0.9; // of the window's font
constexpr int lowPlot = 130;      // pixels
constexpr int leastTicks = 2;
constexpr int usualTicks = 5;
constexpr char wholeLabel[] = "wholeLabel";
constexpr char shownLabel[] = "shownLabel";
constexpr char mostEntries[] = "mostEntries";

// Pixels from the top of the upright axis to its foot. The axis itself may not be laid out yet.
int uprightRoom(const QCustomPlot *plot)
{
    const QMargins margins = plot->axisRect()->margins();
    return plot->viewport().height() - plot->legend->outerRect().height() - margins.top() - margins.bottom();
}

// A low plot has better use for the height than to name its lower axis.
void fitLowerLabel(QCustomPlot *plot)
{
    QCPAxis *axis = plot->xAxis;
    const bool low = plot->viewport().height() < lowPlot;
    if (!low && axis->label().isEmpty())
        axis->setLabel(axis->property(wholeLabel).toString());
    else if (low && !axis->label().isEmpty()) {
        axis->setProperty(wholeLabel, axis->label());
        axis->setLabel({});
    }
}

// The label of the upright axis, or the most of it that the plot is high enough for: the unit behind the comma, the
// first word, or that with an ellipsis.
void fitLabel(QCustomPlot *plot)
{
    QCPAxis *axis = plot->yAxis;
    if (axis->label() != axis->property(shownLabel).toString()) // another one was set
        axis->setProperty(wholeLabel, axis->label());
    const int room = uprightRoom(plot);
    const QFontMetrics metrics(axis->labelFont());
    const QString whole = axis->property(wholeLabel).toString();
    QString shown = whole;
    if (metrics.horizontalAdvance(shown) > room)
        shown = whole.contains(", ") ? whole.section(", ", -1) : whole.section(' ', 0, 0);
    shown = metrics.elidedText(shown, Qt::ElideRight, std::max(room, 0));
    axis->setProperty(shownLabel, shown);
    axis->setLabel(shown);
}

// Ticks of the upright axis that do not run into one another.
void fitTicks(QCustomPlot *plot)
{
    const int room = uprightRoom(plot);
    const int each = 2 * QFontMetrics(plot->yAxis->tickLabelFont()).height();
    plot->yAxis->ticker()->setTickCount(std::clamp(room / std::max(1, each), leastTicks, usualTicks));
}

// As many entries a row as the plot has room for: texts are longer in some languages than in others.
void fitLegend(QCustomPlot *plot)
{
    QCPLegend *legend = plot->legend;
    std::vector<int> widths;
    for (int i = 0; i < legend->itemCount(); ++i) {
        if (const QCPAbstractLegendItem *item = legend->item(i)) // there are empty cells
            widths.push_back(item->minimumOuterSizeHint().width());
    }
    const QMargins margins = legend->margins();
    const int room = plot->viewport().width() - margins.left() - margins.right();
    const auto fits = [&](int entries) {
        std::vector<int> columns(static_cast<std::size_t>(entries), 0);
        for (std::size_t i = 0; i < widths.size(); ++i) {
            int &column = columns[i % columns.size()];
            column = std::max(column, widths[i]);
        }
        return std::accumulate(columns.begin(), columns.end(), (entries - 1) * legend->columnSpacing()) <= room;
    };
    int entries = std::max(1, legend->property(mostEntries).toInt());
    while (entries > 1 && !fits(entries))
        --entries;
    if (legend->wrap() == entries)
        return;
    legend->setWrap(entries);
    legend->setFillOrder(QCPLegend::foColumnsFirst, true);
}

} // namespace

void styleChart(QCustomPlot *plot, const ChartColors &colors)
{
    QFont small = plot->font();
    small.setPointSizeF(small.pointSizeF() * smallText);
    plot->setBackground(colors.background);
    for (QCPAxis *axis : {plot->xAxis, plot->yAxis, plot->xAxis2, plot->yAxis2}) {
        axis->setBasePen(QPen(colors.outline, 1));
        axis->setTickPen(QPen(colors.outline, 1));
        axis->setSubTickPen(QPen(colors.grid, 1));
        axis->setTickLabelColor(colors.text);
        axis->setLabelColor(colors.text);
        axis->setTickLabelFont(small);
        axis->setLabelFont(small);
        axis->grid()->setPen(QPen(colors.grid, 1));
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    plot->legend->setBrush(Qt::NoBrush);
    plot->legend->setBorderPen(Qt::NoPen);
    plot->legend->setTextColor(colors.text);
    plot->legend->setFont(small);
}

void putLegendBelow(QCustomPlot *plot, int entriesARow)
{
    auto *strip = new QCPLayoutGrid;
    plot->plotLayout()->addElement(1, 0, strip);
    strip->setMargins(QMargins(0, 0, 0, 3));
    strip->addElement(0, 0, plot->legend);
    plot->legend->setFillOrder(QCPLegend::foColumnsFirst);
    plot->legend->setProperty(mostEntries, entriesARow);
    plot->legend->setVisible(true);
    plot->legend->setMargins(QMargins(4, 0, 4, 0));
    plot->legend->setIconSize(16, 16);
    plot->plotLayout()->setRowStretchFactor(1, 0.001);
    plot->plotLayout()->setRowSpacing(0);
    QObject::connect(plot, &QCustomPlot::beforeReplot, plot, [plot] {
        fitLegend(plot);
        fitLabel(plot);
        fitLowerLabel(plot);
        fitTicks(plot);
    });
}

} // namespace edgeflex
