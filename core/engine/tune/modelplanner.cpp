#include "engine/tune/modelplanner.h"

#include "engine/compress/compressor.h"
#include "engine/compress/planner.h"
#include "engine/model/memoryguard.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/keepallocation.h"
#include "plan/predictor.h"

#include <algorithm>

namespace edgeflex {
namespace {

// Has the `linear` blocks among `losses` keep everything, and says what all keep on average where the others keep
// `keep`.
double keepWithout(const std::vector<std::int64_t> &linear, std::vector<std::map<std::int64_t, double>> &losses,
                   double keep)
{
    double all = 0;
    double whole = 0; // of those
    for (std::size_t i = 0; i < losses.size(); ++i) {
        const std::int64_t width = losses[i].rbegin()->first;
        all += static_cast<double>(width);
        if (std::ranges::find(linear, static_cast<std::int64_t>(i)) == linear.end())
            continue;
        whole += static_cast<double>(width);
        losses[i] = {{width, 0.0}};
    }
    return (keep * (all - whole) + whole) / all;
}

} // namespace

CompressionPlan planModel(const PlanOptions &options, Progress &progress)
{
    const VitModel model = openModel(options.model);
    PlanOptions byWeights = options;
    byWeights.uniform = options.uniform || !options.calibration.empty();
    CompressionPlan plan = makePlan(model, byWeights);
    SensitivityScope pruned;
    pruned.mlp = options.mlpKeep < 1;
    pruned.attention = options.attentionKeep < 1;
    pruned.removal = false;
    if (options.calibration.empty() || options.uniform || !(pruned.mlp || pruned.attention))
        return plan;

    requireUncompressed(model);
    const TuningImages images =
        chooseTuningImages(options.calibration, options.search, options.images, options.searchImages,
                           withFlips(options.flips, model.spec), progress);
    requireMemory(options.job, sensitivityBytes(model.spec, images.calibration.views(), images.search.views()),
                  "measuring what the blocks of " + model.spec.name + " can spare");
    CompressionPlan settings = identityPlan(model.spec);
    settings.score = options.score;
    Sensitivity sensitivity = measureSensitivity(model, settings, {NumberFormat::Fp32}, images.calibration,
                                                 images.search, detectTarget(options.job.threads), progress, pruned);
    Predictor predictor(model.spec, detectTarget(options.job.threads), ScheduleKind::Tight, 1);
    predictor.setSensitivity(sensitivity);
    // What goes altogether takes no part in what the others share out.
    CompressionPlan shared = plan;
    for (BlockPlan &block : shared.blocks) {
        block.headKeep = 1;
        block.mlpKeep = block.mlpKeep > 0 ? block.mlpKeep : 1;
    }
    if (pruned.mlp) {
        const double keep = keepWithout(options.linearMlp, sensitivity.mlpWidths, options.mlpKeep);
        allocateMlpKeeps(predictor, sensitivity, keep, shared, progress);
    }
    if (pruned.attention) {
        const double keep = keepWithout(options.linearAttention, sensitivity.qkDims, options.attentionKeep);
        keepWithout(options.linearAttention, sensitivity.voDims, options.attentionKeep);
        allocateAttentionKeeps(predictor, sensitivity, keep, shared, progress);
    }
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        BlockPlan &block = plan.blocks[i];
        block.qkKeep = shared.blocks[i].qkKeep;
        block.voKeep = shared.blocks[i].voKeep;
        if (block.mlpKeep > 0)
            block.mlpKeep = shared.blocks[i].mlpKeep;
    }
    return plan;
}

} // namespace edgeflex
