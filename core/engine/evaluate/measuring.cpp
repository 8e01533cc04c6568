#include "engine/evaluate/measuring.h"

#include "engine/compress/linalg.h"
#include "engine/evaluate/latency.h"
#include "engine/kernels/gemm.h"
#include "plan/error.h"
#include "plan/memorytimeline.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <vector>

namespace edgeflex {

namespace {

std::string utcNow()
{
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    char text[sizeof "2000-01-01T00:00:00Z"] = {};
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return text;
}

// One batch of the images, repeated from the start where there are fewer than that.
std::vector<float> firstBatch(const BatchReader &reader, int batch)
{
    const std::int64_t each = reader.imageFloats();
    std::vector<float> pixels(static_cast<std::size_t>(batch * each));
    for (int i = 0; i < batch; ++i)
        reader.readImage(i % reader.images(), pixels.data() + i * each);
    return pixels;
}

// By the images' places in the data set, whatever the order in which they were judged.
JudgedAnswers answersOf(const AccuracyCounter &counter, const BatchReader &reader, const std::string &images)
{
    std::vector<WrongAnswer> wrong = counter.wrong();
    for (WrongAnswer &each : wrong)
        each.image = reader.index(each.image);
    std::ranges::sort(wrong, {}, &WrongAnswer::image);
    return {images, counter.images(), std::move(wrong)};
}

} // namespace

void requireMeasurable(int batch, int repeats)
{
    if (batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(batch));
    if (repeats < 0)
        throw Error("the number of repeats must be 0 or more, not " + std::to_string(repeats));
}

std::int64_t measuringBytes(const ModelSpec &spec, ScheduleKind kind, int batch, const ExecutionTarget &target)
{
    std::int64_t most = 0;
    for (const int size : {batch, judgingBatch}) {
        const std::int64_t pixels = 4LL * size * spec.channels * spec.imageHeight * spec.imageWidth;
        most = std::max(most, makeTimeline(makeSchedule(spec, kind, size, target)).peakBytes() + pixels);
    }
    return most;
}

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

Measurement measureLoaded(const Measuring &measuring, Progress &progress)
{
    const Transformer &model = measuring.model->transformer();
    const Transformer *baseline = measuring.baseline ? &measuring.baseline->transformer() : nullptr;
    Measurement result;
    result.conditions = describeConditions(model.target());
    result.conditions.schedule = measuring.schedule;
    result.conditions.batch = measuring.batch;
    result.conditions.repeats = measuring.repeats;
    result.conditions.dataset = measuring.dataset;
    result.conditions.images = measuring.reader->images();
    result.weightsBytes = measuring.model->weightsBytes();
    result.peakMemory.processBytes = result.peakMemory.idleProcessBytes = -1;

    const AccuracyCounter counter =
        judge(baseline ? &model : nullptr, *measuring.reference, *measuring.reader, model.spec().classes(), progress);
    result.images = counter.images();
    result.top1 = counter.top1();
    result.top5 = counter.top5();
    result.answers = answersOf(counter, *measuring.reader, measuring.images);

    const std::vector<float> pixels = firstBatch(*measuring.reader, measuring.batch);
    result.peakMemory.allocatorBytes =
        measuring.model->allocatorPeak(measuring.schedule, measuring.batch, pixels.data(), progress);
    LatencySamples samples;
    if (measuring.repeats > 0) {
        samples = sampleLatency(model, baseline, measuring.schedule, measuring.batch, pixels.data(), measuring.repeats,
                                progress);
        result.latency = samples.latency(measuring.batch);
    }
    if (!baseline)
        return result;
    BaselineComparison comparison;
    comparison.baseline = measuring.baselineName;
    comparison.baselineTop1 = counter.baselineTop1();
    comparison.agreement = counter.agreement();
    comparison.klMean = counter.klMean();
    comparison.drop = counter.drop();
    if (measuring.repeats > 0) {
        comparison.latencyRatio = samples.ratio();
        comparison.baselineLatency = samples.baselineLatency(measuring.batch);
    }
    comparison.weightsRatio =
        static_cast<double>(result.weightsBytes) / static_cast<double>(measuring.baseline->weightsBytes());
    comparison.peakRatio = static_cast<double>(result.peakMemory.allocatorBytes) /
                           static_cast<double>(measuring.baseline->allocatorPeak(measuring.schedule, measuring.batch,
                                                                                 pixels.data(), progress));
    result.againstBaseline = comparison;
    return result;
}

} // namespace edgeflex
