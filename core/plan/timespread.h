#pragma once

#include "plan/statistics.h"

#include <nlohmann/json_fwd.hpp>

namespace edgeflex {

// Milliseconds of something that was timed several times. A figure without a spread, as older files have it, has low
// and high equal to the median.
struct TimeSpread
{
    double median = 0;
    double low = 0;  // 2.5 % quantile of the repeats
    double high = 0; // 97.5 %

    TimeSpread() = default;
    TimeSpread(double milliseconds) : median(milliseconds), low(milliseconds), high(milliseconds) {}
    TimeSpread(const Spread &repeats) : median(repeats.median), low(repeats.low), high(repeats.high) {}

    bool hasSpread() const { return low != median || high != median; }
    bool operator==(const TimeSpread &) const = default;
};

// Of one after the other; ends are added to ends, which is wider than 95 %.
TimeSpread operator+(const TimeSpread &a, const TimeSpread &b);
TimeSpread operator*(double factor, const TimeSpread &time);

// A number where there is no spread, else {"median": 1, "low": 0.9, "high": 1.2}.
void to_json(nlohmann::json &json, const TimeSpread &value);
void from_json(const nlohmann::json &json, TimeSpread &value);

} // namespace edgeflex
