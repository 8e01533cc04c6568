#include "widgets/rangechart.h"

#include "plan/layerprofile.h"
#include "widgets/chartstyle.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double percent = 100;
constexpr double headroom = 1.22; // for the names of the limits
constexpr double leastNormalHalf = 6.103515625e-5;
constexpr double largestHalf = 65504;
constexpr int fillAlpha = 40;

double octaveStart(std::size_t octave)
{
    return MagnitudeHistogram::leastExponent + static_cast<double>(octave);
}

} // namespace

RangeChart::RangeChart(QWidget *parent) : Chart(parent), m_curves{}, m_limits{}, m_limitTexts{}, m_hint(nullptr)
{
    setAccessibleName(tr("How large the layers' inputs are"));
    setMinimumSize(200, 90);
    setFocusPolicy(Qt::NoFocus); // the table beside it says the extremes to the keyboard
    const std::array names{QString("qkv"), QString("proj"), QString("fc1"), QString("fc2"), tr("Other layers")};
    for (std::size_t part = 0; part < partCount; ++part) {
        m_curves[part] = addGraph();
        m_curves[part]->setName(names[part]);
    }
    const std::array limits{leastNormalHalf, largestHalf};
    const std::array limitNames{tr("FP16 loses digits"), tr("FP16 overflows")};
    for (std::size_t i = 0; i < limits.size(); ++i) {
        m_limits[i] = new QCPItemLine(this);
        m_limitTexts[i] = new QCPItemText(this);
        for (QCPItemPosition *position : {m_limits[i]->start, m_limits[i]->end, m_limitTexts[i]->position})
            position->setTypeY(QCPItemPosition::ptAxisRectRatio);
        const double at = std::log2(limits[i]);
        m_limits[i]->start->setCoords(at, 0);
        m_limits[i]->end->setCoords(at, 1);
        m_limitTexts[i]->position->setCoords(at, 0);
        m_limitTexts[i]->setText(limitNames[i]);
        m_limitTexts[i]->setPadding(QMargins(4, 1, 4, 1));
        m_limitTexts[i]->setPositionAlignment((i == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignTop);
    }
    xAxis->setLabel(tr("Magnitude of an input"));
    yAxis->setLabel(tr("Inputs in an octave, %"));
    xAxis->setSubTicks(false);
    yAxis->setSubTicks(false);
    xAxis->grid()->setVisible(false);
    // The same for every layer, so that layers compare.
    xAxis->setRange(octaveStart(0), octaveStart(MagnitudeHistogram::octaves));
    QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    for (int power = -6; power <= 4; power += 2)
        ticker->addTick(power * std::log2(10.0), scientificText(std::pow(10, power)));
    xAxis->setTicker(ticker);
    axisRect()->setAutoMargins(QCP::msLeft | QCP::msBottom);
    axisRect()->setMargins(QMargins(0, 8, 12, 0));
    axisRect()->setMinimumMargins(QMargins(0, 8, 12, 0));
    putLegendBelow(this);
    m_hint = new QCPItemText(this);
    m_hint->position->setType(QCPItemPosition::ptAxisRectRatio);
    m_hint->position->setCoords(0.5, 0.5);
    m_hint->setTextAlignment(Qt::AlignCenter);
    m_hint->setText(tr("Choose calibration images: then it is counted\nhow large the inputs are."));
    applyColors();
    draw();
}

void RangeChart::setProfile(const ActivationProfile *profile)
{
    m_layers.clear();
    if (profile) {
        for (const LayerProfile &layer : profile->layers)
            m_layers[QString::fromStdString(layer.name)] = layer.inputHistogram;
    }
    draw();
}

void RangeChart::highlightLayers(const QStringList &layers)
{
    if (m_highlighted == layers)
        return;
    m_highlighted = layers;
    draw();
}

double RangeChart::share(LayerPart part, std::size_t octave) const
{
    const MagnitudeHistogram &sum = m_sums[static_cast<std::size_t>(part)];
    const std::int64_t total = sum.total();
    return total > 0 ? static_cast<double>(sum.counts[octave]) / static_cast<double>(total) : 0;
}

QString RangeChart::describe(std::size_t octave) const
{
    if (octave >= MagnitudeHistogram::octaves)
        return {};
    QStringList lines{
        tr("Magnitudes from %1 to %2")
            .arg(scientificText(std::exp2(octaveStart(octave))), scientificText(std::exp2(octaveStart(octave + 1))))};
    for (std::size_t part = 0; part < partCount; ++part) {
        if (m_sums[part].total() > 0)
            lines += m_curves[part]->name() + ": " + shareText(share(static_cast<LayerPart>(part), octave));
    }
    return lines.size() > 1 ? lines.join('\n') : QString();
}

void RangeChart::draw()
{
    m_sums = {};
    for (const auto &[name, histogram] : m_layers) {
        if (m_highlighted.isEmpty() || m_highlighted.contains(name))
            m_sums[static_cast<std::size_t>(layerPart(name))].add(histogram);
    }
    double highest = 0;
    bool any = false;
    for (std::size_t part = 0; part < partCount; ++part) {
        QVector<double> x;
        QVector<double> y;
        const bool drawn = m_sums[part].total() > 0;
        for (std::size_t octave = 0; octave < MagnitudeHistogram::octaves && drawn; ++octave) {
            x += octaveStart(octave) + 0.5;
            y += percent * share(static_cast<LayerPart>(part), octave);
            highest = std::max(highest, y.back());
        }
        any = any || drawn;
        m_curves[part]->setData(x, y, true);
        if (drawn)
            m_curves[part]->addToLegend();
        else
            m_curves[part]->removeFromLegend();
    }
    m_hint->setVisible(!any);
    yAxis->setRange(0, highest > 0 ? highest * headroom : 1);
    replot(rpQueuedReplot);
}

void RangeChart::applyColors()
{
    const ChartColors colors = chartColors(palette());
    styleChart(this, colors);
    for (std::size_t part = 0; part < partCount; ++part) {
        QColor color = part < colors.layers.size() ? colors.layers[part] : colors.weights;
        m_curves[part]->setPen(QPen(color, 2));
        color.setAlpha(fillAlpha);
        m_curves[part]->setBrush(color);
    }
    QFont small = xAxis->labelFont();
    for (QCPItemLine *limit : m_limits)
        limit->setPen(QPen(colors.peak, 1, Qt::DashLine));
    for (QCPItemText *text : m_limitTexts) {
        text->setColor(colors.peak);
        text->setFont(small);
    }
    m_hint->setColor(colors.faded);
    m_hint->setFont(font());
    replot(rpQueuedReplot);
}

QString RangeChart::tipAt(const QPoint &position) const
{
    const double octave = std::floor(xAxis->pixelToCoord(position.x())) - octaveStart(0);
    return axisRect()->rect().contains(position) && octave >= 0 ? describe(static_cast<std::size_t>(octave))
                                                                : QString();
}

} // namespace edgeflex
