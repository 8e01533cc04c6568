#pragma once

#include "plan/layertimes.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// How long a model's layers take on this machine in every format and at the widths that are tried, INT4 in groups of
// the size asked for. What the machine's latency table knows is not measured again; what is not known is
// measured and added to it, a product at a time, so that a job that is stopped has lost only the one it was at. The
// weights are read only if a whole pass of a model of this shape was never timed. Throws Error, and Cancelled.
LayerTimes measureModelTimes(const TimesOptions &options, Progress &progress);

} // namespace edgeflex
