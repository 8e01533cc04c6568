#pragma once

#include <string>
#include <vector>

namespace edgeflex {

// Round values for an axis, ascending: multiples of 1, 2 or 5 times a power of ten within [low, high], `most` (at least
// 2) of them at most. A range that is empty or not finite has none.
std::vector<double> niceTicks(double low, double high, int most = 6);
// The same for a logarithmic axis: 1, 2 and 5 of each power of ten, or powers alone where those are enough. `low`
// must be above 0, else there are none.
std::vector<double> niceLogTicks(double low, double high, int most = 6);
// What to write at them: all with the digits that the finest step needs.
std::vector<std::string> tickTexts(const std::vector<double> &ticks);

} // namespace edgeflex
