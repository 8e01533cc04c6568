#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace edgeflex {

// One way to execute a layer (or a group of layers that must be chosen together).
struct Choice
{
    std::int64_t bytes = 0;
    double milliseconds = 0;
    double loss = 0;               // predicted, additive over layers: KL of the logits
    std::int64_t scratchBytes = 0; // live while it runs; of all groups only the most counts

    bool operator==(const Choice &) const = default;
};

struct Budget
{
    std::optional<std::int64_t> bytes;
    std::optional<double> milliseconds;
    std::optional<std::int64_t> peakBytes = std::nullopt; // of all bytes and the most scratch together
};

struct Allocation
{
    std::vector<int> chosen; // index of the choice of each group
    std::int64_t bytes = 0;
    double milliseconds = 0;
    double loss = 0;
    std::int64_t scratchBytes = 0; // the most of any group
    bool feasible = false;         // false: `chosen` is the nearest there is (least relative excess)

    bool operator==(const Allocation &) const = default;
};

// Multiple-choice knapsack: one choice a group, least total loss under the budget. Exact in bytes up to
// the bin width (2048 bins, rounded so that the budget is never exceeded); the latency budget enters
// through a Lagrange multiplier found by bisection. Under a peak budget the scratch that may be taken is searched, too:
// the more of it, the fewer bytes are left. Deterministic.
Allocation solveBudget(const std::vector<std::vector<Choice>> &groups, const Budget &budget);

// What can be saved at which loss: the choices that no other beats in both, from the least of the resource to the least
// loss; along it the resource grows and the loss falls. At most `most` (2 or more) of them, evenly spread over the
// logarithm of the resource, both ends among them. Exact up to the width of 2048 bins, as solveBudget() is.
enum class Resource { Bytes, Milliseconds };
std::vector<Allocation> solveFront(const std::vector<std::vector<Choice>> &groups, Resource resource, std::size_t most);

} // namespace edgeflex
