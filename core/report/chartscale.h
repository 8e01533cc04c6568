#pragma once

#include "report/chart.h"

namespace edgeflex {

// The values of an axis.
struct AxisRange
{
    double low = 0;
    double high = 1;

    bool operator==(const AxisRange &) const = default;
};

// What the charts' data, error bars and rules need, with some air around; bars and areas stand on zero. Values that are
// not finite, and on a logarithmic axis those not above 0, do not count.
AxisRange rangeOfX(const Chart &chart);
AxisRange rangeOfY(const std::vector<const Chart *> &charts);

// Values of an axis to places on paper and its ticks.
class ChartScale
{
public:
    // The range's low end lies at `from`, its high end at `to`.
    ChartScale(const ChartAxis &axis, AxisRange range, double from, double to);

    double place(double value) const; // clamped to the axis
    bool contains(double value) const;
    // The axis' own ticks within the range, else `most` nice ones.
    std::vector<ChartTick> ticks(int most) const;

private:
    double share(double value) const;

    const ChartAxis &m_axis; // must outlive the scale
    AxisRange m_range;
    double m_from;
    double m_to;
};

} // namespace edgeflex
