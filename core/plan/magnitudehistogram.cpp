#include "plan/magnitudehistogram.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <numeric>

namespace edgeflex {

void MagnitudeHistogram::add(float value)
{
    // The exponent as it is stored: a logarithm would take longer than all else.
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value) & 0x7fffffffU;
    if (bits == 0) {
        ++zeros;
        return;
    }
    const int exponent = static_cast<int>(bits >> 23) - 127;
    ++counts[static_cast<std::size_t>(std::clamp(exponent - leastExponent, 0, static_cast<int>(octaves) - 1))];
}

void MagnitudeHistogram::add(const MagnitudeHistogram &other)
{
    zeros += other.zeros;
    for (std::size_t i = 0; i < octaves; ++i)
        counts[i] += other.counts[i];
}

std::int64_t MagnitudeHistogram::total() const
{
    return std::accumulate(counts.begin(), counts.end(), zeros);
}

void to_json(nlohmann::json &json, const MagnitudeHistogram &value)
{
    json = {{"zeros", value.zeros}, {"leastExponent", MagnitudeHistogram::leastExponent}, {"counts", value.counts}};
}

void from_json(const nlohmann::json &json, MagnitudeHistogram &value)
{
    // Counts that fit a sum of all of them.
    constexpr IntegerRange countable{0, std::int64_t(1) << 50};
    const JsonFields fields(json, "histogram");
    int leastExponent = 0;
    std::vector<std::int64_t> counts;
    fields.read("zeros", value.zeros, countable);
    fields.read("leastExponent", leastExponent, {-1000, 1000});
    fields.read("counts", counts, countable);
    if (leastExponent != MagnitudeHistogram::leastExponent || counts.size() != MagnitudeHistogram::octaves)
        fields.fail("counts", "must be of " + std::to_string(MagnitudeHistogram::octaves) + " octaves from 2^" +
                                  std::to_string(MagnitudeHistogram::leastExponent) + " on");
    std::ranges::copy(counts, value.counts.begin());
}

} // namespace edgeflex
