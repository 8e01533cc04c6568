#pragma once

#include "engine/data/image.h"
#include "plan/preprocessinglint.h"
#include "plan/progress.h"

#include <vector>

namespace edgeflex {

struct PreprocessingLint
{
    PreprocessingLintResult result; // without the contents' numbers
    std::vector<Image> pictures;    // one for each of result.pictures
};

// Judges the model's stated way of preparing images, and usual other ones, on the same search images: each change
// alone, then the best of each kind together where more than one helps. Where the model states nothing, the guess is
// judged as if it were stated. Throws Error where there are too few images, Cancelled between batches.
PreprocessingLint lintPreprocessing(const PreprocessingLintOptions &options, Progress &progress);

} // namespace edgeflex
