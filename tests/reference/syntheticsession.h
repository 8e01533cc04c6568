#pragma once

#include "plan/linearlayout.h"
#include "plan/recipe.h"
#include "plan/session.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

// A session as a day's work would leave it, with figures made up from simple laws instead of measured: what windows and
// reports are tested and looked at with. Deterministic.
namespace edgeflex::test {

enum class SyntheticModel { VitTiny, VitHuge };

inline ExecutionTarget syntheticTarget()
{
    return {4, true, false, "AVX-512 VNNI"};
}

inline ModelSpec syntheticSpec(SyntheticModel model)
{
    VitShape shape;
    if (model == SyntheticModel::VitHuge) {
        shape.patchSize = 14;
        shape.width = 1280;
        shape.depth = 32;
        shape.heads = 16;
        shape.mlpWidth = 5120;
    }
    ModelSpec spec = makeVitSpec(shape);
    spec.name = model == SyntheticModel::VitHuge ? "vit_huge_patch14_224" : "vit_tiny_patch16_224";
    spec.naming = "timm";
    spec.preprocessing.resizeShorter = 248;
    spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = 224;
    spec.preprocessing.stated = true;
    return spec;
}

// The same format for every linear layer, every MLP pruned to `keep`.
inline CompressionPlan uniformPlan(const ModelSpec &spec, double keep, NumberFormat format)
{
    CompressionPlan plan = identityPlan(spec);
    for (BlockPlan &block : plan.blocks)
        block.mlpKeep = keep;
    for (auto &[layer, each] : plan.formats)
        each = format;
    return plan;
}

// Prunes the middle blocks most and keeps the patch embedding in FP16.
inline CompressionPlan mixedPlan(const ModelSpec &spec, double keep, NumberFormat format)
{
    CompressionPlan plan = uniformPlan(spec, 1, format);
    const double last = std::max(1.0, static_cast<double>(spec.blocks.size()) - 1);
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        const double bell =
            std::sin(3.14159265358979 * static_cast<double>(i) / last); // 0 at the ends, 1 in the middle
        plan.blocks[i].mlpKeep = std::clamp(std::round(100 * (1 - 1.5 * (1 - keep) * bell)) / 100, 0.1, 1.0);
    }
    plan.formats[spec.patchEmbed.name] = NumberFormat::Fp16;
    return plan;
}

// Mean KL in nats that a format or the loss of MLP channels might cost.
inline double syntheticKl(const ModelSpec &spec, const CompressionPlan &plan)
{
    double kl = 0;
    const double share = 1 / static_cast<double>(spec.linears().size());
    for (const LinearSpec *linear : spec.linears()) {
        switch (plan.format(linear->name)) {
        case NumberFormat::Fp32:
            break;
        case NumberFormat::Fp16:
            kl += 0.00002 * share;
            break;
        case NumberFormat::Bf16:
            kl += 0.0012 * share;
            break;
        case NumberFormat::Int8:
            kl += 0.011 * share;
            break;
        case NumberFormat::Int4:
            kl += 0.085 * share;
            break;
        }
    }
    for (const BlockPlan &block : plan.blocks)
        kl += 0.6 * std::pow(1 - block.mlpKeep, 2.2) / static_cast<double>(plan.blocks.size());
    return kl;
}

// Milliseconds that the linear layers of `spec` might take for one batch.
inline double syntheticMilliseconds(const ModelSpec &spec, int batch)
{
    double milliseconds = 0;
    for (const LinearSpec *linear : spec.linears()) {
        const double giga = static_cast<double>(macs(*linear, spec.tokens() * batch)) / 1e9;
        const double perGiga = linear->format == NumberFormat::Int8   ? 1.7
                               : linear->format == NumberFormat::Fp32 ? 6.1
                                                                      : 6.8;
        milliseconds += giga * perGiga;
    }
    const double attention =
        static_cast<double>(spec.blocks.size() * static_cast<std::size_t>(spec.width)) * 2e-4 * batch;
    return milliseconds + attention + 0.3;
}

