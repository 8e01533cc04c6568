#include "widgets/timelinechart.h"

#include "widgets/chartstyle.h"
#include "widgets/quantitytext.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;

// Room above the peak for its label.
constexpr double headroom = 1.16;

// A filled graph whose swatch in the legend is a square in the middle, as a bar's is.
class AreaGraph : public QCPGraph
{
public:
    using QCPGraph::QCPGraph;

protected:
    void drawLegendIcon(QCPPainter *painter, const QRectF &rect) const override
    {
        painter->setPen(Qt::NoPen);
        painter->setBrush(brush());
        const double side = std::min(rect.width(), rect.height()) * 0.7;
        painter->drawRect(QRectF(rect.center() - QPointF(side / 2, side / 2), QSizeF(side, side)));
    }
};

// Where the marks of the horizontal axis stand: the middle of each block's operations.
QSharedPointer<QCPAxisTickerText> blockTicker(const Schedule &schedule)
{
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const int count = static_cast<int>(schedule.operations.size());
    const int blocks = count == 0 ? 0 : 1 + std::ranges::max(schedule.operations, {}, &Operation::block).block;
    const int every = std::max(1, (blocks + 15) / 16); // at most 16 marks are readable
    for (int first = 0; first < count;) {
        int end = first + 1;
        const int block = schedule.operations[static_cast<std::size_t>(first)].block;
        while (end < count && schedule.operations[static_cast<std::size_t>(end)].block == block)
            ++end;
        if (block >= 0 && block % every == 0)
            ticker->addTick((first + end) / 2.0, QString::number(block));
        first = end;
    }
    return ticker;
}

} // namespace

TimelineChart::TimelineChart(QWidget *parent)
    : Chart(parent),
      m_weights(new AreaGraph(xAxis, yAxis)),
      m_tensors(new AreaGraph(xAxis, yAxis)),
      m_scratch(new AreaGraph(xAxis, yAxis)),
      m_outline(addGraph()),
      m_peakLine(new QCPItemLine(this)),
      m_peakText(new QCPItemText(this)),
      m_highlight(new QCPItemRect(this))
{
    setAccessibleName(tr("Live memory over the schedule"));
    setMinimumSize(200, 90);
    setFocusPolicy(Qt::NoFocus); // what it shows is in the text beside it
    m_weights->setName(tr("Weights"));
    m_tensors->setName(tr("Tensors"));
    m_scratch->setName(tr("Scratch"));
    m_outline->setName(tr("Original"));
    for (QCPGraph *graph : {m_weights, m_tensors, m_scratch, m_outline})
        graph->setLineStyle(QCPGraph::lsStepLeft);
    m_tensors->setChannelFillGraph(m_weights);
    m_scratch->setChannelFillGraph(m_tensors);
    xAxis->setLabel(tr("Block"));
    xAxis->grid()->setVisible(false);
    xAxis->setTickLength(0);
    xAxis->setSubTicks(false);
    xAxis2->setVisible(false);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom | QCP::msRight);
    axisRect()->setMinimumMargins(QMargins(0, 8, 12, 0));
    axisRect()->setMargins(QMargins(0, 8, 12, 0));

    putLegendBelow(this);

    m_peakLine->start->setType(QCPItemPosition::ptPlotCoords);
    m_peakText->setClipToAxisRect(false);
    m_highlight->setVisible(false);
    clear();
    applyColors();
}

void TimelineChart::setTimelines(const Schedule &schedule, const MemoryTimeline &timeline,
                                 const MemoryTimeline &original)
{
    if (schedule.operations.size() != m_schedule.operations.size())
        m_chosen = -1;
    m_schedule = schedule;
    m_timeline = timeline;
    m_baseline = original;
    drawTimeline();
}

void TimelineChart::clear()
{
    m_schedule = {};
    m_timeline = {};
    m_baseline = {};
    m_chosen = -1;
    m_layers.clear();
    drawTimeline();
}

void TimelineChart::setShowWeights(bool show)
{
    m_showWeights = show;
    drawTimeline();
}

void TimelineChart::highlightLayers(const QStringList &layers)
{
    m_layers = layers;
    drawHighlight();
    replot(rpQueuedReplot);
}

QString TimelineChart::describe(int index) const
{
    if (index < 0 || static_cast<std::size_t>(index) >= m_timeline.moments.size())
        return {};
    const MemoryMoment &moment = m_timeline.moments[static_cast<std::size_t>(index)];
    QStringList lines{QString::fromStdString(m_schedule.operations[static_cast<std::size_t>(moment.operation)].name)};
    lines += tr("Weights: %1").arg(bytesText(m_timeline.weightBytes));
    lines += tr("Tensors: %1").arg(bytesText(moment.tensorBytes));
    lines += tr("Scratch: %1").arg(bytesText(moment.scratchBytes));
    lines += tr("Together: %1").arg(bytesText(m_timeline.weightBytes + moment.tensorBytes + moment.scratchBytes));
    return lines.join('\n');
}

