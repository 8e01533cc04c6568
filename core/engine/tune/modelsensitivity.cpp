#include "engine/tune/modelsensitivity.h"

#include "engine/compress/compressor.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "engine/model/transformer.h"
#include "engine/tune/sensitivityestimate.h"
#include "engine/tune/tuningimages.h"
#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

SensitivityResult measureModelSensitivity(const SensitivityOptions &options, Progress &progress)
{
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    requireUncompressed(model);
    std::int64_t searchImages = options.searchImages;
    std::int64_t calibrationImages = options.images;
    if (options.estimate) {
        searchImages = affordableImages(model.spec, estimateMacs, leastEstimateImages, mostEstimateImages);
        calibrationImages = std::min(calibrationImages, 2 * searchImages);
    } else if (searchImages == 0) {
        searchImages = affordableImages(model.spec, sensitivityMacs, leastSensitivityImages, mostSensitivityImages);
    }
    const TuningImages images = chooseTuningImages(options.calibration, options.search, calibrationImages, searchImages,
                                                   !options.estimate && withFlips(options.flips, model.spec), progress);
    const auto linearHalves = options.estimate ? 0
                                               : static_cast<std::int64_t>(2 * model.spec.blocks.size()) *
                                                     model.spec.width * model.spec.width * 4;
    requireMemory(options.job,
                  sensitivityBytes(model.spec, images.calibration.views(), images.search.views()) + linearHalves,
                  "measuring the sensitivity of " + model.spec.name);

    SensitivityScope scope;
    scope.pairs = true;
    SensitivityResult result;
    result.calibrationImages = static_cast<std::int64_t>(images.calibration.indices.size());
    result.sensitivity = options.estimate
                             ? estimateSensitivity(model, images.calibration, images.search, target, progress)
                             : measureSensitivity(model, identityPlan(model.spec), allNumberFormats(),
                                                  images.calibration, images.search, target, progress, scope);
    return result;
}

std::int64_t sensitivityBytes(const ModelSpec &spec, std::int64_t calibrationImages, std::int64_t searchImages)
{
    std::int64_t statistics = 0;
    for (const BlockSpec &block : spec.blocks) {
        std::int64_t bytes = 24 * block.fc2.inFeatures * block.fc2.inFeatures;
        for (const LinearSpec *linear : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            bytes += StatisticsCollector::bytes(linear->inFeatures, StatisticsCollector::Depth::Gram);
        statistics = std::max(statistics, bytes);
    }
    return 2 * weightBytes(spec) + TokenStream::bytes(calibrationImages + 2 * searchImages, spec) + statistics;
}

} // namespace edgeflex
