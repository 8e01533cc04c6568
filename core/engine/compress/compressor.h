#pragma once

#include "engine/model/vitmodel.h"
#include "engine/profile/tokenstream.h"
#include "plan/outputerror.h"
#include "plan/progress.h"
#include "plan/results.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <map>
#include <string>

namespace edgeflex {

// Makes `model` (FP32) into what `plan` describes, block by block: each block is fitted on the inputs that the
// already compressed blocks before it produce. Where the plan prunes and has a correction, the refit of a pruned MLP's
// fc2 also makes up for that share of how far the residual stream behind it would be from the original model's, and so
// does a refit of every block's proj from the first change on; qkv and fc1 are left alone, as correcting their outputs
// too follows the calibration images too closely. The weights of other untouched layers stay shared. `errors` gets
// relative output errors by layer where known. Throws Error when the model is already compressed or the job would not
// fit.
VitModel compressWeights(const VitModel &model, const CompressionPlan &plan, const CalibrationImages &images,
                         const JobOptions &job, LayerErrors &errors, Progress &progress);

// Throws Error when a layer of `model` is not FP32.
void requireUncompressed(const VitModel &model);

// Reads plan, model and images, compresses and writes a tuned folder with its plan.json.
CompressResult compressModel(const CompressOptions &options, Progress &progress);

// Writes a compressed model as a tuned folder that says what it was made from.
CompressResult writeCompressed(VitModel compressed, const VitModel &source, const CompressionPlan &plan,
                               const std::string &calibration, const CalibrationImages &images,
                               const LayerErrors &errors, const std::string &out);

} // namespace edgeflex
