#include "plan/budgetsolver.h"

#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

namespace edgeflex {

namespace {

constexpr std::int64_t binCount = 2048;
constexpr std::int64_t maxChoiceBytes = std::int64_t(1) << 50; // sums over all groups stay far from overflow
constexpr std::size_t maxGroups = 4096;
constexpr std::size_t maxChoices = 4096;
constexpr int maxDoublings = 80;
constexpr int bisections = 40;
constexpr std::size_t narrowingParts = 8; // that a range is looked at in, before the best two are divided again

constexpr std::int64_t noByteLimit = std::numeric_limits<std::int64_t>::max();
constexpr double noTimeLimit = std::numeric_limits<double>::infinity();

using Groups = std::vector<std::vector<Choice>>;

struct Limits
{
    std::int64_t bytes = noByteLimit;
    double milliseconds = noTimeLimit;
};

void check(const Groups &groups, const Budget &budget)
{
    if (groups.size() > maxGroups)
        throw Error("budget: " + std::to_string(groups.size()) + " groups are more than the supported " +
                    std::to_string(maxGroups));
    for (std::size_t g = 0; g < groups.size(); ++g) {
        if (groups[g].empty() || groups[g].size() > maxChoices)
            throw Error("budget: group " + std::to_string(g) + " has " + std::to_string(groups[g].size()) +
                        " choices, but must have from 1 to " + std::to_string(maxChoices));
        for (const Choice &choice : groups[g]) {
            const bool sane = choice.bytes >= 0 && choice.bytes <= maxChoiceBytes &&
                              std::isfinite(choice.milliseconds) && choice.milliseconds >= 0 &&
                              std::isfinite(choice.loss) && choice.scratchBytes >= 0 &&
                              choice.scratchBytes <= maxChoiceBytes;
            if (!sane)
                throw Error("budget: a choice of group " + std::to_string(g) +
                            " has bytes, milliseconds or a loss that are negative or not finite");
        }
    }
    if ((budget.bytes && *budget.bytes < 0) || (budget.peakBytes && *budget.peakBytes < 0))
        throw Error("budget: bytes must not be negative");
    if (budget.milliseconds && !(*budget.milliseconds >= 0 && std::isfinite(*budget.milliseconds)))
        throw Error("budget: milliseconds must be a finite number, not negative");
}

class Solver
{
public:
    Solver(const Groups &groups, const Budget &budget)
    {
        m_limits.bytes = budget.bytes.value_or(noByteLimit);
        m_limits.milliseconds = budget.milliseconds.value_or(noTimeLimit);
        for (const auto &group : groups) {
            m_originals.push_back(worthwhile(group));
            m_groups.emplace_back();
            double low = group.front().loss;
            double high = low;
            std::int64_t least = group.front().bytes;
            for (const int index : m_originals.back()) {
                const Choice &choice = group[static_cast<std::size_t>(index)];
                m_groups.back().push_back(choice);
                low = std::min(low, choice.loss);
                high = std::max(high, choice.loss);
                least = std::min(least, choice.bytes);
            }
            m_lossRange += high - low;
            m_leastBytes.push_back(least);
            m_sumOfLeast += least;
        }
    }

    Allocation solve() const { return original(choose()); }

