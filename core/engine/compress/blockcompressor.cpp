#include "engine/compress/blockcompressor.h"

#include "engine/compress/awq.h"
#include "engine/compress/channelmoments.h"
#include "engine/compress/folds.h"
#include "engine/compress/importance.h"
#include "engine/compress/int4.h"
#include "engine/compress/int8.h"
#include "engine/compress/pruning.h"
#include "engine/compress/refit.h"
#include "plan/error.h"

#include <algorithm>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;

// A layer on its way to INT8 or INT4: scaled weights, the moments they now meet, and what its inputs must be divided
// by.
struct ScaledLinear
{
    LinearWeights weights;
    ChannelMoments moments;
    std::vector<float> scales; // empty: nothing to fold
    std::vector<double> shift; // taken off the inputs before they are divided; empty: nothing
};

ScaledLinear scaled(const LinearWeights &weights, NumberFormat format, const LinearStatistics &statistics,
                    const CompressionPlan &plan, const Progress &progress)
{
    ScaledLinear result{weights, channelMoments(statistics, plan.rounding.gptq), {}, {}};
    if (!plan.awq)
        return result;
    const AwqScales awq = searchAwqScales(weights, statistics, {format, plan.int4GroupSize, plan.rounding}, progress);
    if (!awq.helps())
        return result;
    result.weights = scaledInputs(weights, awq.scales);
    result.moments = scaledDown(result.moments, awq.scales);
    result.scales = awq.scales;
    return result;
}

// The same for inputs that a shift can be taken off before: what INT8 layers are given comes centred.
ScaledLinear centredAndScaled(const LinearWeights &weights, NumberFormat format, const LinearStatistics &statistics,
                              const CompressionPlan &plan, const Progress &progress)
{
    if (!plan.rounding.shift || format != NumberFormat::Int8 || weights.bias.empty())
        return scaled(weights, format, statistics, plan, progress);
    const std::vector<double> shift = channelMoments(statistics).mean;
    ScaledLinear result = scaled(takingShift(weights, shift), format, shifted(statistics, shift), plan, progress);
    result.shift = shift;
    return result;
}

NormWeights folded(NormWeights norm, const ScaledLinear &behind)
{
    if (!behind.shift.empty())
        norm = withoutShift(norm, behind.shift);
    return behind.scales.empty() ? norm : dividedByScales(norm, behind.scales);
}

LinearWeights rounded(const ScaledLinear &scaled, NumberFormat format, const CompressionPlan &plan,
                      const Progress &progress, std::int64_t unclippedRows = 0)
{
    if (format == NumberFormat::Int8)
        return quantizeInt8(scaled.weights, plan.rounding, &scaled.moments, progress);
    return quantizeInt4(scaled.weights, {plan.int4GroupSize, plan.rounding, unclippedRows}, &scaled.moments, progress);
}

void fitsItsSpec(LinearWeights &weights, const LinearSpec &spec)
{
    weights.spec = spec;
    weights.check();
}

// A norm and the one layer behind it; scales fold into the norm.
void compressLinearHalf(const NormWeights &norm, const LinearWeights &layer, const LinearSpec &target,
                        const LinearStatistics &input, const CompressionPlan &plan, NormWeights &norms,
                        LinearWeights &made, const Progress &progress)
{
    norms = norm;
    if (isInteger(target.format)) {
        const ScaledLinear scaled = centredAndScaled(layer, target.format, input, plan, progress);
        norms = folded(norm, scaled);
        made = rounded(scaled, target.format, plan, progress);
    } else {
        made = convertLinear(layer, target, input, plan, progress);
    }
    fitsItsSpec(made, target);
}

} // namespace

