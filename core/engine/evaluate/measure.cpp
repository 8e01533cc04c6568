#include "engine/evaluate/measure.h"

#include "engine/compress/linalg.h"
#include "engine/data/dataset.h"
#include "engine/evaluate/accuracy.h"
#include "engine/evaluate/latency.h"
#include "engine/evaluate/peakmemory.h"
#include "engine/kernels/gemm.h"
#include "engine/model/memoryguard.h"
#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "plan/error.h"
#include "plan/memorytimeline.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <memory>
#include <vector>

namespace edgeflex {

namespace {

constexpr int accuracyBatch = 8; // answers do not depend on it

// A model loaded for measuring, and what loading it added to the allocator.
struct Loaded
{
    Loaded(const VitModel &model, const ExecutionTarget &target, Progress &progress)
        : before(hostallocator::liveBytes()), transformer(model, target, progress),
          weightsBytes(hostallocator::liveBytes() - before)
    {
    }

    std::int64_t allocatorPeak(ScheduleKind kind, int batch, const float *pixels, Progress &progress) const
    {
        std::vector<float> logits(static_cast<std::size_t>(batch * transformer.spec().classes()));
        const std::int64_t live = hostallocator::liveBytes();
        hostallocator::resetPeak();
        transformer.run(transformer.schedule(kind, batch), pixels, logits.data(), progress);
        return weightsBytes + hostallocator::peakBytes() - live;
    }

    std::int64_t before;
    Transformer transformer;
    std::int64_t weightsBytes;
};

std::string cpuName()
{
    std::ifstream file("/proc/cpuinfo");
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("model name"))
            return line.substr(line.find(':') + 2);
    }
    return "unknown CPU";
}

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[sizeof "2000-01-01T00:00:00Z"] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

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

std::int64_t estimate(const VitModel &model, ScheduleKind kind, int batch, const ExecutionTarget &target)
{
    std::int64_t most = 0;
    for (const int size : {batch, accuracyBatch}) {
        const std::int64_t pixels = 4LL * size * model.spec.channels * model.spec.imageHeight * model.spec.imageWidth;
        most = std::max(most, makeTimeline(makeSchedule(model.spec, kind, size, target)).peakBytes() + pixels);
    }
    return most;
}

void measureAccuracy(const Transformer &variant, const Transformer *baseline, const BatchReader &reader,
                     AccuracyCounter &counter, Progress &progress)
{
    const std::int64_t classes = variant.spec().classes();
    std::vector<float> pixels;
    std::vector<int> labels;
    std::vector<float> ours(static_cast<std::size_t>(accuracyBatch * classes));
    std::vector<float> theirs(ours.size());
    progress.stage("accuracy", reader.images());
    for (std::int64_t batch = 0; batch < reader.batches(); ++batch) {
        const auto images = static_cast<int>(reader.read(batch, pixels, labels));
        variant.run(variant.schedule(ScheduleKind::Tight, images), pixels.data(), ours.data(), progress);
        if (baseline)
            baseline->run(baseline->schedule(ScheduleKind::Tight, images), pixels.data(), theirs.data(), progress);
        for (int i = 0; i < images; ++i) {
            if (baseline)
                counter.add(ours.data() + i * classes, theirs.data() + i * classes, labels[static_cast<std::size_t>(i)]);
            else
                counter.add(ours.data() + i * classes, labels[static_cast<std::size_t>(i)]);
        }
        progress.step(counter.images());
    }
}

// One batch of the data, repeated from the start where there are fewer images than that.
std::vector<float> firstBatch(const Dataset &dataset, const std::vector<std::int64_t> &indices, const ModelSpec &spec,
                              int batch)
{
    std::vector<std::int64_t> chosen;
    for (int i = 0; i < batch; ++i)
        chosen.push_back(indices[static_cast<std::size_t>(i) % indices.size()]);
    std::vector<float> pixels;
    std::vector<int> labels;
    BatchReader(dataset, chosen, spec, batch).read(0, pixels, labels);
    return pixels;
}

} // namespace