    // See solveFront(), in bytes.
    std::vector<Allocation> front(std::size_t most)
    {
        const Allocation least = minimiseEach([](const Choice &choice) { return choice.loss; });
        m_limits.bytes = least.bytes;
        const Table table = fill([](const Choice &choice) { return choice.loss; });
        std::vector<std::size_t> bins; // that no earlier one beats
        double loss = std::numeric_limits<double>::infinity();
        for (std::size_t bin = 0; bin < table.states.size(); ++bin) {
            if (table.states[bin].cost < loss) {
                loss = table.states[bin].cost;
                bins.push_back(bin);
            }
        }
        // The end lies beyond the last bin where its bytes are no multiple of a bin's.
        const auto logOf = [&](std::int64_t bytes) {
            return std::log1p(static_cast<double>(bytes));
        };
        const double step = (logOf(least.bytes) - logOf(m_sumOfLeast)) / static_cast<double>(most - 1);
        double next = logOf(m_sumOfLeast);
        std::vector<Allocation> result;
        const auto add = [&](Allocation each) {
            each.feasible = true;
            result.push_back(original(std::move(each)));
        };
        for (const std::size_t bin : bins) {
            const double position = logOf(m_sumOfLeast + table.states[bin].bytes);
            const bool isEnd = !(table.states[bin].cost > least.loss + 1e-12 * m_lossRange);
            if (position < next || isEnd)
                continue;
            add(allocation(chosenAt(table, bin)));
            while (step > 0 && next <= position)
                next += step;
        }
        if (result.size() == most)
            result.pop_back();
        add(least);
        return result;
    }

private:
    Allocation original(Allocation result) const
    {
        for (std::size_t g = 0; g < result.chosen.size(); ++g)
            result.chosen[g] = m_originals[g][static_cast<std::size_t>(result.chosen[g])];
        return result;
    }

    static auto lossAndTime(double price)
    {
        return [price](const Choice &choice) {
            return choice.loss + price * choice.milliseconds;
        };
    }

    // Indices of the choices that no other choice of the group beats or equals in everything that counts.
    std::vector<int> worthwhile(const std::vector<Choice> &group) const
    {
        const bool timeCounts = m_limits.milliseconds != noTimeLimit;
        const auto beats = [&](const Choice &a, const Choice &b) {
            return a.bytes <= b.bytes && a.loss <= b.loss && (!timeCounts || a.milliseconds <= b.milliseconds);
        };
        std::vector<int> kept;
        for (std::size_t i = 0; i < group.size(); ++i) {
            bool beaten = false;
            for (std::size_t j = 0; j < group.size() && !beaten; ++j) {
                if (i == j || !beats(group[j], group[i]))
                    continue;
                // Of equals the faster stays, then the first.
                beaten = !beats(group[i], group[j]) || group[j].milliseconds < group[i].milliseconds ||
                         (group[j].milliseconds == group[i].milliseconds && j < i);
            }
            if (!beaten)
                kept.push_back(static_cast<int>(i));
        }
        return kept;
    }

    Allocation choose() const
    {
        if (m_sumOfLeast > m_limits.bytes)
            return nearest({});
        Allocation best = minimise(lossAndTime(0));
        if (best.milliseconds > m_limits.milliseconds) {
            const Allocation fastest = minimise([](const Choice &choice) { return choice.milliseconds; });
            if (fastest.milliseconds > m_limits.milliseconds)
                return nearest({fastest});
            best = withinTime(fastest);
        }
        best.feasible = true;
        improve(best, m_limits);
        return best;
    }

    const Choice &choice(std::size_t group, int index) const
    {
        return m_groups[group][static_cast<std::size_t>(index)];
    }

    Allocation allocation(std::vector<int> chosen) const
    {
        Allocation result;
        for (std::size_t g = 0; g < chosen.size(); ++g) {
            const Choice &each = choice(g, chosen[g]);
            result.bytes += each.bytes;
            result.milliseconds += each.milliseconds;
            result.loss += each.loss;
            result.scratchBytes = std::max(result.scratchBytes, each.scratchBytes);
        }
        result.chosen = std::move(chosen);
        return result;
    }

    bool fits(const Allocation &candidate, const Limits &limits) const
    {
        return candidate.bytes <= limits.bytes && candidate.milliseconds <= limits.milliseconds;
    }

    // The least objective of each group by itself, ties to fewer bytes.
    template<class Objective>
    Allocation minimiseEach(Objective objective) const
    {
        std::vector<int> chosen;
        for (const auto &group : m_groups) {
            std::size_t best = 0;
            for (std::size_t i = 1; i < group.size(); ++i) {
                const double difference = objective(group[i]) - objective(group[best]);
                if (difference < 0 || (difference == 0 && group[i].bytes < group[best].bytes))
                    best = i;
            }
            chosen.push_back(static_cast<int>(best));
        }
        return allocation(std::move(chosen));
    }

