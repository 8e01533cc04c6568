#pragma once

#include "plan/compressionplan.h"

#include <cstdint>
#include <random>
#include <vector>

namespace edgeflex {

// The plans that a predictor is judged on. The same seed gives the same plans everywhere.
class RandomPlans
{
public:
    static constexpr double leastKeep = 0.4;
    static constexpr double linearShare = 0.1;

    RandomPlans(const ModelSpec &spec, std::uint64_t seed, bool removal = false);

    // Each MLP, and each block's queries with its keys and its values, are pruned with the probability `strength`
    // (0..1), to a share that is uniform from leastKeep to 1; each layer gets with the same probability a format, any
    // of the five as likely as another. With `removal`, heads are, too, and a linear layer takes the place of an
    // attention or an MLP with the probability linearShare * strength.
    CompressionPlan next(double strength);
    // Uniform in [0, 1).
    double share();

private:
    const ModelSpec m_spec;
    std::mt19937_64 m_engine;
    bool m_removal;
};

// Chooses strengths so that plans fall into every range of measured drops: a wanted drop is drawn from the range that
// has fewest plans, and the strength is where the plans measured so far, sorted by strength, cross it; each stands
// there for its neighbours, as a single cut can destroy a model.
class StrengthSearch
{
public:
    // Upper ends of the ranges, in points, ascending; the first starts at 0. What lies beyond the last is in none.
    explicit StrengthSearch(std::vector<double> ranges) : m_ends(std::move(ranges)) {}

    double next(RandomPlans &random) const;
    void add(double strength, double dropPoints);
    // The range of a drop: an index; beyond the last, that of the last.
    std::size_t rangeOf(double dropPoints) const;

private:
    double usualDrop(std::size_t plan) const; // about the strength of this one

    struct Measured
    {
        double strength = 0;
        double drop = 0;
    };
    std::vector<double> m_ends;
    std::vector<Measured> m_measured; // by strength
};

} // namespace edgeflex
