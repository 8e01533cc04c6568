#include "engine/tune/modeltimes.h"

#include "engine/compress/compressor.h"
#include "engine/evaluate/measuring.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "engine/tune/latencycache.h"
#include "engine/tune/layertiming.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

namespace edgeflex {

LayerTimes measureModelTimes(const TimesOptions &options, Progress &progress)
{
    if (options.batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(options.batch));
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    requireUncompressed(model);
    LatencyCache cache(options.cacheFolder, cpuName(), threadWaits(), target);
    if (options.again)
        cache.forget();
    CompressionPlan settings = identityPlan(model.spec);
    settings.int4GroupSize = options.int4GroupSize;
    if (!cache.pass(modelShapeKey(model.spec, options.batch)))
        requireMemory(
            options.job,
            weightBytes(model.spec) +
                makeTimeline(makeSchedule(model.spec, ScheduleKind::Tight, options.batch, target)).peakBytes(),
            "timing " + model.spec.name);
    return measureLayerTimes(model, target, settings, options.batch, cache, progress);
}

} // namespace edgeflex
