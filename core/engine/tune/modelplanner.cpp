#include "engine/tune/modelplanner.h"

#include "engine/compress/compressor.h"
#include "engine/compress/planner.h"
#include "engine/model/memoryguard.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/keepallocation.h"
#include "plan/predictor.h"

namespace edgeflex {

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
    const Sensitivity sensitivity =
        measureSensitivity(model, settings, {NumberFormat::Fp32}, images.calibration, images.search,
                           detectTarget(options.job.threads), progress, pruned);
    Predictor predictor(model.spec, detectTarget(options.job.threads), ScheduleKind::Tight, 1);
    predictor.setSensitivity(sensitivity);
    if (pruned.mlp)
        allocateMlpKeeps(predictor, sensitivity, options.mlpKeep, plan, progress);
    if (pruned.attention)
        allocateAttentionKeeps(predictor, sensitivity, options.attentionKeep, plan, progress);
    return plan;
}

} // namespace edgeflex
