#include "engine/evaluate/latency.h"

#include "plan/statistics.h"

#include <chrono>

namespace edgeflex {

namespace {

constexpr int warmUps = 2;
constexpr double repeatMs = 10;

} // namespace

static Latency summary(const std::vector<double> &milliseconds, int batch)
{
    Latency latency;
    latency.medianMs = median(milliseconds);
    latency.p95Ms = quantile(milliseconds, 0.95);
    latency.perImageMs = latency.medianMs / batch;
    return latency;
}

Latency LatencySamples::latency(int batch) const
{
    return summary(variantMs, batch);
}

Latency LatencySamples::baselineLatency(int batch) const
{
    return summary(baselineMs, batch);
}

Spread LatencySamples::ratio() const
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < baselineMs.size(); ++i)
        ratios.push_back(variantMs[i] / baselineMs[i]);
    return spread(ratios);
}

LatencySamples sampleLatency(const Transformer &variant, const Transformer *baseline, ScheduleKind kind, int batch,
                             const float *pixels, int repeats, Progress &progress)
{
    const Schedule variantSchedule = variant.schedule(kind, batch);
    const Schedule baselineSchedule = baseline ? baseline->schedule(kind, batch) : Schedule();
    ExecutionMemory variantMemory(variantSchedule);
    ExecutionMemory baselineMemory(baselineSchedule);
    std::vector<float> logits(static_cast<std::size_t>(batch * variant.spec().classes()));
    const auto timeOne = [&](const Transformer &model, const Schedule &schedule) {
        ExecutionMemory &memory = &schedule == &variantSchedule ? variantMemory : baselineMemory;
        const auto start = std::chrono::steady_clock::now();
        model.run(schedule, memory, pixels, logits.data(), progress);
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    };
    const auto time = [&](const Transformer &model, const Schedule &schedule) {
        std::vector<double> batches;
        double total = 0;
        while (total < repeatMs) {
            batches.push_back(timeOne(model, schedule));
            total += batches.back();
        }
        return median(batches);
    };

    LatencySamples samples;
    progress.stage("timing", repeats);
    for (int i = -warmUps; i < repeats; ++i) {
        const double ours = time(variant, variantSchedule);
        const double theirs = baseline ? time(*baseline, baselineSchedule) : 0;
        if (i < 0)
            continue;
        samples.variantMs.push_back(ours);
        if (baseline)
            samples.baselineMs.push_back(theirs);
        progress.step(i + 1);
    }
    return samples;
}

} // namespace edgeflex
