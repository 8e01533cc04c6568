#include "plan/randomplans.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

constexpr double leastStrength = 0.02;
constexpr std::size_t neighbours = 2; // on each side, of whose drops the median is taken

} // namespace

RandomPlans::RandomPlans(const ModelSpec &spec, std::uint64_t seed, bool removal)
    : m_spec(spec), m_engine(seed), m_removal(removal)
{
}

double RandomPlans::share()
{
    // The standard's distributions differ between libraries; its engines do not.
    return static_cast<double>(m_engine() >> 11) * 0x1p-53;
}

CompressionPlan RandomPlans::next(double strength)
{
    CompressionPlan plan = identityPlan(m_spec);
    for (BlockPlan &block : plan.blocks) {
        std::vector keeps{&BlockPlan::mlpKeep, &BlockPlan::qkKeep, &BlockPlan::voKeep};
        if (m_removal)
            keeps.push_back(&BlockPlan::headKeep);
        for (double BlockPlan::*keep : keeps) {
            const bool pruned = share() < strength;
            const double left = leastKeep + (1 - leastKeep) * share();
            if (pruned)
                block.*keep = left;
        }
        for (double BlockPlan::*half : {&BlockPlan::mlpKeep, &BlockPlan::headKeep}) {
            if (m_removal && share() < linearShare * strength)
                block.*half = 0;
        }
    }
    const auto formats = allNumberFormats();
    for (const LinearSpec *linear : m_spec.linears()) {
        const bool changed = share() < strength;
        const auto format = static_cast<std::size_t>(share() * static_cast<double>(formats.size()));
        if (changed)
            plan.formats[linear->name] = formats[format];
    }
    return plan;
}

std::size_t StrengthSearch::rangeOf(double dropPoints) const
{
    std::size_t range = 0;
    while (range + 1 < m_ends.size() && dropPoints > m_ends[range])
        ++range;
    return range;
}

void StrengthSearch::add(double strength, double dropPoints)
{
    const auto place = std::find_if(m_measured.begin(), m_measured.end(),
                                    [&](const Measured &each) { return each.strength > strength; });
    m_measured.insert(place, {strength, dropPoints});
}

double StrengthSearch::usualDrop(std::size_t plan) const
{
    std::vector<double> drops;
    const std::size_t first = plan < neighbours ? 0 : plan - neighbours;
    for (std::size_t i = first; i < std::min(plan + neighbours + 1, m_measured.size()); ++i)
        drops.push_back(m_measured[i].drop);
    const auto middle = drops.begin() + static_cast<std::ptrdiff_t>((drops.size() - 1) / 2);
    std::nth_element(drops.begin(), middle, drops.end());
    return *middle;
}

double StrengthSearch::next(RandomPlans &random) const
{
    std::vector<int> counts(m_ends.size(), 0);
    for (const Measured &each : m_measured) {
        if (each.drop <= m_ends.back())
            ++counts[rangeOf(each.drop)];
    }
    const auto range = static_cast<std::size_t>(std::min_element(counts.begin(), counts.end()) - counts.begin());
    const double low = range == 0 ? 0 : m_ends[range - 1];
    const double wanted = low + (m_ends[range] - low) * random.share();
    // Between the last plan that lost less and the first that lost more; they overlap, so no closer than a tenth.
    double below = leastStrength;
    double above = 1;
    for (std::size_t i = 0; i < m_measured.size(); ++i) {
        if (usualDrop(i) < wanted)
            below = std::max(below, m_measured[i].strength);
    }
    for (std::size_t i = 0; i < m_measured.size(); ++i) {
        if (usualDrop(i) >= wanted) {
            above = m_measured[i].strength;
            break;
        }
    }
    if (above < below)
        std::swap(above, below);
    const double middle = (below + above) / 2;
    const double reach = std::max((above - below) / 2, middle / 10);
    return std::clamp(middle + reach * (2 * random.share() - 1), leastStrength, 1.0);
}

} // namespace edgeflex
