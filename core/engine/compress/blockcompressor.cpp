#include "engine/compress/blockcompressor.h"

#include "engine/compress/awq.h"
#include "engine/compress/channelmoments.h"
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

constexpr int awqRows = 256; // of W, that the search for scales looks at

// A layer on its way to INT4: scaled weights, the moments they now meet, and what its inputs must be divided by.
struct ScaledLinear
{
    LinearWeights weights;
    ChannelMoments moments;
    std::vector<float> scales; // empty: nothing to fold
};

ScaledLinear scaleForInt4(const LinearWeights &weights, const LinearStatistics &statistics, const CompressionPlan &plan,
                          const Progress &progress)
{
    ScaledLinear result{weights, channelMoments(statistics), {}};
    if (!plan.awq)
        return result;
    const AwqScales awq = searchAwqScales(weights, statistics, plan.int4GroupSize, awqRows, progress);
    if (!awq.helps())
        return result;
    result.weights = scaledInputs(weights, awq.scales);
    result.moments = scaledDown(result.moments, awq.scales);
    result.scales = awq.scales;
    return result;
}

LinearWeights roundInt4(const ScaledLinear &scaled, const CompressionPlan &plan, const Progress &progress)
{
    return quantizeInt4(scaled.weights, {plan.int4GroupSize, true}, &scaled.moments, progress);
}

void fitsItsSpec(LinearWeights &weights, const LinearSpec &spec)
{
    weights.spec = spec;
    weights.check();
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
    case NumberFormat::Int8: {
        const ChannelMoments moments = channelMoments(statistics);
        return quantizeInt8(weights, &moments, progress);
    }
    case NumberFormat::Int4: {
        if (!target.inputScale) {
            const ChannelMoments moments = channelMoments(statistics);
            return quantizeInt4(weights, {plan.int4GroupSize, true}, &moments, progress);
        }
        // The scale has nothing before it to fold into and stays with the layer.
        ScaledLinear scaled = scaleForInt4(weights, statistics, plan, progress);
        if (scaled.scales.empty())
            scaled.scales.assign(static_cast<std::size_t>(weights.spec.inFeatures), 1.0F);
        LinearWeights original = weights;
        original.inputScale = {};
        original.spec.inputScale = false;
        scaled.weights = withInputScale(original, scaled.scales);
        return roundInt4(scaled, plan, progress);
    }
    }
    throw Error("layer \"" + target.name + "\" asks for an unknown format");
}

PrunedMlp pruneMlp(const LinearWeights &fc1, const LinearWeights &fc2, const LinearStatistics &fc2Input,
                   std::int64_t width, const CompressionPlan &plan, const Progress &progress, const PruningPath *path,
                   const OutputGap *gap)
{
    if (width == fc2.spec.inFeatures)
        return {fc1, fc2, fc2Input, 0};
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
        result.error = refit.error.refit;
    } else {
        result.fc2 = keepInputs(fc2, kept);
        result.error = -1; // not computed
    }
    result.fc2Input = keepFeatures(fc2Input, kept);
    return result;
}

void compressAttention(const BlockWeights &block, const BlockSpec &target, const BlockStatistics &statistics,
                       const CompressionPlan &plan, BlockWeights &result, const Progress &progress)
{
    result.norm1 = block.norm1;
    result.qkv = block.qkv;
    // proj's scales fold into qkv's value rows, so they come before qkv is rounded.
    if (target.proj.format == NumberFormat::Int4) {
        ScaledLinear proj = scaleForInt4(block.proj, statistics.proj, plan, progress);
        if (!proj.scales.empty())
            result.qkv = dividedValues(result.qkv, proj.scales);
        result.proj = roundInt4(proj, plan, progress);
    } else {
        result.proj = convertLinear(block.proj, target.proj, statistics.proj, plan, progress);
    }
    if (target.qkv.format == NumberFormat::Int4) {
        ScaledLinear qkv = scaleForInt4(result.qkv, statistics.qkv, plan, progress);
        if (!qkv.scales.empty())
            result.norm1 = dividedByScales(result.norm1, qkv.scales);
        result.qkv = roundInt4(qkv, plan, progress);
    } else {
        result.qkv = convertLinear(result.qkv, target.qkv, statistics.qkv, plan, progress);
    }
    fitsItsSpec(result.qkv, target.qkv);
    fitsItsSpec(result.proj, target.proj);
}

void compressMlp(const BlockWeights &block, const BlockSpec &target, const BlockStatistics &statistics,
                 const CompressionPlan &plan, BlockWeights &result, std::map<std::string, double> &errors,
                 const Progress &progress, const PruningPath *path, const OutputGap *gap)
{
    result.norm2 = block.norm2;
    PrunedMlp mlp = pruneMlp(block.fc1, block.fc2, statistics.fc2, target.mlpWidth(), plan, progress, path, gap);
    if (target.mlpWidth() != block.fc2.spec.inFeatures && mlp.error >= 0)
        errors[target.fc2.name] = mlp.error;
    if (target.fc1.format == NumberFormat::Int4) {
        ScaledLinear fc1 = scaleForInt4(mlp.fc1, statistics.fc1, plan, progress);
        if (!fc1.scales.empty())
            result.norm2 = dividedByScales(result.norm2, fc1.scales);
        result.fc1 = roundInt4(fc1, plan, progress);
    } else {
        result.fc1 = convertLinear(mlp.fc1, target.fc1, statistics.fc1, plan, progress);
    }
    result.fc2 = convertLinear(mlp.fc2, target.fc2, mlp.fc2Input, plan, progress);
    fitsItsSpec(result.fc1, target.fc1);
    fitsItsSpec(result.fc2, target.fc2);
}

BlockWeights compressBlock(const BlockWeights &block, const BlockSpec &target, const BlockStatistics &statistics,
                           const CompressionPlan &plan, std::map<std::string, double> &errors, const Progress &progress,
                           const OutputGap *gap)
{
    BlockWeights result;
    compressAttention(block, target, statistics, plan, result, progress);
    compressMlp(block, target, statistics, plan, result, errors, progress, nullptr, gap);
    return result;
}

std::map<int, Depth> neededDepths(const BlockSpec &from, const BlockSpec &to, const CompressionPlan &plan)
{
    std::map<int, Depth> depths;
    const LinearSpec *targets[] = {&to.qkv, &to.proj, &to.fc1, &to.fc2};
    for (int i = 0; i < 4; ++i) {
        if (targets[i]->format == NumberFormat::Int8)
            depths[i] = Depth::Channels;
        if (targets[i]->format == NumberFormat::Int4)
            depths[i] = plan.awq ? Depth::Gram : Depth::Channels;
    }
    if (from.mlpWidth() != to.mlpWidth())
        depths[3] =
            plan.refit || plan.score == ImportanceScore::Obs ? Depth::Gram : std::max(Depth::Channels, depths[3]);
    return depths;
}

} // namespace edgeflex
