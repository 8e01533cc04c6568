#include "widgets/activationchart.h"

#include "widgets/chartstyle.h"
#include "widgets/quantitytext.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr int bytesPerFloat = 4;
constexpr double barWidth = 0.72;
constexpr double headroom = 1.08;
constexpr int marksAtMost = 16;

} // namespace

ActivationChart::ActivationChart(QWidget *parent) : Chart(parent), m_outline(nullptr)
{
    setAccessibleName(tr("Activation memory of each layer"));
    setMinimumSize(200, 90);
    setFocusPolicy(Qt::NoFocus); // the table of layers says the same to the keyboard
    const std::array names{QString("qkv"), QString("proj"), QString("fc1"), QString("fc2")};
    for (std::size_t i = 0; i < names.size(); ++i) {
        auto *bars = new QCPBars(xAxis, yAxis);
        bars->setName(names[i]);
        bars->setWidth(barWidth);
        if (i > 0)
            bars->moveAbove(m_bars.back());
        m_bars.push_back(bars);
    }
    m_outline = addGraph();
    m_outline->setName(tr("Original"));
    m_outline->setLineStyle(QCPGraph::lsStepLeft);
    xAxis->setLabel(tr("Block"));
    xAxis->setSubTicks(false);
    xAxis->setTickLength(0);
    xAxis->grid()->setVisible(false);
    yAxis->setSubTicks(false);
    yAxis->setLabel(tr("Output, MB"));
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    axisRect()->setMargins(QMargins(0, 8, 10, 0));
    axisRect()->setMinimumMargins(QMargins(0, 8, 10, 0));
    putLegendBelow(this);
    applyColors();
}

void ActivationChart::setModel(const ModelSpec &original, const ModelSpec &planned, int batch)
{
    m_columns.clear();
    const auto layer = [&](const LinearSpec &before, const LinearSpec &now, std::int64_t rows) {
        return Layer{QString::fromStdString(now.name), batch * rows * before.outFeatures * bytesPerFloat,
                     batch * rows * now.outFeatures * bytesPerFloat};
    };
    m_columns.push_back({tr("in"), {layer(original.patchEmbed, planned.patchEmbed, original.patches())}});
    for (std::size_t i = 0; i < original.blocks.size(); ++i) {
        const BlockSpec &before = original.blocks[i];
        const BlockSpec &now = planned.blocks[i];
        const std::int64_t rows = original.tokens();
        m_columns.push_back({QString::number(i),
                             {layer(before.qkv, now.qkv, rows), layer(before.proj, now.proj, rows),
                              layer(before.fc1, now.fc1, rows), layer(before.fc2, now.fc2, rows)}});
    }
    m_columns.push_back({tr("out"), {layer(original.head, planned.head, 1)}});
    draw();
}

void ActivationChart::clear()
{
    m_columns.clear();
    draw();
}

void ActivationChart::highlightLayers(const QStringList &layers)
{
    m_highlighted = layers;
    for (QCPItemRect *mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const bool marked =
            std::ranges::any_of(m_columns[i].layers, [&](const Layer &layer) { return layers.contains(layer.name); });
        if (!marked)
            continue;
        auto *mark = new QCPItemRect(this);
        mark->setPen(Qt::NoPen);
        mark->setBrush(chartColors(palette()).selection);
        mark->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        mark->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        mark->topLeft->setCoords(static_cast<double>(i) - 0.5, 0);
        mark->bottomRight->setCoords(static_cast<double>(i) + 0.5, 1);
        mark->setLayer("background");
        m_marks.push_back(mark);
    }
    replot(rpQueuedReplot);
}

std::int64_t ActivationChart::bytes(int column) const
{
    std::int64_t sum = 0;
    for (const Layer &layer : m_columns.at(static_cast<std::size_t>(column)).layers)
        sum += layer.now;
    return sum;
}

