#pragma once

#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>

namespace edgeflex {

// How often magnitudes lie in each octave, from the least half to beyond the largest.
struct MagnitudeHistogram
{
    static constexpr int leastExponent = -24;  // what is smaller, and not 0, counts in the first octave
    static constexpr std::size_t octaves = 42; // what is too large counts in the last one

    std::int64_t zeros = 0;
    std::array<std::int64_t, octaves> counts{}; // counts[i]: of 2^(leastExponent + i) up to twice that

    void add(float value); // of any sign; what is not finite counts as too large
    void add(const MagnitudeHistogram &other);
    std::int64_t total() const; // zeros included; 0: nothing was counted
    bool operator==(const MagnitudeHistogram &) const = default;
};

void to_json(nlohmann::json &json, const MagnitudeHistogram &value);
void from_json(const nlohmann::json &json, MagnitudeHistogram &value);

} // namespace edgeflex
