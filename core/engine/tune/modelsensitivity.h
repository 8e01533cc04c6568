#pragma once

#include "engine/model/vitmodel.h"
#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

#include <cstdint>

namespace edgeflex {

// Opens the model and the images and measures what the predictor and the solver need to know: what every layer's
// formats, and every block's cuts, cost in accuracy, each alone, and pairs of linear halves (see measureSensitivity).
SensitivityResult measureModelSensitivity(const SensitivityOptions &options, Progress &progress);

// Bytes that measuring sensitivities takes: two packed models, the images' tokens (the search images' twice, where
// candidates run on a copy), and one block's Gram matrices with room to solve.
std::int64_t sensitivityBytes(const ModelSpec &spec, std::int64_t calibrationImages, std::int64_t searchImages);

} // namespace edgeflex
