#pragma once

#include "plan/compressionplan.h"
#include "plan/layerprofile.h"
#include "plan/layertimes.h"
#include "plan/linearlayout.h"
#include "plan/measurement.h"
#include "plan/memorytimeline.h"
#include "plan/results.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

// Figures of a ViT-Tiny that nobody measured: plausible in size, the same at every call.
namespace edgeflex::fake {

inline constexpr std::int64_t imagesInAll = 900;
inline constexpr double baselineAccuracy = 0.755;

inline ExecutionTarget target()
{
    ExecutionTarget target;
    target.threads = 2;
    target.instructionSet = "AVX2";
    return target;
}

inline ModelSummary vitTiny(const std::string &path = {})
{
    ModelSummary summary;
    summary.spec = makeVitSpec({});
    summary.spec.name = "vit_tiny_patch16_224";
    summary.spec.naming = "timm";
    summary.spec.preprocessing.resizeShorter = 248;
    summary.spec.preprocessing.cropHeight = summary.spec.preprocessing.cropWidth = 224;
    summary.spec.preprocessing.stated = true;
    summary.identity = path.find("other") == std::string::npos ? "tiny" : "other";
    summary.parameters = summary.spec.parameterCount();
    summary.fileBytes = 4 * summary.parameters;
    const Schedule schedule = makeSchedule(summary.spec, ScheduleKind::Tight, 1, ExecutionTarget());
    summary.weightsBytes = schedule.weightBytes;
    for (const Operation &operation : schedule.operations)
        summary.macsPerImage += operation.macs;
    summary.peakBytesBatch1 = makeTimeline(schedule).peakBytes();
    return summary;
}

inline double factor(NumberFormat format)
{
    switch (format) {
    case NumberFormat::Int8:
        return 0.3;
    case NumberFormat::Int4:
        return 0.8;
    case NumberFormat::Fp16:
    case NumberFormat::Bf16:
        return 0.95;
    default:
        return 1;
    }
}

inline double formatLoss(NumberFormat format)
{
    switch (format) {
    case NumberFormat::Int8:
        return 0.0003;
    case NumberFormat::Int4:
        return 0.0024;
    case NumberFormat::Bf16:
        return 0.00003;
    case NumberFormat::Fp16:
        return 0.000002;
    default:
        return 0;
    }
}

// Early and late blocks matter more.
inline double weightOf(int block, std::size_t blocks)
{
    const double place = blocks > 1 ? static_cast<double>(block) / static_cast<double>(blocks - 1) : 0.5;
    return 0.5 + 3 * (place - 0.55) * (place - 0.55);
}

inline double milliseconds(const LinearSpec &linear, std::int64_t rows)
{
    return static_cast<double>(macs(linear, rows)) / 35e6 * factor(linear.format);
}

inline ActivationProfile profile(const ModelSpec &spec, ScheduleKind kind, int batch)
{
    ActivationProfile profile;
    profile.model = spec.name;
    profile.batch = batch;
    profile.images = 64;
    profile.target = target();
    profile.schedule = makeSchedule(spec, kind, batch, profile.target);
    profile.timeline = makeTimeline(profile.schedule);
    profile.measuredPeakBytes = profile.timeline.peakBytes();
    profile.eagerPeakBytes = makeTimeline(makeSchedule(spec, ScheduleKind::Eager, batch, profile.target)).peakBytes();
    for (const Operation &operation : profile.schedule.operations)
        profile.operations.push_back({operation.name, std::string(toString(operation.kind)), operation.block, 0,
                                      operation.scratchBytes, operation.weightBytes, operation.macs,
                                      static_cast<double>(operation.macs) / 35e6});
    for (const LinearSpec *linear : spec.linears()) {
        LayerProfile layer;
        layer.name = linear->name;
        layer.outFeatures = linear->outFeatures;
        layer.inFeatures = linear->inFeatures;
        layer.weightBytes = weightBytes(*linear);
        layer.milliseconds = milliseconds(*linear, spec.tokens() * batch);
        // A few channels matter much, most a little, some not at all.
        const auto seed = static_cast<std::uint32_t>(profile.layers.size());
        for (std::uint32_t channel = 0; channel < static_cast<std::uint32_t>(linear->inFeatures); ++channel) {
            const std::uint32_t mixed = (channel * 2654435761U + seed * 40503U) >> 22; // 0 to 1023
            layer.inputMeanAbs.push_back(0.01F * std::exp(0.0055F * static_cast<float>(mixed)));
        }
        layer.castRisk = {0.002 * (1 + seed % 9), 0.01, 1e-4, 2e-7 * (1 + seed % 5), 1e-5 * (1 + seed % 5)};
        layer.inputMaxAbs.assign(static_cast<std::size_t>(linear->inFeatures), 3.0F);
        // A bell around a small magnitude, farther left in later layers.
        for (std::size_t octave = 0; octave < MagnitudeHistogram::octaves; ++octave) {
            const double away = static_cast<double>(octave) - 22 + 0.1 * seed;
            layer.inputHistogram.counts[octave] = std::llround(1e6 * std::exp(-away * away / 12));
        }
        profile.layers.push_back(std::move(layer));
    }
    return profile;
}

inline SensitivityResult sensitivity(const ModelSpec &spec)
{
    SensitivityResult result;
    result.calibrationImages = 205;
    result.sensitivity.images = 51;
    const auto blocks = spec.blocks.size();
    for (const LinearSpec *linear : spec.linears()) {
        int block = 0;
        if (linear->name.starts_with("blocks."))
            block = std::stoi(linear->name.substr(7));
        for (const NumberFormat format : allNumberFormats()) {
            if (format != NumberFormat::Fp32)
                result.sensitivity.formats[linear->name][format] = formatLoss(format) * weightOf(block, blocks);
        }
    }
    for (std::size_t i = 0; i < blocks; ++i) {
        const std::int64_t whole = spec.blocks[i].mlpWidth();
        auto &losses = result.sensitivity.mlpWidths.emplace_back();
        for (int eighths = 1; eighths <= 8; ++eighths) {
            const double gone = 1 - eighths / 8.0;
            losses[whole * eighths / 8] = 0.06 * gone * gone * weightOf(static_cast<int>(i), blocks);
        }
        const double weight = weightOf(static_cast<int>(i), blocks);
        auto &heads = result.sensitivity.headCounts.emplace_back();
        for (int count = 1; count <= spec.heads; ++count)
            heads[count] = 0.02 * (spec.heads - count) * weight;
        for (auto *dims : {&result.sensitivity.qkDims, &result.sensitivity.voDims}) {
            auto &kept = dims->emplace_back();
            for (std::int64_t dim = headDimStep(spec.headDim); dim <= spec.headDim; dim += headDimStep(spec.headDim))
                kept[dim] = 0.0002 * static_cast<double>(spec.headDim - dim) * weight;
        }
        result.sensitivity.linearAttentions.push_back(0.07 * weight);
        result.sensitivity.linearMlps.push_back(0.09 * weight);
        if (i > 0) {
            const auto block = static_cast<int>(i);
            result.sensitivity.linearAttentionPairs.push_back({block - 1, block, 0.05 * weight, {}});
            result.sensitivity.linearMlpPairs.push_back({block - 1, block, 0.04 * weight, {}});
        }
    }
    return result;
}

inline LayerTimes layerTimes(const ModelSpec &spec, int batch)
{
    LayerTimes result;
    result.batch = batch;
    result.target = target();
    result.machine = "A processor";
    const auto byFormat = [&](LinearSpec linear) {
        LayerTimes::ByFormat times;
        for (const NumberFormat format : allNumberFormats()) {
            linear.format = format;
            times[format] = milliseconds(linear, spec.tokens() * batch);
        }
        return times;
    };
    for (const LinearSpec *linear : spec.linears()) {
        if (linear->name.find("mlp") == std::string::npos)
            result.layers[linear->name] = byFormat(*linear);
    }
    for (BlockSpec block : spec.blocks) {
        const std::int64_t whole = block.mlpWidth();
        auto &times = result.mlps.emplace_back();
        for (int eighths = 1; eighths <= 8; ++eighths) {
            const std::int64_t width = whole * eighths / 8;
            block.fc1.outFeatures = block.fc2.inFeatures = width;
            times[width] = {byFormat(block.fc1), byFormat(block.fc2)};
        }
        block.fc2.inFeatures = spec.width;
        result.linearMlps.push_back(byFormat(block.fc2));
        LayerTimes::Attention &attention = result.attentions.emplace_back();
        for (int eighths = 1; eighths <= 8; ++eighths) {
            LinearSpec qkv = block.qkv;
            LinearSpec proj = block.proj;
            qkv.outFeatures = qkv.outFeatures * eighths / 8;
            proj.inFeatures = proj.inFeatures * eighths / 8;
            attention.qkv[qkv.outFeatures] = byFormat(qkv);
            attention.proj[proj.inFeatures] = byFormat(proj);
        }
    }
    result.fp32Milliseconds = 1.2 * result.milliseconds(spec);
    return result;
}

// How many of the first `images` only the original, and only the variant gets right.
struct Answers
{
    std::int64_t onlyBaseline = 0;
    std::int64_t onlyVariant = 0;
    std::int64_t baseline = 0;
};

inline Answers answers(const ModelSpec &spec, const CompressionPlan &plan, std::int64_t images)
{
    const ModelSpec planned = plannedSpec(spec, plan);
    const Sensitivity known = sensitivity(spec).sensitivity;
    double kl = 0;
    for (const LinearSpec *linear : planned.linears())
        kl += known.formatLoss(linear->name, linear->format);
    for (std::size_t i = 0; i < planned.blocks.size(); ++i)
        kl += known.mlpLoss(spec, static_cast<int>(i), planned.blocks[i]).value() +
              known.attentionLoss(spec, static_cast<int>(i), planned.blocks[i]).value();
    const double lost = std::min(0.6, 0.14 * kl * (1 + kl));
    const double churn = std::min(0.06, 0.25 * kl);
    const auto n = static_cast<double>(images);
    Answers result;
    result.baseline = std::llround(n * baselineAccuracy);
    result.onlyBaseline = std::min(result.baseline, static_cast<std::int64_t>(n * (lost + churn) + 0.5));
    result.onlyVariant = std::min(images - result.baseline, static_cast<std::int64_t>(n * churn + 0.5));
    return result;
}

// The first images are lost, the last are wrong from the start, and of those the first are won. A class more than the
// right one is the wrong answer.
inline constexpr std::int64_t classes = 1000;
inline int labelOf(std::int64_t image)
{
    return static_cast<int>(image % classes);
}

inline JudgedAnswers judged(const ModelSpec &spec, const CompressionPlan &plan, const std::string &dataset,
                            std::int64_t images)
{
    const Answers counted = answers(spec, plan, images);
    std::vector<WrongAnswer> wrong;
    for (std::int64_t image = 0; image < images; ++image) {
        if (image < counted.onlyBaseline || image >= counted.baseline + counted.onlyVariant)
            wrong.push_back({image, labelOf(image + 1)});
    }
    return {dataset, images, std::move(wrong)};
}

inline AccuracySoFar soFar(const ModelSpec &spec, const CompressionPlan &plan, std::int64_t images)
{
    const Answers counted = answers(spec, plan, images);
    AccuracySoFar accuracy;
    accuracy.top1 = wilson(counted.baseline - counted.onlyBaseline + counted.onlyVariant, images);
    accuracy.baselineTop1 = wilson(counted.baseline, images);
    accuracy.drop = pairedDrop(counted.onlyBaseline, counted.onlyVariant, images);
    accuracy.imagesInAll = imagesInAll;
    return accuracy;
}

inline Measurement measurement(const ModelSpec &spec, const CompressionPlan &plan, const std::string &dataset,
                               ScheduleKind kind, int batch, std::int64_t images, bool compare)
{
    const ModelSpec planned = plannedSpec(spec, plan);
    const LayerTimes times = layerTimes(spec, batch);
    const double others = times.fp32Milliseconds - times.milliseconds(spec);
    const double before = times.fp32Milliseconds;
    const double now = others + times.milliseconds(planned);
    const Answers counted = answers(spec, plan, images);
    Measurement result;
    result.model = spec.name;
    result.images = images;
    result.top1 = wilson(counted.baseline - counted.onlyBaseline + counted.onlyVariant, images);
    result.top5 = wilson(std::min(images, result.top1.correct + images / 6), images);
    result.latency = Latency{now, 1.1 * now, now / batch};
    result.weightsBytes = weightBytes(planned);
    result.peakMemory = {makeTimeline(makeSchedule(planned, kind, batch, target())).peakBytes(), -1, -1};
    result.conditions.machine = "A processor";
    result.conditions.target = target();
    result.conditions.schedule = kind;
    result.conditions.batch = batch;
    result.conditions.repeats = 20;
    result.conditions.dataset = dataset;
    result.conditions.images = images;
    result.conditions.dateUtc = "2026-01-02T03:04:05Z";
    result.answers = judged(spec, plan, dataset, images);
    for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
        const double gone =
            1 - static_cast<double>(planned.blocks[i].mlpWidth()) / static_cast<double>(spec.blocks[i].mlpWidth());
        if (gone > 0)
            result.refits[planned.blocks[i].fc2.name] = {0.4 * gone, 0.1 * gone};
    }
    if (!compare)
        return result;
    BaselineComparison against;
    against.baseline = spec.name;
    against.baselineTop1 = wilson(counted.baseline, images);
    against.agreement =
        1 - static_cast<double>(counted.onlyBaseline + counted.onlyVariant) / static_cast<double>(images);
    against.klMean = 0.01;
    against.drop = pairedDrop(counted.onlyBaseline, counted.onlyVariant, images);
    against.latencyRatio = {now / before, 0.97 * now / before, 1.04 * now / before};
    against.weightsRatio = static_cast<double>(result.weightsBytes) / static_cast<double>(weightBytes(spec));
    against.peakRatio = static_cast<double>(result.peakMemory.allocatorBytes) /
                        static_cast<double>(makeTimeline(makeSchedule(spec, kind, batch, target())).peakBytes());
    result.againstBaseline = against;
    return result;
}

} // namespace edgeflex::fake
