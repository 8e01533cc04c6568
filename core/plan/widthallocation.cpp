#include "plan/widthallocation.h"

#include "plan/budgetsolver.h"

#include <cmath>
#include <iterator>

namespace edgeflex {

std::vector<std::int64_t> allocateWidths(const std::vector<std::map<std::int64_t, double>> &losses, double keep)
{
    // The solver's bytes are channels here.
    std::vector<std::vector<Choice>> groups;
    double whole = 0;
    for (const auto &block : losses) {
        std::vector<Choice> &choices = groups.emplace_back();
        for (const auto &[width, loss] : block)
            choices.push_back({width, 0, loss});
        whole += static_cast<double>(block.rbegin()->first);
    }
    // 0.7 of 9216 channels must count as 6451 although 0.7 is not a binary fraction.
    const auto budget = static_cast<std::int64_t>(std::floor(whole * keep + 1e-9 * whole));
    const Allocation allocation = solveBudget(groups, {budget, std::nullopt});
    std::vector<std::int64_t> widths;
    for (std::size_t i = 0; allocation.feasible && i < groups.size(); ++i)
        widths.push_back(groups[i][static_cast<std::size_t>(allocation.chosen[i])].bytes);
    return widths;
}

} // namespace edgeflex
