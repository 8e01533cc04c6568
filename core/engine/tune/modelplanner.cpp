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
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgeflex {

CompressionPlan planModel(const PlanOptions &options, Progress &progress)
{
    const VitModel model = openModel(options.model);
    PlanOptions byWeights = options;
    byWeights.uniform = options.uniform || !options.calibration.empty();
    CompressionPlan plan = makePlan(model, byWeights);
    const Prunable pruned{options.mlpKeep < 1, options.attentionKeep < 1};
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
    // Shares of the whole, which is the greatest of what was measured.
    const auto shares = [](const std::vector<std::map<std::int64_t, double>> &losses, double keep, const char *what) {
        const std::vector<std::int64_t> widths = allocateWidths(losses, keep);
        if (widths.empty())
            throw Error(std::string("no block was measured with so few ") + what + " that " + std::to_string(keep) +
                        " of them stay on average; keep more, or the same share in each with --uniform");
        std::vector<double> result;
        for (std::size_t i = 0; i < widths.size(); ++i)
            result.push_back(static_cast<double>(widths[i]) / static_cast<double>(losses[i].rbegin()->first));
        return result;
    };
    const std::size_t blocks = plan.blocks.size();
    if (pruned.mlp) {
        const std::vector<double> keeps = shares(sensitivity.mlpWidths, options.mlpKeep, "channels");
        for (std::size_t i = 0; i < blocks; ++i)
            plan.blocks[i].mlpKeep = keeps[i];
    }
    if (pruned.attention) {
        auto losses = sensitivity.qkDims; // all of them, then all values
        losses.insert(losses.end(), sensitivity.voDims.begin(), sensitivity.voDims.end());
        const std::vector<double> keeps = shares(losses, options.attentionKeep, "dimensions of heads");
        for (std::size_t i = 0; i < blocks; ++i) {
            plan.blocks[i].qkKeep = keeps[i];
            plan.blocks[i].voKeep = keeps[blocks + i];
        }
    }
    return plan;
}

} // namespace edgeflex
