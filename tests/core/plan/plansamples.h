#pragma once

#include "plan/session.h"

// One small model with everything that is known of it, for tests of the values and of what reads them.
namespace edgeflex::test {

inline ModelSpec sampleSpec()
{
    ModelSpec spec = makeVitSpec({32, 3, 8, 48, 2, 3, 96, 10});
    spec.name = "sample";
    spec.preprocessing = {.resizeShorter = 32, .cropHeight = 32, .cropWidth = 32, .stated = true};
    return spec;
}

inline ExecutionTarget sampleTarget()
{
    return {2, true, false, "AVX2"};
}

// Losses that grow as bits and widths go down.
inline Sensitivity sampleSensitivity()
{
    const ModelSpec spec = sampleSpec();
    Sensitivity value;
    value.images = 64;
    double each = 0.001;
    for (const LinearSpec *linear : spec.linears()) {
        value.formats[linear->name] = {{NumberFormat::Fp16, each / 100},
                                       {NumberFormat::Bf16, each / 10},
                                       {NumberFormat::Int8, each},
                                       {NumberFormat::Int4, each * 7}};
        each += 0.0003;
    }
    value.mlpWidths = {{{96, 0}, {80, 0.002}, {64, 0.01}, {48, 0.03}},
                       {{96, 0}, {80, 0.001}, {64, 0.002}, {48, 0.004}}};
    value.qkDims = {{{16, 0}, {8, 0.003}}, {{16, 0}, {8, 0.001}}};
    value.voDims = {{{16, 0}, {8, 0.02}}, {{16, 0}, {8, 0.005}}};
    value.headCounts = {{{3, 0}, {2, 0.006}, {1, 0.03}}, {{3, 0}, {2, 0.004}, {1, 0.01}}};
    value.linearAttentions = {0.09, 0.02};
    value.linearMlps = {0.3, 0.012};
    value.linearAttentionPairs = {{0, 1, 0.05, {}}};
    value.linearMlpPairs = {{0, 1, -0.01, {}}};
    return value;
}

inline LayerTimes sampleTimes()
{
    const ModelSpec spec = sampleSpec();
    LayerTimes value;
    value.batch = 1;
    value.target = sampleTarget();
    value.fp32Milliseconds = 10;
    const auto byFormat = [](double fp32) {
        return LayerTimes::ByFormat{{NumberFormat::Fp32, fp32},
                                    {NumberFormat::Fp16, fp32 * 1.25},
                                    {NumberFormat::Bf16, fp32 * 0.75},
                                    {NumberFormat::Int8, fp32 * 0.5},
                                    {NumberFormat::Int4, fp32 * 1.5}};
    };
    value.layers["patch_embed"] = byFormat(0.5);
    for (const BlockSpec &block : spec.blocks) {
        value.layers[block.qkv.name] = byFormat(1);
        value.layers[block.proj.name] = byFormat(0.5);
        value.attentions.push_back(
            {{{144, byFormat(1)}, {72, byFormat(0.6)}}, {{48, byFormat(0.5)}, {24, byFormat(0.3)}}});
        auto &widths = value.mlps.emplace_back();
        for (const std::int64_t width : {96, 80, 64, 48})
            widths[width] = {byFormat(0.01 * static_cast<double>(width)),
                             byFormat(0.0125 * static_cast<double>(width))};
        value.linearMlps.push_back(byFormat(0.4));
    }
    value.layers[spec.head.name] = byFormat(0.25);
    return value;
}

// 900 images, of which the baseline gets 700 right and the variant 700 - b + c.
inline Measurement sampleMeasurement(std::int64_t onlyBaseline, std::int64_t onlyVariant)
{
    Measurement value;
    value.model = "models/sample";
    value.images = 900;
    value.top1 = wilson(700 - onlyBaseline + onlyVariant, 900);
    value.top5 = wilson(850, 900);
    value.latency = Latency{5, 6, 5};
    value.weightsBytes = 100'000;
    value.peakMemory = {200'000, -1, -1};
    value.conditions.target = sampleTarget();
    value.conditions.repeats = 20;
    value.conditions.images = 900;
    value.againstBaseline = BaselineComparison{
        "models/sample",  wilson(700, 900),    0.95, 0.01, pairedDrop(onlyBaseline, onlyVariant, 900),
        {0.5, 0.45, 0.6}, Latency{20, 22, 20}, 0.3,  0.4};
    return value;
}

inline Variant sampleBaseline()
{
    Variant value;
    value.name = "baseline";
    value.plan = identityPlan(sampleSpec());
    value.measurement = sampleMeasurement(0, 0);
    value.measurement.againstBaseline.reset();
    return value;
}

inline Variant sampleVariant(int id)
{
    Variant value;
    value.id = id;
    value.name = "plan " + std::to_string(id);
    value.plan = identityPlan(sampleSpec());
    value.plan.blocks[0].mlpKeep = 0.75;
    value.plan.formats["head"] = NumberFormat::Int8;
    value.plan.formats["blocks.1.attn.qkv"] = NumberFormat::Int4;
    value.measurement = sampleMeasurement(30, 10);
    return value;
}

inline ActivationProfile sampleProfile()
{
    ActivationProfile value;
    value.model = "models/sample";
    value.images = 64;
    value.target = sampleTarget();
    value.schedule = makeSchedule(sampleSpec(), ScheduleKind::Tight, 1, value.target);
    value.timeline = makeTimeline(value.schedule);
    value.layers = {
        {"head", -1, NumberFormat::Fp32, NumberFormat::Fp32, 10, 3, 80, 1920, 960, 0.25, {0, 1, 2}, {1, 2, 3}}};
    return value;
}

inline Session sampleSession()
{
    Session value;
    value.model.path = "models/sample";
    value.model.heads = 3;
    value.summary.spec = sampleSpec();
    value.summary.identity = "0123456789abcdef0123456789abcdef";
    value.summary.parameters = value.summary.spec.parameterCount();
    value.calibration = "calibration";
    value.data = "data";
    value.batch = 8;
    value.schedule = ScheduleKind::Eager;
    value.budgets.maxDropPoints = 1;
    value.plan = sampleVariant(1).plan;
    value.pins.formats["head"] = NumberFormat::Int8;
    value.pins.mlpWidths["blocks.0.mlp"] = 64;
    value.profile = sampleProfile();
    value.sensitivity = sampleSensitivity();
    value.times = sampleTimes();
    value.variants = {sampleBaseline(), sampleVariant(1), sampleVariant(4)};
    value.variants[2].quality = Quality::Final;
    value.variants[2].folder = "out";
    value.recipe = {0, 4};
    return value;
}

} // namespace edgeflex::test