QString ActivationChart::describe(int column) const
{
    if (column < 0 || column >= columnCount())
        return {};
    QStringList lines;
    for (const Layer &layer : m_columns[static_cast<std::size_t>(column)].layers) {
        lines += layer.now == layer.before
                     ? QString("%1: %2").arg(layer.name, bytesText(layer.now))
                     : tr("%1: %2, before %3").arg(layer.name, bytesText(layer.now), bytesText(layer.before));
    }
    return lines.join('\n');
}

void ActivationChart::draw()
{
    const std::size_t count = m_columns.size();
    std::vector<QVector<double>> keys(m_bars.size());
    std::vector<QVector<double>> values(m_bars.size());
    QVector<double> outlineX;
    QVector<double> outlineY;
    double highest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        double before = 0;
        for (std::size_t j = 0; j < m_columns[i].layers.size(); ++j) {
            keys[j] += static_cast<double>(i);
            values[j] += static_cast<double>(m_columns[i].layers[j].now) / megabyte;
            before += static_cast<double>(m_columns[i].layers[j].before) / megabyte;
        }
        const auto x = static_cast<double>(i);
        outlineX += x - 0.5;
        outlineY += before;
        highest = std::max(highest, before);
    }
    if (count > 0) { // a step needs its end
        outlineX += static_cast<double>(count) - 0.5;
        outlineY += outlineY.back();
    }
    for (std::size_t j = 0; j < m_bars.size(); ++j)
        m_bars[j]->setData(keys[j], values[j], true);
    m_outline->setData(outlineX, outlineY, true);
    markColumns();
    xAxis->setRange(-0.6, std::max(1.0, static_cast<double>(count) - 0.4));
    yAxis->setRange(0, highest > 0 ? highest * headroom : 1);
    highlightLayers(m_highlighted);
}

// As many of the columns by name as there is room for; the first and the last always.
void ActivationChart::markColumns()
{
    constexpr int gap = 6; // pixels between two names
    const auto count = static_cast<int>(m_columns.size());
    const QFontMetrics metrics(xAxis->tickLabelFont());
    const double column = std::max(1.0, static_cast<double>(axisRect()->width()) / std::max(1, count));
    const auto widthOf = [&](int i) {
        return metrics.horizontalAdvance(m_columns[static_cast<std::size_t>(i)].title) + gap;
    };
    const int number = metrics.horizontalAdvance("00") + gap;
    const int every =
        std::max({1, (count + marksAtMost - 1) / marksAtMost, static_cast<int>(std::ceil(number / column))});
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int i = 0; i < count; ++i) {
        const auto clear = [&](int end) {
            return std::abs(i - end) * column >= (widthOf(end) + number) / 2.0;
        };
        if (i == 0 || i + 1 == count || ((i - 1) % every == 0 && clear(0) && clear(count - 1)))
            ticker->addTick(i, m_columns[static_cast<std::size_t>(i)].title);
    }
    xAxis->setTicker(ticker);
}

void ActivationChart::resizeEvent(QResizeEvent *event)
{
    Chart::resizeEvent(event);
    markColumns();
    replot(rpQueuedReplot);
}

void ActivationChart::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    for (std::size_t i = 0; i < m_bars.size(); ++i) {
        m_bars[i]->setPen(Qt::NoPen);
        m_bars[i]->setBrush(colors.layers[i]);
    }
    m_outline->setPen(QPen(colors.outline, 1));
    highlightLayers(m_highlighted);
}

void ActivationChart::mousePressEvent(QMouseEvent *event)
{
    Chart::mousePressEvent(event);
    const int column = qRound(xAxis->pixelToCoord(event->pos().x()));
    if (event->button() != Qt::LeftButton || !axisRect()->rect().contains(event->pos()) || column < 0 ||
        column >= columnCount())
        return;
    QStringList layers;
    for (const Layer &layer : m_columns[static_cast<std::size_t>(column)].layers)
        layers += layer.name;
    Q_EMIT layersClicked(layers);
}

QString ActivationChart::tipAt(const QPoint &position) const
{
    return axisRect()->rect().contains(position) ? describe(qRound(xAxis->pixelToCoord(position.x()))) : QString();
}

} // namespace edgeflex
