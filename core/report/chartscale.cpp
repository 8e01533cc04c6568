#include "report/chartscale.h"

#include "report/ticks.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace edgeflex {

namespace {

// Air between the data and the frame, as a share of the range.
constexpr double air = 0.06;
// Over bars and areas, where labels of rules stand.
constexpr double headroom = 0.14;

// Gathers the least and the greatest value.
class Extent
{
public:
    explicit Extent(bool logarithmic) : m_logarithmic(logarithmic) {}

    void add(double value)
    {
        if (!std::isfinite(value) || (m_logarithmic && value <= 0))
            return;
        m_low = std::min(m_low, value);
        m_high = std::max(m_high, value);
    }
    void add(const std::optional<ChartInterval> &interval)
    {
        if (interval) {
            add(interval->low);
            add(interval->high);
        }
    }

    AxisRange range(const ChartAxis &axis, double below, double above) const
    {
        AxisRange range{m_low, m_high};
        if (!(m_low <= m_high))
            range = m_logarithmic ? AxisRange{1, 10} : AxisRange{0, 1};
        if (m_logarithmic) {
            const double span = std::max(std::log(range.high / range.low), 0.2);
            range.low *= std::exp(-below * span);
            range.high *= std::exp(above * span);
        } else {
            double span = range.high - range.low;
            if (span <= 0)
                span = range.high == 0 ? 1 : std::abs(range.high) * 0.1;
            range.low -= below * span;
            range.high += above * span;
        }
        if (axis.low)
            range.low = *axis.low;
        if (axis.high)
            range.high = *axis.high;
        if (!(range.low < range.high))
            range.high = range.low + 1;
        return range;
    }

private:
    bool m_logarithmic;
    double m_low = std::numeric_limits<double>::infinity();
    double m_high = -std::numeric_limits<double>::infinity();
};

bool standsOnZero(ChartSeriesKind kind)
{
    return kind == ChartSeriesKind::Area || kind == ChartSeriesKind::Bars;
}

} // namespace

AxisRange rangeOfX(const Chart &chart)
{
    Extent extent(chart.x.logarithmic);
    bool filled = false;
    for (const ChartSeries &series : chart.series) {
        filled = filled || standsOnZero(series.kind);
        const double half = series.kind == ChartSeriesKind::Bars ? series.barWidth / 2 : 0;
        for (const ChartPoint &point : series.points) {
            extent.add(point.x - half);
            extent.add(point.x + half);
            extent.add(point.xError);
        }
    }
    for (const ChartRule &rule : chart.rules) {
        if (rule.across == ChartRule::Across::X)
            extent.add(rule.value);
    }
    return extent.range(chart.x, filled ? 0 : air, filled ? 0 : air);
}

AxisRange rangeOfY(const std::vector<const Chart *> &charts)
{
    const ChartAxis &axis = charts.front()->y;
    Extent extent(axis.logarithmic);
    bool filled = false;
    for (const Chart *chart : charts) {
        std::vector<double> stack;
        for (const ChartSeries &series : chart->series) {
            if (standsOnZero(series.kind)) {
                filled = true;
                extent.add(0);
            }
            stack.resize(std::max(stack.size(), series.points.size()));
            for (std::size_t i = 0; i < series.points.size(); ++i) {
                const ChartPoint &point = series.points[i];
                if (series.kind == ChartSeriesKind::Area)
                    extent.add(stack[i] += point.y);
                else
                    extent.add(point.y);
                extent.add(point.yError);
            }
        }
        for (const ChartRule &rule : chart->rules) {
            if (rule.across == ChartRule::Across::Y)
                extent.add(rule.value);
        }
    }
    return extent.range(axis, filled ? 0 : air, filled ? headroom : air);
}

ChartScale::ChartScale(const ChartAxis &axis, AxisRange range, double from, double to)
    : m_axis(axis), m_range(range), m_from(from), m_to(to)
{
}

double ChartScale::share(double value) const
{
    if (m_axis.logarithmic)
        return std::log(std::max(value, m_range.low) / m_range.low) / std::log(m_range.high / m_range.low);
    return (value - m_range.low) / (m_range.high - m_range.low);
}

double ChartScale::place(double value) const
{
    return m_from + std::clamp(share(value), 0.0, 1.0) * (m_to - m_from);
}

bool ChartScale::contains(double value) const
{
    const double at = share(value);
    return at >= -1e-9 && at <= 1 + 1e-9;
}

std::vector<ChartTick> ChartScale::ticks(int most) const
{
    std::vector<ChartTick> ticks;
    if (!m_axis.ticks.empty()) {
        for (const ChartTick &tick : m_axis.ticks) {
            if (contains(tick.value))
                ticks.push_back(tick);
        }
        return ticks;
    }
    const std::vector<double> values =
        m_axis.logarithmic ? niceLogTicks(m_range.low, m_range.high, most) : niceTicks(m_range.low, m_range.high, most);
    const std::vector<std::string> texts = tickTexts(values);
    for (std::size_t i = 0; i < values.size(); ++i)
        ticks.push_back({values[i], texts[i]});
    return ticks;
}

} // namespace edgeflex
