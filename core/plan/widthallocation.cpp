#include "plan/widthallocation.h"

#include "plan/budgetsolver.h"

#include <cmath>
#include <iterator>
#include <numeric>
#include <utility>

namespace edgeflex {

namespace {

using Losses = std::vector<std::map<std::int64_t, double>>;

// Channels that `keep` leaves; 0.7 of 9216 must count as 6451 although 0.7 is not a binary fraction.
std::int64_t allowed(const Losses &losses, double keep)
{
    double whole = 0;
    for (const auto &block : losses)
        whole += static_cast<double>(block.rbegin()->first);
    return static_cast<std::int64_t>(std::floor(whole * keep + 1e-9 * whole));
}

} // namespace

std::vector<std::int64_t> allocateWidths(const std::vector<std::map<std::int64_t, double>> &losses, double keep)
{
    // The solver's bytes are channels here.
    std::vector<std::vector<Choice>> groups;
    for (const auto &block : losses) {
        std::vector<Choice> &choices = groups.emplace_back();
        for (const auto &[width, loss] : block)
            choices.push_back({width, 0, loss});
    }
    const Allocation allocation = solveBudget(groups, {allowed(losses, keep), std::nullopt});
    std::vector<std::int64_t> widths;
    for (std::size_t i = 0; allocation.feasible && i < groups.size(); ++i)
        widths.push_back(groups[i][static_cast<std::size_t>(allocation.chosen[i])].bytes);
    return widths;
}

std::vector<std::int64_t> exchangeWidths(const Losses &losses, std::vector<std::int64_t> widths, double keep,
                                         const std::function<double(const std::vector<std::int64_t> &)> &loss)
{
    constexpr int mostGiven = 2;
    const std::int64_t most = allowed(losses, keep);
    double least = loss(widths);
    for (;;) {
        std::vector<std::int64_t> best;
        for (std::size_t giver = 0; giver < widths.size(); ++giver) {
            auto given = losses[giver].find(widths[giver]);
            for (int step = 0; step <= mostGiven; ++step) {
                std::vector<std::int64_t> tried = widths;
                tried[giver] = given->first;
                const std::int64_t room = most - std::reduce(tried.begin(), tried.end());
                for (std::size_t taker = 0; taker < widths.size(); ++taker) {
                    const auto next = std::prev(losses[taker].upper_bound(widths[taker] + room));
                    if (taker == giver || next->first <= widths[taker])
                        continue;
                    tried[taker] = next->first;
                    if (const double found = loss(tried); found < least) {
                        least = found;
                        best = tried;
                    }
                    tried[taker] = widths[taker];
                }
                if (given == losses[giver].begin())
                    break;
                --given;
            }
        }
        if (best.empty())
            return widths;
        widths = std::move(best);
    }
}

} // namespace edgeflex
