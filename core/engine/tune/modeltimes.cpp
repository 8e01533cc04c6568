#include "engine/tune/modeltimes.h"

#include "engine/compress/compressor.h"
#include "engine/evaluate/measuring.h"
#include "engine/kernels/linear.h"
#include "engine/tune/latencycache.h"
#include "engine/tune/layertiming.h"
#include "plan/error.h"

namespace edgeflex {

LayerTimes measureModelTimes(const TimesOptions &options, Progress &progress)
{
    if (options.batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(options.batch));
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    requireUncompressed(model);
    LatencyCache cache(options.cacheFolder, cpuName(), target);
    if (options.again)
        cache.forget();
    return measureLayerTimes(model, target, identityPlan(model.spec), options.batch, cache, progress);
}

} // namespace edgeflex