void TimelineChart::drawTimeline()
{
    const std::size_t count = m_timeline.moments.size();
    QVector<double> x;
    QVector<double> weights;
    QVector<double> tensors;
    QVector<double> scratch;
    for (std::size_t i = 0; i <= count && count > 0; ++i) { // a step needs its end: the last one twice
        const MemoryMoment &moment = m_timeline.moments[std::min(i, count - 1)];
        x.append(static_cast<double>(i));
        weights.append(m_showWeights ? static_cast<double>(m_timeline.weightBytes) / megabyte : 0);
        tensors.append(weights.back() + static_cast<double>(moment.tensorBytes) / megabyte);
        scratch.append(tensors.back() + static_cast<double>(moment.scratchBytes) / megabyte);
    }
    m_weights->setData(x, weights, true);
    m_tensors->setData(x, tensors, true);
    m_scratch->setData(x, scratch, true);

    QVector<double> outline;
    const bool outlined = count > 0 && m_baseline.moments.size() == count;
    double highest = 0;
    for (std::size_t i = 0; i <= count && outlined; ++i) {
        const MemoryMoment &moment = m_baseline.moments[std::min(i, count - 1)];
        outline.append(static_cast<double>((m_showWeights ? m_baseline.weightBytes : 0) + moment.tensorBytes +
                                           moment.scratchBytes) /
                       megabyte);
        highest = std::max(highest, outline.back());
    }
    m_outline->setData(outlined ? x : QVector<double>(), outline, true);
    m_outline->setVisible(outlined);
    if (outlined)
        m_outline->addToLegend();
    else
        m_outline->removeFromLegend();

    const std::int64_t peakBytes = m_showWeights ? m_timeline.peakBytes() : m_timeline.peakActivationBytes;
    const double peak = static_cast<double>(peakBytes) / megabyte;
    const double end = std::max(1.0, static_cast<double>(count));
    yAxis->setLabel(m_showWeights ? tr("Live memory, MB") : tr("Live activations, MB"));
    m_weights->setVisible(m_showWeights);
    if (m_showWeights)
        m_weights->addToLegend();
    else
        m_weights->removeFromLegend();
    xAxis->setTicker(blockTicker(m_schedule));
    xAxis->setRange(0, end);
    highest = std::max(highest, peak);
    yAxis->setRange(0, highest > 0 ? highest * headroom : 1);
    m_peakLine->setVisible(count > 0);
    m_peakText->setVisible(count > 0);
    m_summary.clear();
    if (count > 0) {
        const Operation &operation = m_schedule.operations[static_cast<std::size_t>(m_timeline.peakOperation)];
        m_summary = tr("Peak %1 in %2: %3 of weights and %4 of activations")
                        .arg(bytesText(m_timeline.peakBytes()), QString::fromStdString(operation.name),
                             bytesText(m_timeline.weightBytes), bytesText(m_timeline.peakActivationBytes));
        m_peakLine->start->setCoords(0, peak);
        m_peakLine->end->setCoords(end, peak);
        m_peakText->setText((m_showWeights ? tr("Peak %1") : tr("Peak %1 + weights")).arg(bytesText(peakBytes)));
        // The label stands over the peak, moved inwards at the edges.
        const double at = m_timeline.peakOperation + 0.5;
        m_peakText->setPositionAlignment((at < end * 0.25   ? Qt::AlignLeft
                                          : at > end * 0.75 ? Qt::AlignRight
                                                            : Qt::AlignHCenter) |
                                         Qt::AlignBottom);
        m_peakText->position->setCoords(at, peak);
    }
    setAccessibleDescription(m_summary);
    drawHighlight();
    replot(rpQueuedReplot);
}

void TimelineChart::drawHighlight()
{
    m_highlighted = {-1, -1};
    for (std::size_t i = 0; i < m_schedule.operations.size() && !m_layers.isEmpty(); ++i) {
        const bool executes = std::ranges::any_of(m_schedule.operations[i].linears, [this](const std::string &linear) {
            return m_layers.contains(QString::fromStdString(linear));
        });
        if (!executes)
            continue;
        if (m_highlighted.first < 0)
            m_highlighted.first = static_cast<int>(i);
        m_highlighted.second = static_cast<int>(i);
    }
    m_highlight->setVisible(m_highlighted.first >= 0);
    m_highlight->topLeft->setCoords(m_highlighted.first, yAxis->range().upper);
    m_highlight->bottomRight->setCoords(m_highlighted.second + 1, 0);
}

void TimelineChart::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    const auto fill = [](QCPGraph *graph, QColor color) {
        graph->setPen(QPen(color, 1));
        graph->setBrush(color);
    };
    fill(m_weights, colors.weights);
    fill(m_tensors, colors.tensors);
    fill(m_scratch, colors.scratch);
    m_outline->setPen(QPen(colors.outline, 1));
    m_peakLine->setPen(QPen(colors.peak, 1, Qt::DashLine));
    m_peakText->setColor(colors.peak);
    QFont bold = font();
    bold.setBold(true);
    m_peakText->setFont(bold);
    m_highlight->setPen(Qt::NoPen);
    m_highlight->setBrush(colors.selection);
    replot(rpQueuedReplot);
}

void TimelineChart::mousePressEvent(QMouseEvent *event)
{
    Chart::mousePressEvent(event);
    const auto operation = static_cast<int>(std::floor(xAxis->pixelToCoord(event->pos().x())));
    if (event->button() != Qt::LeftButton || !axisRect()->rect().contains(event->pos()) || operation < 0 ||
        static_cast<std::size_t>(operation) >= m_schedule.operations.size())
        return;
    m_chosen = operation;
    QStringList layers;
    for (const std::string &linear : m_schedule.operations[static_cast<std::size_t>(operation)].linears)
        layers += QString::fromStdString(linear);
    Q_EMIT operationClicked(operation);
    Q_EMIT layersClicked(layers);
}

QString TimelineChart::tipAt(const QPoint &position) const
{
    return axisRect()->rect().contains(position)
               ? describe(static_cast<int>(std::floor(xAxis->pixelToCoord(position.x()))))
               : QString();
}

} // namespace edgeflex
