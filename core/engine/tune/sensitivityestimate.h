#pragma once

#include "engine/tune/sensitivity.h"

namespace edgeflex {

// How many images an estimate tells choices apart on: as many as a pass of so many multiply-accumulates has. It is
// calibrated on twice as many.
inline constexpr double estimateMacs = 4e10;
inline constexpr std::int64_t leastEstimateImages = 8;
inline constexpr std::int64_t mostEstimateImages = 128;

// A sensitivity within a minute for a ViT-Base, to predict with until measureSensitivity() is through: of each layer
// one choice is measured, in its quickest form, and what others cost is taken from how their errors compare with that
// one's. Rounding is measured as INT4, to the nearest; channels are ordered by FLAP's score and half of them removed.
// Has no logit shifts. Throws Cancelled between images.
Sensitivity estimateSensitivity(const VitModel &model, const CalibrationImages &calibration,
                                const CalibrationImages &search, const ExecutionTarget &target, Progress &progress);

} // namespace edgeflex
