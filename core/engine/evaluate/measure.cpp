#include "engine/evaluate/measure.h"

#include "engine/evaluate/measuring.h"
#include "engine/evaluate/peakmemory.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "plan/error.h"

#include <optional>

namespace edgeflex {

namespace {

void requireSameTask(const VitModel &model, const VitModel &baseline)
{
    const ModelSpec &a = model.spec;
    const ModelSpec &b = baseline.spec;
    if (a.classes() != b.classes() || a.channels != b.channels)
        throw Error(baseline.path + " cannot be the baseline of " + model.path + ": it has " +
                    std::to_string(b.classes()) + " classes and " + std::to_string(b.channels) + " channels, not " +
                    std::to_string(a.classes()) + " and " + std::to_string(a.channels));
    if (a.imageHeight != b.imageHeight || a.imageWidth != b.imageWidth || a.preprocessing != b.preprocessing)
        throw Error(baseline.path + " cannot be the baseline of " + model.path +
                    ": they preprocess images differently; give both the same --mean, --std, --resize and --crop");
}

} // namespace

Measurement measureModel(const MeasureOptions &options, Progress &progress)
{
    requireMeasurable(options.batch, options.repeats);
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    std::int64_t needed = measuringBytes(model.spec, options.schedule, options.batch, target);
    std::optional<VitModel> baselineModel;
    if (options.baseline) {
        baselineModel = openModel(*options.baseline);
        requireSameTask(model, *baselineModel);
        needed += measuringBytes(baselineModel->spec, options.schedule, options.batch, target);
    }
    requireMemory(options.job, needed, "measuring " + model.spec.name + " at batch " + std::to_string(options.batch));

    const auto dataset = openDataset(options.data);
    const std::vector<std::int64_t> images = spreadIndices(dataset->size(), options.images);
    const BatchReader reader(*dataset, spreadOrder(images), model.spec, judgingBatch);
    PeakMemory process{0, -1, -1};
    if (options.processMemory) {
        progress.stage("process memory", 0);
        const ProcessPeak peak = measureFreshProcess(options.engineExecutable, options.model, options.schedule,
                                                     options.batch, 1, target.threads, progress);
        process.processBytes = peak.peakBytes - peak.idleBytes;
        process.idleProcessBytes = peak.idleBytes;
    }

    const LoadedModel variant(model, target, progress);
    std::optional<LoadedModel> baseline;
    if (baselineModel)
        baseline.emplace(*baselineModel, target, progress);
    Answers reference((baseline ? *baseline : variant).transformer(), reader, 0);

    Measuring measuring;
    measuring.model = &variant;
    measuring.baseline = baseline ? &*baseline : nullptr;
    measuring.baselineName = options.baseline ? options.baseline->path : std::string();
    measuring.reference = &reference;
    measuring.reader = &reader;
    measuring.dataset = options.data;
    measuring.images = dataIdentity(*dataset, images);
    measuring.schedule = options.schedule;
    measuring.batch = options.batch;
    measuring.repeats = options.repeats;
    Measurement result = measureLoaded(measuring, progress);
    result.model = options.model.path;
    result.peakMemory.processBytes = process.processBytes;
    result.peakMemory.idleProcessBytes = process.idleProcessBytes;
    return result;
}

} // namespace edgeflex
