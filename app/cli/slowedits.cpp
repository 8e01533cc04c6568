#include "cli/slowedits.h"

#include <cstdio>

namespace edgeflex::cli {

std::string timeText(const TimeSpread &time)
{
    char text[96];
    if (time.hasSpread())
        std::snprintf(text, sizeof text, "%.3g (%.3g to %.3g)", time.median, time.low, time.high);
    else
        std::snprintf(text, sizeof text, "%.3g", time.median);
    return text;
}

std::string timesConditions(const LayerTimes &times)
{
    return "each layer alone, batch " + std::to_string(times.batch) + ", " + std::to_string(times.target.threads) +
           (times.target.threads == 1 ? " thread, " : " threads, ") + times.target.instructionSet + ", " +
           times.machine + "; INT4 in groups of " + std::to_string(times.int4GroupSize) + ", fc2 with AWQ's scales";
}

std::string slowEditsText(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned)
{
    std::string text;
    for (const SlowEdit &slow : editsThatDoNotPay(times, original, planned))
        text += "not faster here: " + slow.edit + ", " + timeText(slow.speed.edited) + " ms instead of " +
                timeText(slow.speed.original) + (slow.speed.interpolated ? ", by the nearest measured widths\n" : "\n");
    return text.empty() ? text : text + "(" + timesConditions(times) + ")\n";
}

} // namespace edgeflex::cli