// Measures `plan` as the laws above have it. `baseline` is nullptr for the baseline itself; `noise` tells repeats
// apart.
inline Measurement syntheticMeasurement(const Session &session, const CompressionPlan &plan,
                                        const Measurement *baseline, Quality quality, int noise)
{
    const ModelSpec &spec = session.summary.spec;
    const ModelSpec planned = plannedSpec(spec, plan);
    const bool huge = spec.blocks.size() > 24;
    const double wobble = 1 + 0.012 * std::sin(2.1 * noise);

    Measurement result;
    result.model = baseline ? "" : session.model.path;
    result.images = huge ? 3000 : 900;
    const double total = static_cast<double>(result.images);
    const std::int64_t right = std::llround(total * (huge ? 0.8817 : 0.7567));
    const std::int64_t right5 = std::llround(total * (huge ? 0.9833 : 0.9311));
    const bool processMemory = quality == Quality::Final; // drafts do not start a process
    std::int64_t lost = 0;
    std::int64_t changed = 0;
    const double kl = baseline ? syntheticKl(spec, plan) * (quality == Quality::Final ? 0.6 : 1) : 0;
    if (baseline) {
        lost = std::llround(total * std::min(0.6, 0.62 * kl) * (1 + 0.2 * std::sin(1.3 * noise)));
        changed = std::max<std::int64_t>(std::abs(lost), std::llround(total * std::min(0.7, 0.28 * std::sqrt(kl))));
        changed += (changed + lost) % 2;
    }
    result.top1 = wilson(right - lost, result.images);
    result.top5 = wilson(right5 - lost / 3, result.images);

    const double milliseconds = syntheticMilliseconds(planned, session.batch) * wobble;
    result.latency = Latency{milliseconds, milliseconds * 1.06, milliseconds / session.batch};
    const ExecutionTarget target = syntheticTarget();
    const Schedule schedule = makeSchedule(planned, session.schedule, session.batch, target);
    result.weightsBytes = weightBytes(planned);
    result.peakMemory.allocatorBytes = makeTimeline(schedule).peakBytes();
    result.peakMemory.idleProcessBytes = processMemory ? 154'300'000 : -1;
    result.peakMemory.processBytes = processMemory ? result.peakMemory.allocatorBytes + 9'600'000 : -1;
    result.conditions = {"Intel(R) Xeon(R) Processor @ 2.10GHz",
                         target,
                         "GOMP_SPINCOUNT=10000",
                         session.schedule,
                         session.batch,
                         20,
                         session.data,
                         result.images,
                         "0.1.0",
                         "2.6.3",
                         "1.13.1",
                         "2025-06-0" + std::to_string(1 + noise / 8) + "T0" + std::to_string(noise % 8 + 1) +
                             ":30:00Z"};
    if (baseline) {
        BaselineComparison against;
        against.baseline = session.model.path;
        against.baselineTop1 = baseline->top1;
        against.agreement = 1 - static_cast<double>(changed) * 1.35 / total;
        against.klMean = kl;
        against.drop = pairedDrop((changed + lost) / 2, (changed - lost) / 2, result.images);
        const double ratio = milliseconds / baseline->latency->medianMs;
        against.latencyRatio = {ratio, ratio * 0.955, ratio * 1.05};
        against.baselineLatency = baseline->latency;
        against.weightsRatio = static_cast<double>(result.weightsBytes) / static_cast<double>(baseline->weightsBytes);
        against.peakRatio = static_cast<double>(result.peakMemory.allocatorBytes) /
                            static_cast<double>(baseline->peakMemory.allocatorBytes);
        result.againstBaseline = against;
    }
    return result;
}

