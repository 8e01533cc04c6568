#pragma once

#include "plan/editspeed.h"

#include <string>

namespace edgeflex::cli {

// "0.52 (0.50 to 0.55)", in milliseconds.
std::string timeText(const TimeSpread &time);
// "each layer alone, batch 1, 2 threads, AVX2, AMD EPYC".
std::string timesConditions(const LayerTimes &times);
// A line for each edit of the plan that does not pay here, with both times; empty where all do.
std::string slowEditsText(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned);

} // namespace edgeflex::cli
