#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

namespace edgeflex {

// A width for every block, of least total loss among those that keep at most `keep` of all channels together.
// `losses`: by block, what each width that it may have costs; the greatest is the whole. Empty where even the least
// widths keep more. Deterministic.
std::vector<std::int64_t> allocateWidths(const std::vector<std::map<std::int64_t, double>> &losses, double keep);

// The same widths with as many channels at most, exchanged between blocks as long as that lowers `loss` of all of them
// together, which need not be a sum over the blocks: a block takes what is left, or what another that gives up one or
// two of its widths frees, the best such exchange first. Deterministic; ends where no exchange helps.
std::vector<std::int64_t> exchangeWidths(const std::vector<std::map<std::int64_t, double>> &losses,
                                         std::vector<std::int64_t> widths, double keep,
                                         const std::function<double(const std::vector<std::int64_t> &)> &loss);

} // namespace edgeflex