inline ActivationProfile syntheticProfile(const Session &session)
{
    const ModelSpec &spec = session.summary.spec;
    ActivationProfile profile;
    profile.model = session.model.path;
    profile.batch = session.batch;
    profile.images = 64;
    profile.target = syntheticTarget();
    profile.schedule = makeSchedule(spec, session.schedule, session.batch, profile.target);
    profile.timeline = makeTimeline(profile.schedule);
    profile.measuredPeakBytes = profile.timeline.peakBytes();
    profile.eagerPeakBytes =
        makeTimeline(makeSchedule(spec, ScheduleKind::Eager, session.batch, profile.target)).peakBytes();
    for (const Operation &operation : profile.schedule.operations) {
        OperationProfile each;
        each.name = operation.name;
        each.kind = toString(operation.kind);
        each.block = operation.block;
        each.outputBytes =
            operation.output < 0 ? 0 : profile.schedule.tensors[static_cast<std::size_t>(operation.output)].bytes;
        each.scratchBytes = operation.scratchBytes;
        each.weightBytes = operation.weightBytes;
        each.macs = operation.macs;
        each.milliseconds = static_cast<double>(operation.macs) * 6.1e-9 + 0.02;
        profile.operations.push_back(each);
    }
    int index = 0;
    for (const LinearSpec *linear : spec.linears()) {
        LayerProfile layer;
        layer.name = linear->name;
        if (layer.name.starts_with("blocks."))
            layer.block = std::stoi(layer.name.substr(7));
        layer.format = linear->format;
        layer.computedIn = profile.target.computes(linear->format);
        layer.outFeatures = linear->outFeatures;
        layer.inFeatures = linear->inFeatures;
        const std::int64_t rows = (linear->name == spec.head.name ? 1 : spec.tokens()) * session.batch;
        layer.outputBytes = allocatedBytes(rows * linear->outFeatures * 4);
        layer.weightBytes = weightBytes(*linear);
        layer.macs = macs(*linear, rows);
        layer.milliseconds = static_cast<double>(layer.macs) * 6.1e-9 * (1 + 0.08 * std::sin(index)) + 0.004;
        for (std::int64_t c = 0; c < linear->inFeatures; ++c) {
            const auto mean = static_cast<float>(0.4 + 0.3 * std::sin(0.37 * static_cast<double>(c) + index));
            layer.inputMeanAbs.push_back(mean);
            layer.inputMaxAbs.push_back(mean * (c % 97 == 3 ? 24.F : 5.F));
        }
        profile.layers.push_back(std::move(layer));
        ++index;
    }
    return profile;
}

inline Sensitivity syntheticSensitivity(const ModelSpec &spec)
{
    Sensitivity sensitivity;
    sensitivity.images = 64;
    for (const LinearSpec *linear : spec.linears()) {
        for (const NumberFormat format : allNumberFormats()) {
            if (format == NumberFormat::Fp32)
                continue;
            CompressionPlan plan = identityPlan(spec);
            plan.formats[linear->name] = format;
            sensitivity.formats[linear->name][format] = syntheticKl(spec, plan);
        }
    }
    const double blocks = static_cast<double>(spec.blocks.size());
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const std::int64_t whole = spec.blocks[i].mlpWidth();
        const double weight = 0.6 + 0.8 * static_cast<double>(i) / blocks; // later blocks matter more
        std::map<std::int64_t, double> &widths = sensitivity.mlpWidths.emplace_back();
        for (const double keep : {0.25, 0.5, 0.75, 0.875})
            widths[keptMlpWidth(whole, keep)] = weight * 0.6 * std::pow(1 - keep, 2.2) / blocks;
        sensitivity.linearAttentions.push_back(weight / blocks);
        sensitivity.linearMlps.push_back(weight / blocks);
        if (i > 0) {
            const auto block = static_cast<int>(i);
            sensitivity.linearAttentionPairs.push_back({block - 1, block, 0.5 * weight / blocks, {}});
            sensitivity.linearMlpPairs.push_back({block - 1, block, 0.3 * weight / blocks, {}});
        }
    }
    return sensitivity;
}

inline LayerTimes syntheticTimes(const ModelSpec &spec, int batch)
{
    LayerTimes times;
    times.batch = batch;
    times.target = syntheticTarget();
    times.fp32Milliseconds = syntheticMilliseconds(spec, batch);
    const auto byFormat = [&](const LinearSpec &linear, double share) {
        LayerTimes::ByFormat milliseconds;
        for (const NumberFormat format : allNumberFormats())
            milliseconds[format] = static_cast<double>(macs(linear, spec.tokens() * batch)) * share *
                                   (format == NumberFormat::Int8 ? 1.7e-9 : 6.1e-9);
        return milliseconds;
    };
    for (const LinearSpec *linear : spec.linears()) {
        if (!linear->name.ends_with("fc1") && !linear->name.ends_with("fc2"))
            times.layers[linear->name] = byFormat(*linear, 1);
    }
    for (const BlockSpec &block : spec.blocks) {
        std::map<std::int64_t, LayerTimes::Mlp> &mlp = times.mlps.emplace_back();
        for (const double keep : {0.25, 0.5, 0.75, 1.0})
            mlp[keptMlpWidth(block.mlpWidth(), keep)] = {byFormat(block.fc1, keep), byFormat(block.fc2, keep)};
        times.linearMlps.push_back(byFormat(block.proj, 1));
    }
    return times;
}

