#pragma once

#include "plan/layertimes.h"
#include "plan/modelspec.h"

#include <string>
#include <vector>

namespace edgeflex {

// What changing one linear layer brings on the machine whose times are asked.
struct LayerGain
{
    std::string layer;             // canonical name
    double beforeMilliseconds = 0; // of a batch, as it was
    double afterMilliseconds = 0;  // as planned

    // Whether it gets faster by more than timing alone may show.
    bool pays() const { return afterMilliseconds < 0.98 * beforeMilliseconds; }
    bool operator==(const LayerGain &) const = default;
};

// Every linear layer whose format, inputs or outputs differ between `original` and `planned`, in execution order, so
// that what would not pay here can be marked before anything is made. Both are of one model. Throws std::out_of_range
// where a format was not timed.
std::vector<LayerGain> layerGains(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned);

} // namespace edgeflex
