#pragma once

#include "plan/preprocessinglint.h"
#include "plan/progress.h"

namespace edgeflex {

// Judges the model's stated way of preparing images, and usual other ones, on the same search images: each change
// alone, then the best of each kind together where more than one helps. Where the model states nothing, the guess is
// judged as if it were stated. Throws Error where there are too few images, Cancelled between batches.
PreprocessingLintResult lintPreprocessing(const PreprocessingLintOptions &options, Progress &progress);

} // namespace edgeflex
