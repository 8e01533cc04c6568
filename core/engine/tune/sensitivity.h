#pragma once

#include "engine/compress/tokenstream.h"
#include "engine/model/vitmodel.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <map>
#include <string>
#include <vector>

namespace edgeflex {

// How much the model's answers change when one thing changes: mean KL(FP32 || changed) of the logits in nats over
// the search images. No labels are needed.
struct Sensitivity
{
    std::map<std::string, std::map<NumberFormat, double>> formats; // by layer name; FP32 is 0 and left out
    std::vector<std::map<std::int64_t, double>> mlpWidths;         // by block: kept width -> KL; the whole width is 0
    std::int64_t images = 0;

    bool measured(const std::string &layer, NumberFormat format) const;
    double formatLoss(const std::string &layer, NumberFormat format) const;
    // Between measured widths: linear.
    double widthLoss(int block, std::int64_t width) const;
};

// Shares of MLP channels that sensitivity is measured at.
inline constexpr double sensitivityKeeps[] = {0.875, 0.75, 0.625, 0.5};

// One pass through the blocks: statistics of a block's inputs on the calibration images, then every candidate of
// that block alone, run to the end of the model on the search images. FP16 and BF16 hardly change anything and
// are measured for all layers at once, shared evenly; a format whose range the weights exceed is left out with a note.
Sensitivity measureSensitivity(const VitModel &model, const CompressionPlan &settings,
                               const std::vector<NumberFormat> &formats, const CalibrationImages &calibration,
                               const CalibrationImages &search, const ExecutionTarget &target, Progress &progress);

} // namespace edgeflex
