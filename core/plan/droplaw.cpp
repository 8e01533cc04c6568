#include "plan/droplaw.h"

#include "plan/shiftsum.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <random>
#include <vector>

namespace edgeflex {

namespace {

constexpr int sums = 8;
constexpr double kls[] = {0.02, 0.05, 0.1, 0.2, 0.5};
constexpr double leastPoints = 0.01; // fewer say nothing of the law
// Seen: 0.8 to 1.1. Beyond these a fit to few images would be chance.
constexpr double leastExponent = 0.5;
constexpr double mostExponent = 1.5;

// Half of the layers in one of their formats, half of the prunable parts at one of their widths.
class RandomSum
{
public:
    RandomSum(const LogitShifts &shifts, std::mt19937_64 &engine) : m_engine(engine), m_sum(shifts)
    {
        for (const auto &[layer, formats] : shifts.formats)
            addOneOf(formats);
        for (const auto *blocks : {&shifts.mlpWidths, &shifts.qkDims, &shifts.voDims}) {
            for (const LogitShifts::ByWidth &widths : *blocks)
                addOneOf(widths);
        }
    }

    ShiftSum &sum() { return m_sum; }

private:
    // The standard's distributions differ between libraries; its engines do not.
    template<class Shifts>
    void addOneOf(const Shifts &shifts)
    {
        if (shifts.empty() || m_engine() % 2 == 0)
            return;
        m_sum.add(std::next(shifts.begin(), static_cast<std::ptrdiff_t>(m_engine() % shifts.size()))->second, 1);
    }

    std::mt19937_64 &m_engine;
    ShiftSum m_sum;
};

} // namespace

double DropLaw::points(double kl) const
{
    return kl > 0 ? factor * std::pow(kl, exponent) : 0;
}

std::optional<DropLaw> fitDropLaw(const LogitShifts &shifts)
{
    const std::vector<float> confidence = calibratedConfidence(shifts);
    std::mt19937_64 engine(1);
    // Least squares of log(points) on log(kl), weighed by the points: as they are counted, so is their variance.
    double weights = 0, x = 0, y = 0, xx = 0, xy = 0;
    double errors = 0;
    for (int i = 0; i < sums; ++i) {
        RandomSum random(shifts, engine);
        for (const double kl : kls) {
            random.sum().scaleTo(kl);
            const auto [points, error] = random.sum().drop(confidence);
            if (!(points > leastPoints))
                continue;
            const double logKl = std::log(kl);
            const double logPoints = std::log(points);
            weights += points;
            x += points * logKl;
            y += points * logPoints;
            xx += points * logKl * logKl;
            xy += points * logKl * logPoints;
            errors += error;
        }
    }
    if (weights == 0)
        return std::nullopt;
    const double spread = xx * weights - x * x;
    DropLaw law;
    law.exponent = spread > 1e-9 * weights * weights ? (xy * weights - x * y) / spread : 1;
    law.exponent = std::clamp(law.exponent, leastExponent, mostExponent);
    law.factor = std::exp((y - law.exponent * x) / weights);
    law.relativeError = errors / weights;
    return law;
}

} // namespace edgeflex