    // The least objective within the byte budget, by dynamic programming over bins of the bytes above the
    // least possible. A state keeps its true bytes and lies in the bin these round up to, so rounding does
    // not add up along the way, and no state exceeds the budget.
    template<class Objective>
    Allocation minimise(Objective objective) const
    {
        Allocation free = minimiseEach(objective);
        if (free.bytes <= m_limits.bytes)
            return free;
        const Table table = fill(objective);
        const auto best = std::min_element(table.states.begin(), table.states.end(),
                                           [](const State &a, const State &b) { return a.cost < b.cost; });
        return allocation(chosenAt(table, static_cast<std::size_t>(best - table.states.begin())));
    }

    struct State
    {
        double cost = std::numeric_limits<double>::infinity();
        std::int64_t bytes = 0; // above the least
    };
    struct Step
    {
        std::uint16_t choice = 0;
        std::uint16_t from = 0;
    };
    struct Table
    {
        std::vector<State> states;            // by bin, with all groups chosen
        std::vector<std::vector<Step>> steps; // by group and bin
    };

    template<class Objective>
    Table fill(Objective objective) const
    {
        const std::int64_t slack = m_limits.bytes - m_sumOfLeast;
        const std::int64_t binBytes = std::max<std::int64_t>(1, (slack + binCount - 1) / binCount);
        const auto states = static_cast<std::size_t>(slack / binBytes + 1);
        std::vector<State> now(states);
        now.front().cost = 0;
        std::vector<std::vector<Step>> steps(m_groups.size(), std::vector<Step>(states));
        for (std::size_t g = 0; g < m_groups.size(); ++g) {
            std::vector<State> next(states);
            for (std::size_t from = 0; from < states; ++from) {
                if (std::isinf(now[from].cost))
                    continue;
                for (std::size_t i = 0; i < m_groups[g].size(); ++i) {
                    const Choice &each = m_groups[g][i];
                    const std::int64_t bytes = now[from].bytes + each.bytes - m_leastBytes[g];
                    const auto bin = static_cast<std::size_t>((bytes + binBytes - 1) / binBytes);
                    if (bin >= states)
                        continue;
                    const double cost = now[from].cost + objective(each);
                    State &state = next[bin];
                    if (cost < state.cost || (cost == state.cost && bytes < state.bytes)) {
                        state = {cost, bytes};
                        steps[g][bin] = {static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(from)};
                    }
                }
            }
            now = std::move(next);
        }
        return {std::move(now), std::move(steps)};
    }

    std::vector<int> chosenAt(const Table &table, std::size_t bin) const
    {
        std::vector<int> chosen(m_groups.size());
        for (std::size_t g = m_groups.size(); g-- > 0;) {
            chosen[g] = table.steps[g][bin].choice;
            bin = table.steps[g][bin].from;
        }
        return chosen;
    }

    // Bisects the price of a millisecond for the least loss within the time; `fastest` is within it.
    Allocation withinTime(const Allocation &fastest) const
    {
        Allocation best = fastest;
        const auto tryPrice = [&](double price) {
            const Allocation candidate = minimise(lossAndTime(price));
            if (!fits(candidate, m_limits))
                return false;
            if (candidate.loss < best.loss)
                best = candidate;
            return true;
        };
        double low = 0;
        double high = m_lossRange > 0 ? m_lossRange / std::max(m_limits.milliseconds, 1e-6) : 1;
        int doublings = 0;
        while (doublings < maxDoublings && !tryPrice(high)) {
            low = high;
            high *= 2;
            ++doublings;
        }
        if (doublings == maxDoublings)
            return best; // only a price beyond all losses is high enough
        for (int i = 0; i < bisections; ++i) {
            const double middle = low + (high - low) / 2;
            (tryPrice(middle) ? high : low) = middle;
        }
        return best;
    }

