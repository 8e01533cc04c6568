#include "engine/tune/modelsensitivity.h"

#include "engine/compress/compressor.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "engine/model/transformer.h"
#include "engine/tune/sensitivity.h"
#include "engine/tune/tuningimages.h"
#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

SensitivityResult measureModelSensitivity(const SensitivityOptions &options, Progress &progress)
{
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    requireUncompressed(model);
    const TuningImages images =
        chooseTuningImages(options.calibration, options.search, options.images,
                           options.searchImages > 0 ? options.searchImages
                                                    : affordableImages(model.spec, sensitivityMacs,
                                                                       leastSensitivityImages, mostSensitivityImages),
                           withFlips(options.flips, model.spec), progress);
    requireMemory(options.job, sensitivityBytes(model.spec, images.calibration.views(), images.search.views()),
                  "measuring the sensitivity of " + model.spec.name);

    const CompressionPlan settings = identityPlan(model.spec);
    SensitivityResult result;
    result.calibrationImages = static_cast<std::int64_t>(images.calibration.indices.size());
    result.sensitivity =
        measureSensitivity(model, settings, allNumberFormats(), images.calibration, images.search, target, progress);
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