Conditions describeConditions(const ExecutionTarget &target)
{
    Conditions conditions;
    conditions.machine = cpuName();
    conditions.target = target;
    conditions.edgeflexVersion = EDGEFLEX_VERSION;
    conditions.oneDnnVersion = oneDnnVersion();
    conditions.libTorchVersion = linalg::libTorchVersion();
    conditions.dateUtc = utcNow();
    return conditions;
}

Measurement measureModel(const MeasureOptions &options, Progress &progress)
{
    if (options.batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(options.batch));
    if (options.repeats < 0)
        throw Error("the number of repeats must be 0 or more, not " + std::to_string(options.repeats));
    const ExecutionTarget target = detectTarget(options.job.threads);
    const VitModel model = openModel(options.model);
    std::int64_t needed = estimate(model, options.schedule, options.batch, target);
    std::optional<VitModel> baselineModel;
    if (options.baseline) {
        baselineModel = openModel(*options.baseline);
        requireSameTask(model, *baselineModel);
        needed += estimate(*baselineModel, options.schedule, options.batch, target);
    }
    requireMemory(options.job, needed, "measuring " + model.spec.name + " at batch " + std::to_string(options.batch));

    const auto dataset = openDataset(options.data);
    const auto indices = spreadIndices(dataset->size(), options.images);
    const BatchReader reader(*dataset, indices, model.spec, accuracyBatch);

    Measurement result;
    result.model = options.model.path;
    result.conditions = describeConditions(target);
    result.conditions.schedule = options.schedule;
    result.conditions.batch = options.batch;
    result.conditions.repeats = options.repeats;
    result.conditions.dataset = options.data;
    result.conditions.images = reader.images();
    if (options.processMemory) {
        progress.stage("process memory", 0);
        const ProcessPeak peak = measureFreshProcess(options.engineExecutable, options.model, options.schedule,
                                                     options.batch, target.threads, progress);
        result.peakMemory.processBytes = peak.peakBytes - peak.idleBytes;
        result.peakMemory.idleProcessBytes = peak.idleBytes;
    } else {
        result.peakMemory.processBytes = result.peakMemory.idleProcessBytes = -1;
    }

    const Loaded variant(model, target, progress);
    std::unique_ptr<Loaded> baseline;
    if (baselineModel)
        baseline = std::make_unique<Loaded>(*baselineModel, target, progress);
    result.weightsBytes = variant.weightsBytes;

    AccuracyCounter counter(model.spec.classes());
    measureAccuracy(variant.transformer, baseline ? &baseline->transformer : nullptr, reader, counter, progress);
    result.images = counter.images();
    result.top1 = counter.top1();
    result.top5 = counter.top5();

    const std::vector<float> pixels = firstBatch(*dataset, indices, model.spec, options.batch);
    result.peakMemory.allocatorBytes = variant.allocatorPeak(options.schedule, options.batch, pixels.data(), progress);
    LatencySamples samples;
    if (options.repeats > 0) {
        samples = sampleLatency(variant.transformer, baseline ? &baseline->transformer : nullptr, options.schedule,
                                options.batch, pixels.data(), options.repeats, progress);
        result.latency = samples.latency(options.batch);
    }
    if (baseline) {
        BaselineComparison comparison;
        comparison.baseline = options.baseline->path;
        comparison.baselineTop1 = counter.baselineTop1();
        comparison.agreement = counter.agreement();
        comparison.klMean = counter.klMean();
        comparison.drop = counter.drop();
        if (options.repeats > 0)
            comparison.latencyRatio = samples.ratio();
        comparison.weightsRatio =
            static_cast<double>(variant.weightsBytes) / static_cast<double>(baseline->weightsBytes);
        comparison.peakRatio =
            static_cast<double>(result.peakMemory.allocatorBytes) /
            static_cast<double>(baseline->allocatorPeak(options.schedule, options.batch, pixels.data(), progress));
        result.againstBaseline = comparison;
    }
    return result;
}

} // namespace edgeflex