LinearWeights convertLinear(const LinearWeights &weights, const LinearSpec &target, const LinearStatistics &statistics,
                            const CompressionPlan &plan, const Progress &progress)
{
    switch (target.format) {
    case NumberFormat::Fp32:
        return weights;
    case NumberFormat::Fp16:
    case NumberFormat::Bf16:
        return castWeights(weights, target.format);
    case NumberFormat::Int8:
    case NumberFormat::Int4: {
        if (!target.inputScale)
            return rounded({weights, channelMoments(statistics, plan.rounding.gptq), {}, {}}, target.format, plan,
                           progress);
        // The scale has nothing before it to fold into and stays with the layer.
        ScaledLinear linear = scaled(weights, target.format, statistics, plan, progress);
        if (linear.scales.empty())
            linear.scales.assign(static_cast<std::size_t>(weights.spec.inFeatures), 1.0F);
        LinearWeights original = weights;
        original.inputScale = {};
        original.spec.inputScale = false;
        linear.weights = withInputScale(original, linear.scales);
        return rounded(linear, target.format, plan, progress);
    }
    }
    throw Error("layer \"" + target.name + "\" asks for an unknown format");
}

PrunedMlp pruneMlp(const LinearWeights &fc1, const LinearWeights &fc2, const LinearStatistics &fc2Input,
                   std::int64_t width, const CompressionPlan &plan, const Progress &progress, const PruningPath *path,
                   const OutputGap *gap)
{
    if (width == fc2.spec.inFeatures)
        return {fc1, fc2, fc2Input, std::nullopt};
    std::vector<std::int64_t> kept;
    if (path)
        kept = path->kept(width);
    else if (plan.score == ImportanceScore::Obs)
        kept = pruningPath(plan.score, fc2, fc2Input, progress).kept(width);
    else
        kept = keptChannels(channelImportance(plan.score, fc2, fc2Input), width);
    PrunedMlp result;
    result.fc1 = keepOutputs(fc1, kept);
    if (plan.refit) {
        RefitOptions options;
        options.gap = gap;
        options.correction = plan.correction;
        RefitResult refit = refitInputs(fc2, fc2Input, kept, options, progress);
        result.fc2 = std::move(refit.weights);
        result.error = OutputError{refit.error.plain, refit.error.refit};
    } else {
        result.fc2 = keepInputs(fc2, kept);
    }
    result.fc2Input = keepFeatures(fc2Input, kept);
    return result;
}

bool prunesHeads(const BlockSpec &from, const BlockSpec &to)
{
    return !to.attentionIsLinear() &&
           (from.qkWidth() != to.qkWidth() || from.voWidth() != to.voWidth() || from.removedHeads != to.removedHeads);
}

PrunedAttention pruneAttention(const LinearWeights &qkv, const LinearWeights &proj, const LinearStatistics &projInput,
                               const HeadDims &dims, const HeadDims &left, const CompressionPlan &plan,
                               const Progress &progress, const OutputGap *gap)
{
    PrunedAttention result;
    result.qkv = keepOutputs(qkv, keptQkvRows(dims, left));
    const std::vector<std::int64_t> columns = keptProjColumns(dims, left);
    if (plan.refit && (gap || dims.vo != left.vo || dims.heads != left.heads)) {
        RefitOptions options;
        options.gap = gap;
        options.correction = 1; // these very layers made it
        RefitResult refit = refitInputs(proj, projInput, columns, options, progress);
        result.proj = std::move(refit.weights);
        result.error = OutputError{refit.error.plain, refit.error.refit};
    } else {
        result.proj = keepInputs(proj, columns);
    }
    result.projInput = keepFeatures(projInput, columns);
    return result;
}

