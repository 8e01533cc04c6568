#pragma once

#include "plan/benchmark.h"
#include "plan/progress.h"

namespace edgeflex {

// Times and measures models beside other runtimes. Of an original model every plan of the options is made by
// plainVariant(); a tuned one is taken as it is, beside the original that it was made from. All contenders of a model
// and a batch size take turns in one process; memory is measured in a fresh process for each of ours. A peer that is
// missing or refuses the model is told of in the notes. Throws Error, Cancelled.
Benchmark benchmark(const BenchOptions &options, Progress &progress);

} // namespace edgeflex
