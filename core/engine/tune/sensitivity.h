#pragma once

#include "engine/model/vitmodel.h"
#include "engine/profile/tokenstream.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"
#include "plan/sensitivity.h"

#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

namespace edgeflex {

// How many images choices are told apart on where nobody says: as many as a pass of so many multiply-accumulates has.
inline constexpr double sensitivityMacs = 2e11;
inline constexpr std::int64_t leastSensitivityImages = 64;
inline constexpr std::int64_t mostSensitivityImages = 500;

// Shares of MLP channels that sensitivity is measured at.
inline constexpr double sensitivityKeeps[] = {0.85, 0.7, 0.5, 0.3};
// The widths they leave of an MLP, descending, without the whole.
std::vector<std::int64_t> sensitivityWidths(std::int64_t mlpWidth, std::span<const double> keeps = sensitivityKeeps);

// Shares of the dimensions of heads that sensitivity is measured at.
inline constexpr double sensitivityHeadKeeps[] = {0.75, 0.5, 0.25};
// The dimensions they leave of `dim` in a model of unpruned heads of `headDim`, descending, without the whole.
std::vector<std::int64_t> sensitivityDims(std::int64_t dim, std::int64_t headDim,
                                          std::span<const double> keeps = sensitivityHeadKeeps);

// How many heads of so many are left where sensitivity is measured, descending, without all of them.
std::vector<int> sensitivityHeadCounts(int heads, std::span<const double> keeps = sensitivityHeadKeeps);

// How far apart two blocks may be whose halves are tried linear together. Between neighbours such a pair costs about
// twice what both do alone; the further apart they are, the less.
inline constexpr int linearPairReach = 3;

// What is to be measured pruned, and at which shares; below the least of them losses are taken to grow as the block's
// error does.
struct SensitivityScope
{
    bool mlp = true;
    bool attention = true;
    bool removal = true; // of whole heads, and of halves of blocks for a linear layer
    bool pairs = false;  // of such halves, in blocks no further than linearPairReach from each other
    std::vector<double> mlpKeeps{std::begin(sensitivityKeeps), std::end(sensitivityKeeps)};
    std::vector<double> headKeeps{std::begin(sensitivityHeadKeeps), std::end(sensitivityHeadKeeps)};
    // Everything but what is tried runs in BF16, FP32 included that answers are compared with.
    bool inBfloat16 = false;
};

// One pass through the blocks: statistics of a block's inputs on the calibration images, then every candidate of
// that block alone, run to the end of the model on the search images; pairs take another pass. FP16 and BF16 hardly change anything and
// are measured for all layers at once, shared evenly; a format whose range the weights exceed is left out with a note.
// Throws Cancelled between images.
Sensitivity measureSensitivity(const VitModel &model, const CompressionPlan &settings,
                               const std::vector<NumberFormat> &formats, const CalibrationImages &calibration,
                               const CalibrationImages &search, const ExecutionTarget &target, Progress &progress,
                               const SensitivityScope &scope = {});

} // namespace edgeflex