    // Changes one or two groups at a time for as long as that lowers the loss within the limits. This uses
    // what rounding to bins left over and fills the gap between a multiplier's solutions.
    void improve(Allocation &current, const Limits &limits) const
    {
        const double least = 1e-12 * (m_lossRange + std::numeric_limits<double>::min());
        bool changed = true;
        while (changed) {
            changed = improveOne(current, limits, least);
            if (!changed)
                changed = improvePairs(current, limits, least);
        }
    }

    // The single change that lowers the loss most.
    bool improveOne(Allocation &current, const Limits &limits, double least) const
    {
        Allocation best = current;
        for (std::size_t g = 0; g < m_groups.size(); ++g) {
            for (std::size_t i = 0; i < m_groups[g].size(); ++i) {
                const Choice &each = m_groups[g][i];
                const Choice &old = choice(g, current.chosen[g]);
                if (!(each.loss < old.loss - least) || current.bytes - old.bytes + each.bytes > limits.bytes ||
                    !(current.loss - old.loss + each.loss < best.loss - least))
                    continue;
                const Allocation candidate = changedAt(current, g, i);
                if (fits(candidate, limits))
                    best = candidate;
            }
        }
        const bool changed = best.chosen != current.chosen;
        current = with(best, current.feasible);
        return changed;
    }

    // Goes once over all pairs of groups; takes each change that lowers the loss.
    bool improvePairs(Allocation &current, const Limits &limits, double least) const
    {
        bool changed = false;
        for (std::size_t g = 0; g < m_groups.size(); ++g) {
            for (std::size_t h = g + 1; h < m_groups.size(); ++h) {
                for (std::size_t i = 0; i < m_groups[g].size(); ++i) {
                    for (std::size_t j = 0; j < m_groups[h].size(); ++j) {
                        const Choice &oldG = choice(g, current.chosen[g]);
                        const Choice &oldH = choice(h, current.chosen[h]);
                        const Choice &newG = m_groups[g][i];
                        const Choice &newH = m_groups[h][j];
                        const double gain = (oldG.loss - newG.loss) + (oldH.loss - newH.loss);
                        if (!(gain > least) ||
                            current.bytes - oldG.bytes - oldH.bytes + newG.bytes + newH.bytes > limits.bytes ||
                            current.milliseconds - oldG.milliseconds - oldH.milliseconds + newG.milliseconds +
                                    newH.milliseconds >
                                limits.milliseconds * (1 + 1e-9))
                            continue; // the last is made sure of below, with sums made anew
                        const Allocation candidate = changedAt(changedAt(current, g, i), h, j);
                        if (!fits(candidate, limits))
                            continue;
                        current = with(candidate, current.feasible);
                        changed = true;
                    }
                }
            }
        }
        return changed;
    }

    // Sums anew, so that rounding errors do not pile up over many changes.
    Allocation changedAt(const Allocation &current, std::size_t group, std::size_t index) const
    {
        std::vector<int> chosen = current.chosen;
        chosen[group] = static_cast<int>(index);
        return allocation(std::move(chosen));
    }

    static Allocation with(Allocation value, bool feasible)
    {
        value.feasible = feasible;
        return value;
    }

    double relativeBytes(std::int64_t bytes) const
    {
        return static_cast<double>(bytes) / static_cast<double>(std::max<std::int64_t>(m_limits.bytes, 1));
    }

    double relativeTime(double milliseconds) const { return milliseconds / std::max(m_limits.milliseconds, 1e-6); }

    // The greater of the two relative excesses over the budget; 0 within it.
    double excess(const Allocation &candidate) const
    {
        double most = 0;
        if (candidate.bytes > m_limits.bytes)
            most = relativeBytes(candidate.bytes - m_limits.bytes);
        if (candidate.milliseconds > m_limits.milliseconds)
            most = std::max(most, relativeTime(candidate.milliseconds - m_limits.milliseconds));
        return most;
    }

