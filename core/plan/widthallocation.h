#pragma once

#include <cstdint>
#include <map>
#include <vector>

namespace edgeflex {

// A width for every block, of least total loss among those that keep at most `keep` of all channels together.
// `losses`: by block, what each width that it may have costs; the greatest is the whole. Empty where even the least
// widths keep more. Deterministic.
std::vector<std::int64_t> allocateWidths(const std::vector<std::map<std::int64_t, double>> &losses, double keep);

} // namespace edgeflex