// A model opened and its images chosen, nothing measured yet.
inline Session emptySyntheticSession(SyntheticModel model)
{
    const bool huge = model == SyntheticModel::VitHuge;
    Session session;
    session.summary.spec = syntheticSpec(model);
    const ModelSpec &spec = session.summary.spec;
    session.model.path = "/data/checkpoints/" + spec.name;
    session.summary.identity = huge ? "9d1f0c55c6a1b7e2" : "4be0c1a2d97f3365";
    session.summary.parameters = spec.parameterCount();
    session.summary.fileBytes = session.summary.parameters * 4 + 18'432;
    session.summary.weightsBytes = weightBytes(spec);
    for (const LinearSpec *linear : spec.linears())
        session.summary.macsPerImage += macs(*linear, spec.tokens());
    session.summary.peakBytesBatch1 =
        makeTimeline(makeSchedule(spec, ScheduleKind::Tight, 1, syntheticTarget())).peakBytes();
    session.calibration = "/data/imagenet-train-1000";
    session.data = "/data/imagenet-val";
    session.plan = identityPlan(spec);
    return session;
}

// The same, with the baseline measured and nothing else.
inline Session baselineOnlySession(SyntheticModel model)
{
    Session session = emptySyntheticSession(model);
    Variant baseline;
    baseline.name = "baseline";
    baseline.plan = identityPlan(session.summary.spec);
    baseline.quality = Quality::Final;
    baseline.measurement = syntheticMeasurement(session, baseline.plan, nullptr, Quality::Final, 0);
    session.variants.push_back(baseline);
    return session;
}

// Everything: profile, sensitivity, layer times, the baseline, the recipe's steps, eight drafts and one final variant
// that keeps within the budgets and whose plan is the one edited last.
inline Session syntheticSession(SyntheticModel model = SyntheticModel::VitTiny)
{
    Session session = baselineOnlySession(model);
    const ModelSpec &spec = session.summary.spec;
    session.profile = syntheticProfile(session);
    session.sensitivity = syntheticSensitivity(spec);
    session.times = syntheticTimes(spec, session.batch);
    session.recipe.push_back(0);

    const auto add = [&](const std::string &name, const CompressionPlan &plan, Quality quality) {
        const Measurement baseline = session.variants.front().measurement;
        Variant variant;
        variant.id = session.nextVariantId();
        variant.name = name;
        variant.plan = plan;
        variant.quality = quality;
        variant.measurement = syntheticMeasurement(session, plan, &baseline, quality, variant.id);
        if (quality == Quality::Final)
            variant.folder = "/data/out/" + spec.name + "-" + std::to_string(variant.id);
        variant.measurement.model = variant.folder.empty() ? name : variant.folder;
        session.variants.push_back(variant);
        return variant.id;
    };
    const std::vector<RecipeStep> steps = edgeFlexRecipe(spec, session.sensitivity);
    for (std::size_t i = 1; i < steps.size(); ++i)
        session.recipe.push_back(add(steps[i].name, steps[i].plan, Quality::Draft));
    add("all INT8", uniformPlan(spec, 1, NumberFormat::Int8), Quality::Draft);
    add("all BF16", uniformPlan(spec, 1, NumberFormat::Bf16), Quality::Draft);
    add("all INT4", uniformPlan(spec, 1, NumberFormat::Int4), Quality::Draft);
    add("plan 7", mixedPlan(spec, 0.9, NumberFormat::Int8), Quality::Draft);
    add("plan 8", mixedPlan(spec, 0.75, NumberFormat::Int8), Quality::Draft);
    add("plan 9", mixedPlan(spec, 0.62, NumberFormat::Int8), Quality::Draft);
    add("plan 10", mixedPlan(spec, 0.9, NumberFormat::Int4), Quality::Draft);
    add("plan 11", mixedPlan(spec, 0.94, NumberFormat::Int8), Quality::Draft);
    session.plan = mixedPlan(spec, 0.82, NumberFormat::Int8);
    add("plan 12", session.plan, Quality::Final);

    session.budgets.maxWeightsBytes = model == SyntheticModel::VitHuge ? 600'000'000 : 5'700'000;
    session.budgets.maxDropPoints = model == SyntheticModel::VitHuge ? 2.0 : 1.5;
    return session;
}

} // namespace edgeflex::test