    // Least excess first, found by weighing bytes against milliseconds, then least loss at that excess.
    Allocation nearest(std::vector<Allocation> candidates) const
    {
        const auto weighed = [&](double weight) {
            candidates.push_back(minimiseEach([&](const Choice &choice) {
                return weight * relativeBytes(choice.bytes) + (1 - weight) * relativeTime(choice.milliseconds);
            }));
            return candidates.back();
        };
        if (m_limits.milliseconds == noTimeLimit) {
            candidates.push_back(minimiseEach([](const Choice &choice) { return static_cast<double>(choice.bytes); }));
        } else if (m_limits.bytes == noByteLimit) {
            candidates.push_back(minimiseEach([](const Choice &choice) { return choice.milliseconds; }));
        } else {
            weighed(0);
            weighed(1);
            double low = 0;
            double high = 1;
            for (int i = 0; i < bisections; ++i) {
                const double middle = low + (high - low) / 2;
                const Allocation candidate = weighed(middle);
                (relativeBytes(candidate.bytes) > relativeTime(candidate.milliseconds) ? low : high) = middle;
            }
        }
        Allocation best =
            *std::min_element(candidates.begin(), candidates.end(),
                              [&](const Allocation &a, const Allocation &b) { return excess(a) < excess(b); });
        best.feasible = excess(best) == 0;
        // Neither budget is broken any further for the sake of the loss.
        const Limits limits{std::max(m_limits.bytes, best.bytes), std::max(m_limits.milliseconds, best.milliseconds)};
        improve(best, limits);
        return best;
    }

    Groups m_groups;                           // without the choices that others beat
    std::vector<std::vector<int>> m_originals; // their indices in the caller's groups
    Limits m_limits;
    double m_lossRange = 0; // over all groups
    std::vector<std::int64_t> m_leastBytes;
    std::int64_t m_sumOfLeast = 0;
};

// Solves under a budget for bytes and the most scratch together: whatever scratch is allowed, the knapsack has the
// rest.
class PeakSolver
{
public:
    PeakSolver(const Groups &groups, const Budget &budget) : m_groups(groups), m_budget(budget)
    {
        std::int64_t needed = 0; // by the group that can do with least, the most of these
        for (const auto &group : groups) {
            std::int64_t least = std::numeric_limits<std::int64_t>::max();
            for (const Choice &choice : group) {
                m_allowances.push_back(choice.scratchBytes);
                least = std::min(least, choice.scratchBytes);
            }
            needed = std::max(needed, least);
        }
        std::ranges::sort(m_allowances);
        m_allowances.erase(std::unique(m_allowances.begin(), m_allowances.end()), m_allowances.end());
        m_allowances.erase(m_allowances.begin(), std::ranges::lower_bound(m_allowances, needed));
        std::vector<std::int64_t> enough;
        for (const std::int64_t allowance : m_allowances) {
            const std::int64_t least = leastBytes(allowance);
            if (least <= byteLimit() && least + allowance <= *budget.peakBytes)
                enough.push_back(allowance);
        }
        if (!enough.empty())
            m_allowances = std::move(enough);
    }

    Allocation solve()
    {
        if (m_allowances.empty()) // no groups
            return Solver(m_groups, {}).solve();
        std::size_t low = 0;
        std::size_t high = m_allowances.size() - 1;
        while (true) {
            const std::size_t step = std::max<std::size_t>(1, (high - low) / narrowingParts);
            std::size_t best = low;
            for (std::size_t i = low; i <= high; i += step) {
                if (better(at(i), at(best)))
                    best = i;
            }
            if (better(at(high), at(best)))
                best = high;
            if (step == 1)
                return at(best);
            low = best - std::min(best, step);
            high = std::min(best + step, m_allowances.size() - 1);
        }
    }

private:
    std::int64_t byteLimit() const { return m_budget.bytes.value_or(maxChoiceBytes); }

    std::int64_t leastBytes(std::int64_t allowance) const
    {
        std::int64_t bytes = 0;
        for (const auto &group : m_groups) {
            std::int64_t least = std::numeric_limits<std::int64_t>::max();
            for (const Choice &choice : group) {
                if (choice.scratchBytes <= allowance)
                    least = std::min(least, choice.bytes);
            }
            bytes += least;
        }
        return bytes;
    }