void compressAttention(const BlockWeights &block, const HeadDims &dims, const BlockSpec &target, const HeadDims &left,
                       const BlockStatistics &statistics, const CompressionPlan &plan, BlockWeights &result,
                       LayerErrors &errors, const Progress &progress, const HeadBases *bases)
{
    if (target.attentionIsLinear()) {
        result.qkv = block.qkv;
        compressLinearHalf(block.norm1, block.proj, target.proj, statistics.proj, plan, result.norm1, result.proj,
                           progress);
        return;
    }
    if (dims != left) {
        const HeadBases known =
            bases ? *bases : headBases(block.qkv, block.proj, dims, statistics.qkv, statistics.proj, progress);
        PrunedAttention pruned = pruneAttention(qkvInBases(block.qkv, known), projInBases(block.proj, known),
                                                projInputInBases(statistics.proj, known), dims, left, plan, progress);
        if (pruned.error)
            errors[target.proj.name] = *pruned.error;
        BlockWeights smaller = block;
        smaller.qkv = std::move(pruned.qkv);
        smaller.proj = std::move(pruned.proj);
        BlockStatistics seen;
        seen.qkv = statistics.qkv;
        seen.proj = std::move(pruned.projInput);
        compressAttention(smaller, left, target, left, seen, plan, result, errors, progress);
        return;
    }
    result.norm1 = block.norm1;
    result.qkv = block.qkv;
    // proj's scales fold into qkv's value rows, so they come before qkv is rounded.
    if (isInteger(target.proj.format)) {
        const ScaledLinear proj =
            block.qkv.bias.empty() ? scaled(block.proj, target.proj.format, statistics.proj, plan, progress)
                                   : centredAndScaled(block.proj, target.proj.format, statistics.proj, plan, progress);
        if (!proj.shift.empty())
            result.qkv = valuesWithoutShift(result.qkv, proj.shift);
        if (!proj.scales.empty())
            result.qkv = dividedValues(result.qkv, proj.scales);
        result.proj = rounded(proj, target.proj.format, plan, progress);
    } else {
        result.proj = convertLinear(block.proj, target.proj, statistics.proj, plan, progress);
    }
    if (isInteger(target.qkv.format)) {
        const ScaledLinear qkv = centredAndScaled(result.qkv, target.qkv.format, statistics.qkv, plan, progress);
        result.norm1 = folded(block.norm1, qkv);
        const std::int64_t queriesAndKeys = 2 * target.qkWidth();
        result.qkv = rounded(qkv, target.qkv.format, plan, progress, queriesAndKeys);
    } else {
        result.qkv = convertLinear(result.qkv, target.qkv, statistics.qkv, plan, progress);
    }
    fitsItsSpec(result.qkv, target.qkv);
    fitsItsSpec(result.proj, target.proj);
}

void compressMlp(const BlockWeights &block, const BlockSpec &target, const BlockStatistics &statistics,
                 const CompressionPlan &plan, BlockWeights &result, LayerErrors &errors, const Progress &progress,
                 const PruningPath *path)
{
    if (target.mlpIsLinear()) {
        result.fc1 = block.fc1;
        compressLinearHalf(block.norm2, block.fc2, target.fc2, statistics.fc2, plan, result.norm2, result.fc2,
                           progress);
        return;
    }
    result.norm2 = block.norm2;
    PrunedMlp mlp = pruneMlp(block.fc1, block.fc2, statistics.fc2, target.mlpWidth(), plan, progress, path);
    if (mlp.error)
        errors[target.fc2.name] = *mlp.error;
    if (isInteger(target.fc1.format)) {
        const ScaledLinear fc1 = centredAndScaled(mlp.fc1, target.fc1.format, statistics.fc1, plan, progress);
        result.norm2 = folded(block.norm2, fc1);
        result.fc1 = rounded(fc1, target.fc1.format, plan, progress);
    } else {
        result.fc1 = convertLinear(mlp.fc1, target.fc1, statistics.fc1, plan, progress);
    }
    result.fc2 = convertLinear(mlp.fc2, target.fc2, mlp.fc2Input, plan, progress);
    fitsItsSpec(result.fc1, target.fc1);
    fitsItsSpec(result.fc2, target.fc2);
}

std::map<int, Depth> neededDepths(const BlockSpec &from, const BlockSpec &to, const CompressionPlan &plan)
{
    std::map<int, Depth> depths;
    const LinearSpec *targets[] = {&to.qkv, &to.proj, &to.fc1, &to.fc2};
    for (int i = 0; i < 4; ++i) {
        const bool behindNorm = i == 1   ? to.attentionIsLinear() && !from.attentionIsLinear()
                                : i == 3 ? to.mlpIsLinear() && !from.mlpIsLinear()
                                         : false;
        if (isInteger(targets[i]->format))
            depths[behindNorm ? i - 1 : i] = plan.awq || plan.rounding.gptq ? Depth::Gram : Depth::Channels;
    }
    if (prunesHeads(from, to))
        depths[0] = depths[1] = Depth::Gram;
    if (from.mlpWidth() != to.mlpWidth() && !to.mlpIsLinear())
        depths[3] =
            plan.refit || plan.score == ImportanceScore::Obs ? Depth::Gram : std::max(Depth::Channels, depths[3]);
    return depths;
}

} // namespace edgeflex
