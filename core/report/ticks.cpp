#include "report/ticks.h"

#include "report/reporttext.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

// The digits after the point that tell `value` from its neighbours.
int digitsOf(double value)
{
    double scaled = std::abs(value);
    int digits = 0;
    while (digits < 12 && std::abs(scaled - std::round(scaled)) > 1e-6 * std::max(1.0, scaled)) {
        scaled *= 10;
        ++digits;
    }
    return digits;
}

} // namespace

std::vector<double> niceTicks(double low, double high, int most)
{
    if (!(std::isfinite(low) && std::isfinite(high) && low < high && std::isfinite(high - low)))
        return {};
    most = std::max(most, 2);
    const double power = std::pow(10.0, std::floor(std::log10((high - low) / most)));
    for (const double factor : {1.0, 2.0, 5.0, 10.0, 20.0, 50.0}) {
        const double step = power * factor;
        // An end that is off by rounding only still counts.
        const double first = std::ceil(low / step - 1e-9);
        const double last = std::floor(high / step + 1e-9);
        if (last - first + 1 > most)
            continue;
        std::vector<double> ticks;
        for (double i = first; i <= last; ++i)
            ticks.push_back(i == 0 ? 0 : i * step); // never -0
        return ticks;
    }
    return {};
}

std::vector<double> niceLogTicks(double low, double high, int most)
{
    if (!(std::isfinite(low) && std::isfinite(high) && low > 0 && low < high))
        return {};
    const std::vector<std::vector<double>> mantissas{{1, 2, 3, 4, 5, 6, 7, 8, 9}, {1, 2, 5}, {1, 3}, {1}};
    const int first = static_cast<int>(std::floor(std::log10(low)));
    const int last = static_cast<int>(std::ceil(std::log10(high)));
    for (int every = 1; every <= last - first + 1; ++every) {
        for (const std::vector<double> &factors : mantissas) {
            std::vector<double> ticks;
            for (int power = first; power <= last; power += every) {
                for (const double factor : factors) {
                    const double value = factor * std::pow(10.0, power);
                    if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                        ticks.push_back(value);
                }
            }
            if (static_cast<int>(ticks.size()) <= std::max(most, 2))
                return ticks;
        }
    }
    return {};
}

std::vector<std::string> tickTexts(const std::vector<double> &ticks)
{
    int digits = 0;
    for (const double tick : ticks)
        digits = std::max(digits, digitsOf(tick));
    std::vector<std::string> texts;
    for (const double tick : ticks)
        texts.push_back(fixed(tick, digits));
    return texts;
}

} // namespace edgeflex