    // How far beyond the budgets, as a share of each, the one that is exceeded most; 0 within all.
    double excess(const Allocation &allocation) const
    {
        const auto beyond = [](double value, double limit) {
            return std::max(0.0, value - limit) / std::max(limit, 1e-6);
        };
        const auto bytes = static_cast<double>(allocation.bytes);
        double most =
            beyond(bytes + static_cast<double>(allocation.scratchBytes), static_cast<double>(*m_budget.peakBytes));
        if (m_budget.bytes)
            most = std::max(most, beyond(bytes, static_cast<double>(*m_budget.bytes)));
        if (m_budget.milliseconds)
            most = std::max(most, beyond(allocation.milliseconds, *m_budget.milliseconds));
        return most;
    }

    // What fits first; of what does not, what is nearest; then the least loss.
    bool better(const Allocation &a, const Allocation &b) const
    {
        if (a.feasible != b.feasible)
            return a.feasible;
        if (!a.feasible) {
            const double beyondA = excess(a);
            const double beyondB = excess(b);
            if (beyondA != beyondB)
                return beyondA < beyondB;
        }
        return a.loss < b.loss;
    }

    // The best with the allowance of that index.
    const Allocation &at(std::size_t index)
    {
        const auto [place, isNew] = m_solved.try_emplace(index);
        if (!isNew)
            return place->second;
        const std::int64_t allowance = m_allowances[index];
        Groups groups;
        std::vector<std::vector<int>> originals;
        for (const auto &group : m_groups) {
            groups.emplace_back();
            originals.emplace_back();
            for (std::size_t i = 0; i < group.size(); ++i) {
                if (group[i].scratchBytes > allowance)
                    continue;
                groups.back().push_back(group[i]);
                originals.back().push_back(static_cast<int>(i));
            }
        }
        const std::int64_t left = std::max<std::int64_t>(0, *m_budget.peakBytes - allowance);
        Allocation solved = Solver(groups, {std::min(byteLimit(), left), m_budget.milliseconds, {}}).solve();
        for (std::size_t g = 0; g < originals.size(); ++g)
            solved.chosen[g] = originals[g][static_cast<std::size_t>(solved.chosen[g])];
        solved.feasible = solved.feasible && solved.bytes + solved.scratchBytes <= *m_budget.peakBytes;
        return place->second = std::move(solved);
    }

    const Groups &m_groups;
    const Budget &m_budget;
    std::vector<std::int64_t> m_allowances;     // ascending: of scratch, that leave enough for the bytes if any do
    std::map<std::size_t, Allocation> m_solved; // by index of the allowance
};

} // namespace

Allocation solveBudget(const std::vector<std::vector<Choice>> &groups, const Budget &budget)
{
    check(groups, budget);
    return budget.peakBytes ? PeakSolver(groups, budget).solve() : Solver(groups, budget).solve();
}

std::vector<Allocation> solveFront(const std::vector<std::vector<Choice>> &groups, Resource resource, std::size_t most)
{
    check(groups, {});
    most = std::max<std::size_t>(most, 2);
    if (resource == Resource::Bytes)
        return Solver(groups, {}).front(most);
    // Nanoseconds in the place of bytes.
    constexpr double nanoseconds = 1e6;
    Groups timed = groups;
    for (auto &group : timed) {
        for (Choice &choice : group)
            choice.bytes = std::llround(std::min(choice.milliseconds * nanoseconds, double(maxChoiceBytes)));
    }
    std::vector<Allocation> result = Solver(timed, {}).front(most);
    for (Allocation &allocation : result) {
        allocation.bytes = 0;
        for (std::size_t g = 0; g < groups.size(); ++g)
            allocation.bytes += groups[g][static_cast<std::size_t>(allocation.chosen[g])].bytes;
    }
    return result;
}

} // namespace edgeflex
