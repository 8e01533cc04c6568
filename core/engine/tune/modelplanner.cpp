#include "engine/tune/modelplanner.h"

#include "engine/compress/compressor.h"
#include "engine/compress/planner.h"
#include "engine/model/memoryguard.h"
#include "engine/tune/modelsensitivity.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/error.h"
#include "plan/widthallocation.h"

#include <cstddef>
#include <string>

namespace edgeflex {

CompressionPlan planModel(const PlanOptions &options, Progress &progress)
{
    const VitModel model = openModel(options.model);
    PlanOptions byWeights = options;
    byWeights.uniform = options.uniform || !options.calibration.empty();
    CompressionPlan plan = makePlan(model, byWeights);
    if (options.calibration.empty() || options.uniform || options.mlpKeep == 1)
        return plan;

    requireUncompressed(model);
    const TuningImages images =
        chooseTuningImages(options.calibration, options.search, options.images, options.searchImages,
                           withFlips(options.flips, model.spec), progress);
    requireMemory(options.job, sensitivityBytes(model.spec, images.calibration.views(), images.search.views()),
                  "measuring what the blocks of " + model.spec.name + " can spare");
    CompressionPlan settings = identityPlan(model.spec);
    settings.score = options.score;
    const Sensitivity sensitivity = measureSensitivity(model, settings, {NumberFormat::Fp32}, images.calibration,
                                                       images.search, detectTarget(options.job.threads), progress);
    const std::vector<std::int64_t> widths = allocateWidths(sensitivity.mlpWidths, options.mlpKeep);
    if (widths.empty())
        throw Error("no block was measured with so few channels that " + std::to_string(options.mlpKeep) +
                    " of them stay on average; keep more, or the same share in each with --uniform");
    for (std::size_t i = 0; i < widths.size(); ++i)
        plan.blocks[i].mlpKeep = static_cast<double>(widths[i]) / static_cast<double>(model.spec.blocks[i].mlpWidth());
    return plan;
}

} // namespace edgeflex
