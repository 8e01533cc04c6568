#include "widgets/layerchart.h"

#include "widgets/chartstyle.h"

#include <QLocale>

#include <algorithm>
#include <array>
#include <numeric>

namespace edgeflex {
namespace {

constexpr double barWidth = 0.8;
constexpr double headroom = 1.08;
constexpr int tickRoom = 58;     // pixels that a written-out name takes at least
constexpr double leastShown = 4; // bars

QString shortName(const QString &layer)
{
    QStringList parts = layer.split('.');
    if (parts.size() < 4)
        return layer;
    return parts[1] + ' ' + parts.last();
}

} // namespace

LayerPart layerPart(const QString &layer)
{
    if (layer.endsWith(".attn.qkv"))
        return LayerPart::Qkv;
    if (layer.endsWith(".attn.proj"))
        return LayerPart::Proj;
    if (layer.endsWith(".mlp.fc1"))
        return LayerPart::Fc1;
    if (layer.endsWith(".mlp.fc2"))
        return LayerPart::Fc2;
    return LayerPart::Other;
}

LayerChart::LayerChart(QWidget *parent) : Chart(parent), m_outline(nullptr)
{
    setAccessibleName(tr("One figure for every layer"));
    setMinimumSize(200, 90);
    setFocusPolicy(Qt::NoFocus); // the table of layers says the same to the keyboard
    setInteractions(QCP::iRangeZoom | QCP::iRangeDrag);
    axisRect()->setRangeZoom(Qt::Horizontal);
    axisRect()->setRangeDrag(Qt::Horizontal);
    for (const QString &name : {QString("qkv"), QString("proj"), QString("fc1"), QString("fc2"), tr("Other layers")}) {
        auto *bars = new QCPBars(xAxis, yAxis);
        bars->setName(name);
        bars->setWidth(barWidth);
        m_parts.push_back(bars);
    }
    m_outline = addGraph();
    m_outline->setName(tr("Original"));
    m_outline->setLineStyle(QCPGraph::lsStepLeft);
    xAxis->setSubTicks(false);
    xAxis->setTickLength(0);
    xAxis->grid()->setVisible(false);
    yAxis->setSubTicks(false);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    axisRect()->setMargins(QMargins(0, 8, 10, 0));
    axisRect()->setMinimumMargins(QMargins(0, 8, 10, 0));
    putLegendBelow(this);
    connect(xAxis, qOverload<const QCPRange &>(&QCPAxis::rangeChanged), this, [this](const QCPRange &range) {
        // Never beyond the bars, never closer than a few of them.
        QCPRange bounded = range.bounded(-0.6, std::max(1.0, barCount() - 0.4));
        if (bounded.size() < leastShown && barCount() > leastShown)
            bounded = QCPRange(bounded.center() - leastShown / 2, bounded.center() + leastShown / 2)
                          .bounded(-0.6, barCount() - 0.4);
        if (bounded != range)
            xAxis->setRange(bounded);
        drawTicks();
    });
    applyColors();
}

void LayerChart::setBars(std::vector<Bar> bars, const QString &axis)
{
    const bool other = bars.size() != m_bars.size();
    m_bars = std::move(bars);
    yAxis->setLabel(axis);
    draw();
    if (other)
        showAll();
}

void LayerChart::setSorted(bool largestFirst)
{
    m_sorted = largestFirst;
    draw();
}

void LayerChart::showAll()
{
    xAxis->setRange(-0.6, std::max(1.0, barCount() - 0.4));
    replot(rpQueuedReplot);
}

QString LayerChart::summary() const
{
    double attention = 0;
    double mlp = 0;
    double all = 0;
    for (const Bar &bar : m_bars) {
        const LayerPart part = layerPart(bar.layer);
        all += bar.now;
        if (part == LayerPart::Qkv || part == LayerPart::Proj)
            attention += bar.now;
        else if (part == LayerPart::Fc1 || part == LayerPart::Fc2)
            mlp += bar.now;
    }
    if (!(all > 0))
        return {};
    const auto percent = [all](double sum) {
        return QLocale().toString(100 * sum / all, 'f', 0) + QChar::Nbsp + '%';
    };
    return tr("Attention %1, MLP %2, other layers %3")
        .arg(percent(attention), percent(mlp), percent(all - attention - mlp));
}

void LayerChart::draw()
{
    m_order.resize(m_bars.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    if (m_sorted)
        std::ranges::stable_sort(m_order, std::greater(), [this](std::size_t i) { return m_bars[i].now; });
    std::vector<QVector<double>> keys(m_parts.size());
    std::vector<QVector<double>> values(m_parts.size());
    QVector<double> x;
    QVector<double> before;
    double highest = 0;
    for (int place = 0; place < barCount(); ++place) {
        const Bar &each = bar(place);
        const auto part = static_cast<std::size_t>(layerPart(each.layer));
        keys[part] += place;
        values[part] += each.now;
        x += place - 0.5;
        before += each.before;
        highest = std::max({highest, each.before, each.now});
    }
    if (!x.isEmpty()) { // a step needs its end
        x += x.last() + 1;
        before += before.last();
    }
    for (std::size_t part = 0; part < m_parts.size(); ++part)
        m_parts[part]->setData(keys[part], values[part], true);
    m_outline->setData(x, before, true);
    yAxis->setRange(0, highest > 0 ? highest * headroom : 1);
    setAccessibleDescription(summary());
    drawTicks();
    highlightLayers(m_highlighted);
}

// Names where there is room for them, else the numbers of the blocks where these begin.
void LayerChart::drawTicks()
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const double perBar = axisRect()->width() / std::max(1.0, xAxis->range().size());
    const bool names = perBar >= tickRoom || m_sorted;
    const int every = std::max(1, static_cast<int>(tickRoom / std::max(perBar, 1e-3)));
    int lastTick = -every;
    for (int place = 0; place < barCount(); ++place) {
        const QString &layer = bar(place).layer;
        if (names ? place % every == 0 : layerPart(layer) == LayerPart::Qkv && (place - lastTick) * perBar >= 22) {
            ticker->addTick(names ? place : place + 1.5, names ? shortName(layer) : layer.section('.', 1, 1));
            lastTick = place;
        }
    }
    xAxis->setTicker(ticker);
    xAxis->setLabel(names ? tr("Layer") : tr("Block"));
}

void LayerChart::highlightLayers(const QStringList &layers)
{
    m_highlighted = layers;
    for (QCPItemRect *mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    for (int place = 0; place < barCount(); ++place) {
        if (!layers.contains(bar(place).layer))
            continue;
        auto *mark = new QCPItemRect(this);
        mark->setPen(Qt::NoPen);
        mark->setBrush(chartColors(palette()).selection);
        mark->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
        mark->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
        mark->topLeft->setCoords(place - 0.5, 0);
        mark->bottomRight->setCoords(place + 0.5, 1);
        mark->setLayer("background");
        m_marks.push_back(mark);
    }
    replot(rpQueuedReplot);
}

void LayerChart::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    for (std::size_t part = 0; part < m_parts.size(); ++part) {
        m_parts[part]->setPen(Qt::NoPen);
        m_parts[part]->setBrush(part < colors.layers.size() ? colors.layers[part] : colors.weights);
    }
    m_outline->setPen(QPen(colors.outline, 1));
    highlightLayers(m_highlighted);
}

int LayerChart::placeAt(const QPoint &position) const
{
    const int place = qRound(xAxis->pixelToCoord(position.x()));
    return axisRect()->rect().contains(position) && place >= 0 && place < barCount() ? place : -1;
}

QString LayerChart::tipAt(const QPoint &position) const
{
    const int place = placeAt(position);
    return place < 0 ? QString() : bar(place).layer + '\n' + bar(place).words;
}

void LayerChart::mousePressEvent(QMouseEvent *event)
{
    m_pressed = event->pos();
    Chart::mousePressEvent(event);
}

void LayerChart::mouseReleaseEvent(QMouseEvent *event)
{
    Chart::mouseReleaseEvent(event);
    const int place = placeAt(event->pos());
    if (event->button() == Qt::LeftButton && place >= 0 && (event->pos() - m_pressed).manhattanLength() < 4)
        Q_EMIT layersClicked({bar(place).layer});
}

void LayerChart::mouseDoubleClickEvent(QMouseEvent *event)
{
    Chart::mouseDoubleClickEvent(event);
    showAll();
}

void LayerChart::resizeEvent(QResizeEvent *event)
{
    Chart::resizeEvent(event);
    drawTicks();
}

} // namespace edgeflex
