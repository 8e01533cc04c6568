#include "engine/profile/profiler.h"

#include "engine/data/dataset.h"
#include "engine/model/memoryguard.h"
#include "engine/profile/castriskcollector.h"
#include "engine/profile/histogramcollector.h"
#include "engine/profile/statisticscollector.h"
#include "engine/tensor/hostallocator.h"
#include "plan/error.h"
#include "plan/linearlayout.h"
#include "plan/quantity.h"
#include "plan/statistics.h"

#include <map>
#include <utility>

namespace edgeflex {

namespace {

// Times of one pass after another, with nothing else in the way.
class Stopwatch : public ExecutionObserver
{
public:
    Stopwatch(std::size_t linears, std::size_t operations)
        : m_current(linears), m_linears(linears), m_operations(operations)
    {
    }

    bool needsInputs() const override { return false; }
    void linearInput(int, const float *, std::int64_t) override {}
    void linearDone(int linear, double milliseconds) override
    {
        m_current[static_cast<std::size_t>(linear)] += milliseconds;
    }
    void operationDone(int operation, double milliseconds) override
    {
        m_operations[static_cast<std::size_t>(operation)].push_back(milliseconds);
    }

    void endPass()
    {
        for (std::size_t i = 0; i < m_current.size(); ++i)
            m_linears[i].push_back(std::exchange(m_current[i], 0));
    }

    double linearMs(std::size_t linear) const { return median(m_linears[linear]); }
    double operationMs(std::size_t operation) const { return median(m_operations[operation]); }

private:
    std::vector<double> m_current;
    std::vector<std::vector<double>> m_linears;
    std::vector<std::vector<double>> m_operations;
};

// Two observers of one pass that care for inputs only.
class Both : public ExecutionObserver
{
public:
    Both(ExecutionObserver &first, ExecutionObserver &second) : m_first(first), m_second(second) {}

    void linearInput(int linear, const float *x, std::int64_t rows) override
    {
        m_first.linearInput(linear, x, rows);
        m_second.linearInput(linear, x, rows);
    }
    void linearDone(int, double) override {}
    void operationDone(int, double) override {}

private:
    ExecutionObserver &m_first;
    ExecutionObserver &m_second;
};

std::map<int, StatisticsCollector::Depth> allChannels(const ModelSpec &spec)
{
    std::map<int, StatisticsCollector::Depth> layers;
    const auto linears = spec.linears();
    for (std::size_t i = 0; i < linears.size(); ++i) {
        if (!linears[i]->isAbsent())
            layers[static_cast<int>(i)] = StatisticsCollector::Depth::Channels;
    }
    return layers;
}

int blockOf(const std::string &layer)
{
    return layer.starts_with("blocks.") ? std::stoi(layer.substr(7)) : -1;
}

} // namespace

ActivationProfile profileModel(const ProfileOptions &options, Progress &progress)
{
    if (options.batch < 1)
        throw Error("the batch size must be at least 1, not " + std::to_string(options.batch));
    const VitModel model = openModel(options.model);
    const auto dataset = openDataset(options.calibration);
    const ExecutionTarget target = detectTarget(options.job.threads);
    const Schedule schedule = makeSchedule(model.spec, options.schedule, options.batch, target);
    const MemoryTimeline timeline = makeTimeline(schedule);
    requireMemory(options.job, timeline.peakBytes(),
                  "profiling " + model.spec.name + " at batch " + std::to_string(options.batch));

    BatchReader reader(*dataset, spreadIndices(dataset->size(), options.images), model.spec, options.batch);
    const std::int64_t before = hostallocator::liveBytes();
    const Transformer transformer(model, target, progress);

    ActivationProfile profile;
    profile.model = options.model.path;
    profile.batch = options.batch;
    profile.target = target;
    profile.schedule = schedule;
    profile.timeline = timeline;
    profile.eagerPeakBytes =
        makeTimeline(makeSchedule(model.spec, ScheduleKind::Eager, options.batch, target)).peakBytes();

    StatisticsCollector statistics(model.spec, allChannels(model.spec));
    CastRiskCollector risks(model);
    HistogramCollector histograms(model.spec);
    Stopwatch stopwatch(model.spec.linears().size(), schedule.operations.size());
    std::vector<float> pixels;
    std::vector<int> labels;
    std::vector<float> logits(static_cast<std::size_t>(options.batch * model.spec.classes()));
    progress.stage("profiling", reader.batches());
    for (std::int64_t batch = 0; batch < reader.batches(); ++batch) {
        const std::int64_t images = reader.read(batch, pixels, labels);
        const bool whole = images == options.batch;
        const Schedule ran =
            whole ? schedule : makeSchedule(model.spec, options.schedule, static_cast<int>(images), target);
        // Times come from a pass that only times; statistics from one that only counts.
        if (whole) {
            if (batch == 0)
                transformer.run(ran, pixels.data(), logits.data(), progress); // warm up
            hostallocator::resetPeak();
            transformer.run(ran, pixels.data(), logits.data(), progress, &stopwatch);
            stopwatch.endPass();
            profile.measuredPeakBytes = std::max(profile.measuredPeakBytes, hostallocator::peakBytes() - before);
        }
        Both channels(statistics, histograms);
        Both observers(channels, risks);
        transformer.run(ran, pixels.data(), logits.data(), progress, &observers);
        profile.images += images;
        progress.step(batch + 1);
    }
    if (profile.measuredPeakBytes == 0)
        throw Error(options.calibration + " holds " + std::to_string(profile.images) +
                    " images, fewer than one batch of " + std::to_string(options.batch) + "; use a smaller --batch");

    for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
        const Operation &operation = schedule.operations[i];
        OperationProfile entry;
        entry.name = operation.name;
        entry.kind = toString(operation.kind);
        entry.block = operation.block;
        if (operation.output >= 0)
            entry.outputBytes = schedule.tensors[static_cast<std::size_t>(operation.output)].bytes;
        entry.scratchBytes = operation.scratchBytes;
        entry.weightBytes = operation.weightBytes;
        entry.macs = operation.macs;
        entry.milliseconds = stopwatch.operationMs(i);
        profile.operations.push_back(entry);
    }
    const auto linears = model.spec.linears();
    for (std::size_t i = 0; i < linears.size(); ++i) {
        const LinearSpec &linear = *linears[i];
        if (linear.isAbsent())
            continue;
        const LinearStatistics seen = statistics.statistics(static_cast<int>(i));
        const std::int64_t rows = seen.tokens / profile.images * options.batch;
        LayerProfile entry;
        entry.name = linear.name;
        entry.block = blockOf(linear.name);
        entry.format = linear.format;
        entry.computedIn = target.computes(linear.format);
        entry.outFeatures = linear.outFeatures;
        entry.inFeatures = linear.inFeatures;
        entry.outputBytes = rows * linear.outFeatures * 4;
        entry.weightBytes = weightBytes(linear);
        entry.macs = macs(linear, rows);
        entry.milliseconds = stopwatch.linearMs(i);
        entry.inputMeanAbs = seen.meanAbs;
        entry.inputMaxAbs = seen.maxAbs;
        entry.castRisk = risks.risk(static_cast<int>(i));
        entry.inputHistogram = histograms.histogram(static_cast<int>(i));
        profile.layers.push_back(entry);
    }
    return profile;
}

} // namespace edgeflex
