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
// Standard deviations: of plans from the law, as a share of their drops; of a law's drops at usualPoints from the
// truth, as a share; and of its exponent.
constexpr double planDeviation = 0.25;
constexpr double factorDeviation = 0.4;
constexpr double exponentDeviation = 0.15;
constexpr double usualPoints = 2;
constexpr int bendings = 12;
constexpr double mostBending = 0.5; // of the factor's logarithm, or the exponent, at once

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

DropLaw bentLaw(const DropLaw &law, std::span<const MeasuredDrop> measured)
{
    if (!(law.factor > 0) || measured.empty())
        return law;
    // Drops at this KL say all of the factor and nothing of the exponent.
    const double middle = std::pow(usualPoints / law.factor, 1 / law.exponent);
    double factor = 0; // logarithm of what the law's drops at `middle` are multiplied with
    double exponent = law.exponent;
    for (int i = 0; i < bendings; ++i) {
        // Normal equations of the two steps.
        double ff = 1 / (factorDeviation * factorDeviation);
        double ee = 1 / (exponentDeviation * exponentDeviation);
        double fe = 0;
        double f = -factor * ff;
        double e = (law.exponent - exponent) * ee;
        for (const MeasuredDrop &drop : measured) {
            const double distance = std::log(drop.kl / middle);
            const double points = usualPoints * std::exp(factor + exponent * distance);
            const double variance =
                drop.standardError * drop.standardError + planDeviation * planDeviation * points * points;
            if (!(variance > 0))
                continue;
            const double slope = points * points / variance;
            const double residual = points * (drop.points - points) / variance;
            ff += slope;
            fe += slope * distance;
            ee += slope * distance * distance;
            f += residual;
            e += residual * distance;
        }
        const double determinant = ff * ee - fe * fe;
        const double next =
            std::clamp(exponent + std::clamp((ff * e - fe * f) / determinant, -mostBending, mostBending), leastExponent,
                       mostExponent);
        // The factor's step for the exponent's, which its bounds may have cut.
        factor += std::clamp((f - fe * (next - exponent)) / ff, -mostBending, mostBending);
        exponent = next;
    }
    DropLaw bent = law;
    bent.exponent = exponent;
    bent.factor = usualPoints * std::exp(factor) / std::pow(middle, exponent);
    return bent;
}

} // namespace edgeflex
