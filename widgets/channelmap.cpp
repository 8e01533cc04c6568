#include "widgets/channelmap.h"

#include "widgets/chartstyle.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

namespace edgeflex {
namespace {

constexpr int columnsAtMost = 384; // more are not told apart
constexpr int scaleWidth = 12;     // pixels
constexpr int marksAtMost = 12;

} // namespace

std::vector<int> outlierChannels(const LayerProfile &layer, double times)
{
    std::vector<int> outliers;
    if (layer.inputMaxAbs.empty())
        return outliers;
    std::vector<float> sorted = layer.inputMaxAbs;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::ranges::nth_element(sorted, middle);
    const double limit = times * static_cast<double>(*middle);
    for (std::size_t channel = 0; channel < layer.inputMaxAbs.size(); ++channel) {
        if (static_cast<double>(layer.inputMaxAbs[channel]) > limit)
            outliers.push_back(static_cast<int>(channel));
    }
    std::ranges::stable_sort(outliers, std::ranges::greater(),
                             [&](int channel) { return layer.inputMaxAbs[static_cast<std::size_t>(channel)]; });
    return outliers;
}

ChannelMap::ChannelMap(QWidget *parent)
    : Chart(parent),
      m_map(new QCPColorMap(xAxis, yAxis)),
      m_scale(new QCPColorScale(this)),
      m_keptLine(new QCPCurve(xAxis, yAxis)),
      m_hint(new QCPItemText(this))
{
    setAccessibleName(tr("Inputs of every channel"));
    setMinimumSize(200, 90);
    setFocusPolicy(Qt::NoFocus);
    plotLayout()->addElement(0, 1, m_scale);
    m_scale->setType(QCPAxis::atRight);
    m_scale->setBarWidth(scaleWidth);
    m_map->setColorScale(m_scale);
    m_map->setDataScaleType(QCPAxis::stLogarithmic);
    m_map->setInterpolate(false);
    m_map->setTightBoundary(false);
    m_scale->axis()->setTicker(QSharedPointer<QCPAxisTickerLog>(new QCPAxisTickerLog));
    m_scale->axis()->setNumberFormat("gb");
    m_scale->axis()->setNumberPrecision(2);
    yAxis->setLabel(tr("Block"));
    yAxis->setRangeReversed(true);
    for (QCPAxis *axis : {xAxis, yAxis}) {
        axis->setSubTicks(false);
        axis->grid()->setVisible(false);
    }
    auto *group = new QCPMarginGroup(this);
    axisRect()->setMarginGroup(QCP::msBottom | QCP::msTop, group);
    m_scale->setMarginGroup(QCP::msBottom | QCP::msTop, group);
    m_hint->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_hint->position->setCoords(0.5, 0.5);
    m_hint->setText(tr("Choose calibration images: then every channel is looked at."));
    applyColors();
    draw();
}

void ChannelMap::setProfile(const ActivationProfile *profile, const QString &suffix, Figure figure)
{
    m_layers.clear();
    m_values.clear();
    m_figure = figure;
    if (profile) {
        for (const LayerProfile &layer : profile->layers) {
            const QString name = QString::fromStdString(layer.name);
            if (!name.startsWith("blocks.") || name.section('.', 2) != suffix)
                continue;
            m_layers += name;
            m_values.push_back(figure == Figure::Mean ? layer.inputMeanAbs : layer.inputMaxAbs);
        }
    }
    orderChannels();
    draw();
}

void ChannelMap::setOrdered(bool ordered)
{
    if (m_ordered == ordered)
        return;
    m_ordered = ordered;
    orderChannels();
    draw();
}

void ChannelMap::orderChannels()
{
    m_order.clear();
    for (const std::vector<float> &values : m_values) {
        std::vector<int> &order = m_order.emplace_back(values.size());
        std::iota(order.begin(), order.end(), 0);
        if (m_ordered)
            std::ranges::stable_sort(order, std::ranges::greater(),
                                     [&](int channel) { return values[static_cast<std::size_t>(channel)]; });
    }
}

void ChannelMap::setKept(const std::vector<std::int64_t> &channels)
{
    m_kept = channels;
    drawKept();
    replot(rpQueuedReplot);
}

// A line down the rows, behind the last channel that stays.
void ChannelMap::drawKept()
{
    QVector<double> x;
    QVector<double> y;
    const bool pruned = m_ordered && m_kept.size() == m_values.size() &&
                        !std::ranges::equal(m_kept, m_values, {}, {}, [](const auto &values) {
                            return static_cast<std::int64_t>(values.size());
                        });
    for (std::size_t row = 0; row < m_kept.size() && pruned; ++row) {
        const auto at = static_cast<double>(m_kept[row]);
        x += {at, at};
        y += {static_cast<double>(row) - 0.5, static_cast<double>(row) + 0.5};
    }
    m_keptLine->setData(x, y);
}

void ChannelMap::draw()
{
    xAxis->setLabel(m_ordered ? tr("Channels, the largest first") : tr("Channel"));
    std::size_t channels = 0;
    for (const auto &row : m_values)
        channels = std::max(channels, row.size());
    const bool any = channels > 0;
    m_columns = static_cast<int>(std::min<std::size_t>(channels, columnsAtMost));
    m_map->setVisible(any);
    m_scale->setVisible(any);
    m_hint->setVisible(!any);
    xAxis->setRange(0, std::max<double>(1, static_cast<double>(channels)));
    yAxis->setRange(-0.5, std::max(1, rows()) - 0.5);
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    const int every = std::max(1, (rows() + marksAtMost - 1) / marksAtMost);
    for (int row = 0; row < rows(); row += every)
        ticker->addTick(row, m_layers[row].section('.', 1, 1));
    yAxis->setTicker(ticker);
    if (any) {
        double least = 0;
        double greatest = 0;
        m_map->data()->setSize(m_columns, rows());
        const double step = static_cast<double>(channels) / m_columns;
        m_map->data()->setRange(QCPRange(step / 2, static_cast<double>(channels) - step / 2),
                                QCPRange(0, std::max(1, rows() - 1)));
        for (int row = 0; row < rows(); ++row) {
            const std::vector<float> &values = m_values[static_cast<std::size_t>(row)];
            const std::vector<int> &order = m_order[static_cast<std::size_t>(row)];
            for (int column = 0; column < m_columns; ++column) {
                // Of several channels the largest, so that no outlier is hidden.
                const auto first = static_cast<std::size_t>(column * step);
                const auto end = std::max(first + 1, static_cast<std::size_t>((column + 1) * step));
                double cell = 0;
                for (std::size_t channel = first; channel < std::min(end, values.size()); ++channel)
                    cell = std::max(cell, static_cast<double>(values[static_cast<std::size_t>(order[channel])]));
                m_map->data()->setCell(column, row, cell);
                if (cell > 0) {
                    least = least > 0 ? std::min(least, cell) : cell;
                    greatest = std::max(greatest, cell);
                }
            }
        }
        // Channels that are never used must not stretch the colours over decades that hold nothing.
        least = std::max(least, greatest * 1e-4);
        m_map->setDataRange(QCPRange(std::max(least, 1e-12), std::max(greatest, 2e-12)));
        m_scale->axis()->setLabel(m_figure == Figure::Mean ? tr("Mean |x|") : tr("Largest |x|"));
    }
    drawKept();
    highlightLayers(m_highlighted);
}

QString ChannelMap::describe(int row, int column) const
{
    if (row < 0 || row >= rows() || column < 0 || column >= m_columns)
        return {};
    const std::vector<float> &values = m_values[static_cast<std::size_t>(row)];
    const double step = static_cast<double>(values.size()) / m_columns;
    const auto first = static_cast<qlonglong>(column * step);
    const auto last = std::max(first, static_cast<qlonglong>((column + 1) * step) - 1);
    const std::vector<int> &order = m_order[static_cast<std::size_t>(row)];
    QString where = first == last ? tr("Channel %1").arg(order[static_cast<std::size_t>(first)])
                                  : tr("Channels %1 to %2").arg(first).arg(last);
    if (m_ordered) // channels side by side have nothing to do with one another
        where = first == last ? tr("Channel %1, place %2").arg(order[static_cast<std::size_t>(first)]).arg(first + 1)
                              : tr("Channels at places %1 to %2").arg(first + 1).arg(last + 1);
    return m_layers[row] + '\n' + where + ": " + QLocale().toString(m_map->data()->cell(column, row), 'g', 3);
}

void ChannelMap::highlightLayers(const QStringList &layers)
{
    m_highlighted = layers;
    for (QCPItemRect *mark : m_marks)
        removeItem(mark);
    m_marks.clear();
    for (int row = 0; row < rows(); ++row) {
        if (!layers.contains(m_layers[row]))
            continue;
        auto *mark = new QCPItemRect(this);
        mark->setPen(QPen(palette().color(QPalette::Highlight), 2));
        mark->topLeft->setTypeX(QCPItemPosition::ptAxisRectRatio);
        mark->bottomRight->setTypeX(QCPItemPosition::ptAxisRectRatio);
        mark->topLeft->setCoords(0, row - 0.5);
        mark->bottomRight->setCoords(1, row + 0.5);
        m_marks.push_back(mark);
    }
    replot(rpQueuedReplot);
}

void ChannelMap::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    QFont small = xAxis->labelFont();
    QCPAxis *axis = m_scale->axis();
    axis->setTickLabelColor(colors.text);
    axis->setLabelColor(colors.text);
    axis->setTickLabelFont(small);
    axis->setLabelFont(small);
    axis->setBasePen(QPen(colors.outline, 1));
    axis->setTickPen(QPen(colors.outline, 1));
    axis->setSubTickPen(Qt::NoPen);
    QCPColorGradient gradient;
    gradient.clearColorStops();
    gradient.setColorStopAt(0, blend(colors.background, colors.variant, 0.05));
    gradient.setColorStopAt(0.6, colors.variant);
    gradient.setColorStopAt(1, colors.plan);
    m_map->setGradient(gradient);
    m_keptLine->setPen(QPen(colors.text, 2));
    m_hint->setColor(colors.faded);
    m_hint->setFont(font());
    replot(rpQueuedReplot);
}

QString ChannelMap::tipAt(const QPoint &position) const
{
    if (!axisRect()->rect().contains(position))
        return {};
    const double channels = std::max(1.0, xAxis->range().size());
    const int row = qRound(yAxis->pixelToCoord(position.y()));
    const auto column = static_cast<int>(std::floor(xAxis->pixelToCoord(position.x()) / channels * m_columns));
    return describe(row, column);
}

void ChannelMap::mousePressEvent(QMouseEvent *event)
{
    Chart::mousePressEvent(event);
    const int row = qRound(yAxis->pixelToCoord(event->pos().y()));
    if (event->button() == Qt::LeftButton && axisRect()->rect().contains(event->pos()) && row >= 0 && row < rows())
        Q_EMIT layersClicked({m_layers[row]});
}

} // namespace edgeflex
