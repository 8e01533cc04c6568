#include "engine/compress/draft.h"

#include "engine/compress/blockcompressor.h"
#include "engine/compress/compressor.h"

#include <algorithm>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;

bool attentionChanges(const BlockSpec &from, const BlockSpec &to)
{
    return from.qkv != to.qkv || from.proj != to.proj || from.removedHeads != to.removedHeads;
}

bool mlpChanges(const BlockSpec &from, const BlockSpec &to)
{
    return from.fc1 != to.fc1 || from.fc2 != to.fc2;
}

// The depths of the layers first..last of a block's four.
WantedLayers someOf(const WantedLayers &depths, int first, int last)
{
    WantedLayers some;
    for (const auto &[layer, depth] : depths) {
        if (layer >= first && layer <= last)
            some[layer] = depth;
    }
    return some;
}

// What has no effect must not make a difference.
RoundingStages stagesOf(const LinearSpec &a, const LinearSpec &b, const CompressionPlan &plan)
{
    return isInteger(a.format) || isInteger(b.format) ? plan.rounding : RoundingStages();
}

} // namespace

DraftCompressor::DraftCompressor(VitModel model, Calibration &calibration)
    : m_model(std::move(model)),
      m_calibration(calibration),
      m_paths(m_model, m_calibration),
      m_halves(m_calibration),
      m_blocks(m_model.spec.blocks.size())
{
    requireUncompressed(m_model);
}

DraftCompressor::AttentionPlan DraftCompressor::attentionPlan(const BlockSpec &from, const BlockSpec &target,
                                                              const CompressionPlan &plan)
{
    return {target.qkv,
            target.proj,
            target.removedHeads,
            plan.refit && !target.attentionIsLinear() && from.voWidth() != target.voWidth(),
            plan.awq && (isInteger(target.qkv.format) || isInteger(target.proj.format)),
            stagesOf(target.qkv, target.proj, plan)};
}

DraftCompressor::MlpPlan DraftCompressor::mlpPlan(const BlockSpec &from, const BlockSpec &target,
                                                  const CompressionPlan &plan)
{
    MlpPlan result{target.fc1,
                   target.fc2,
                   {},
                   false,
                   plan.awq && (isInteger(target.fc1.format) || isInteger(target.fc2.format)),
                   stagesOf(target.fc1, target.fc2, plan)};
    if (from.mlpWidth() != target.mlpWidth() && !target.mlpIsLinear()) {
        result.score = plan.score;
        result.refit = plan.refit;
    }
    return result;
}

int DraftCompressor::lastPartNeeded(const ModelSpec &target, const CompressionPlan &plan) const
{
    const auto made = [&](const LinearSpec &linear) {
        const auto found = m_linears.find(linear.name);
        return found != m_linears.end() && found->second.weights.spec == linear &&
               found->second.rounding == plan.rounding;
    };
    const auto needed = [&](const LinearSpec &linear) {
        return isInteger(linear.format) && !made(linear);
    };
    if (needed(target.head) || std::any_of(target.preLogits.begin(), target.preLogits.end(), needed))
        return m_calibration.parts() - 1;
    for (std::size_t i = target.blocks.size(); i-- > 0;) {
        const BlockSpec &from = m_model.spec.blocks[i];
        const BlockSpec &to = target.blocks[i];
        const WantedLayers depths = neededDepths(from, to, plan);
        if ((!someOf(depths, 0, 1).empty() && m_blocks[i].attentionPlan != attentionPlan(from, to, plan)) ||
            (!someOf(depths, 2, 3).empty() && m_blocks[i].mlpPlan != mlpPlan(from, to, plan)))
            return static_cast<int>(i) + 1;
    }
    return needed(target.patchEmbed) ? 0 : -1;
}

const HeadBases &DraftCompressor::bases(int block, Progress &progress)
{
    if (const auto found = m_bases.find(block); found != m_bases.end())
        return found->second;
    const BlockWeights &weights = m_model.weights.blocks[static_cast<std::size_t>(block)];
    const BlockStatistics statistics = m_calibration.block(block, {{0, Depth::Gram}, {1, Depth::Gram}}, progress);
    return m_bases[block] = headBases(weights.qkv, weights.proj,
                                      headDims(m_model.spec, m_model.spec.blocks[static_cast<std::size_t>(block)]),
                                      statistics.qkv, statistics.proj, progress);
}

void DraftCompressor::compressBlock(int block, const BlockSpec &target, const CompressionPlan &plan, Progress &progress)
{
    const auto at = static_cast<std::size_t>(block);
    const BlockSpec &from = m_model.spec.blocks[at];
    const BlockWeights &weights = m_model.weights.blocks[at];
    KeptBlock &kept = m_blocks[at];
    const WantedLayers depths = neededDepths(from, target, plan);
    const auto statistics = [&](int first, int last) {
        const WantedLayers wanted = someOf(depths, first, last);
        return wanted.empty() ? BlockStatistics() : m_calibration.block(block, wanted, progress);
    };
    if (const AttentionPlan wanted = attentionPlan(from, target, plan);
        attentionChanges(from, target) && kept.attentionPlan != wanted) {
        BlockWeights made;
        LayerErrors errors;
        BlockStatistics seen = statistics(0, 1);
        if (target.attentionIsLinear()) {
            const LinearHalf &linear = m_halves.half(block, BlockPart::Attention, progress);
            errors[linear.layer.spec.name] = linear.error;
            BlockWeights half = weights;
            half.qkv = {target.qkv, {}, {}, {}, {}, {}};
            half.proj = linear.layer;
            seen.proj = std::move(seen.qkv);
            compressAttention(half, {}, target, {}, seen, plan, made, errors, progress);
        } else {
            compressAttention(weights, headDims(m_model.spec, from), target, headDims(m_model.spec, target), seen, plan,
                              made, errors, progress, prunesHeads(from, target) ? &bases(block, progress) : nullptr);
        }
        kept.attentionErrors = std::move(errors);
        kept.weights.norm1 = std::move(made.norm1);
        kept.weights.qkv = std::move(made.qkv);
        kept.weights.proj = std::move(made.proj);
        kept.attentionPlan = wanted;
    }
    if (const MlpPlan wanted = mlpPlan(from, target, plan); mlpChanges(from, target) && kept.mlpPlan != wanted) {
        BlockWeights made;
        LayerErrors errors;
        BlockStatistics seen = statistics(2, 3);
        if (target.mlpIsLinear()) {
            const LinearHalf &linear = m_halves.half(block, BlockPart::Mlp, progress);
            errors[linear.layer.spec.name] = linear.error;
            BlockWeights half = weights;
            half.fc1 = {target.fc1, {}, {}, {}, {}, {}};
            half.fc2 = linear.layer;
            seen.fc2 = std::move(seen.fc1);
            compressMlp(half, target, seen, plan, made, errors, progress);
        } else {
            const PruningPath *path = nullptr;
            if (from.mlpWidth() != target.mlpWidth() && plan.score == ImportanceScore::Obs)
                path = &m_paths.path(block, plan.score, progress);
            compressMlp(weights, target, seen, plan, made, errors, progress, path);
        }
        kept.weights.norm2 = std::move(made.norm2);
        kept.weights.fc1 = std::move(made.fc1);
        kept.weights.fc2 = std::move(made.fc2);
        kept.mlpErrors = std::move(errors);
        kept.mlpPlan = wanted;
    }
}

const LinearWeights &DraftCompressor::compressedLinear(const LinearWeights &from, const LinearSpec &target, int part,
                                                       int which, const CompressionPlan &plan, Progress &progress)
{
    if (target == from.spec)
        return from;
    const auto found = m_linears.find(target.name);
    const RoundingStages stages = stagesOf(target, target, plan);
    if (found != m_linears.end() && found->second.weights.spec == target && found->second.rounding == stages)
        return found->second.weights;
    LinearStatistics statistics;
    if (isInteger(target.format))
        statistics = std::move(m_calibration.outside(part, progress)[static_cast<std::size_t>(which)]);
    LinearWeights made = convertLinear(from, target, statistics, plan, progress);
    made.spec = target;
    made.check();
    return (m_linears[target.name] = {stages, std::move(made)}).weights;
}

VitModel DraftCompressor::compress(const CompressionPlan &plan, LayerErrors &errors, Progress &progress)
{
    VitModel result = m_model;
    result.spec = plannedSpec(m_model.spec, plan);
    if (const int last = lastPartNeeded(result.spec, plan); last >= 0)
        m_calibration.collect(last, progress);

    const auto blocks = static_cast<int>(m_blocks.size());
    const int end = m_calibration.parts() - 1;
    progress.stage("compressing", blocks);
    result.weights.patchEmbed =
        compressedLinear(m_model.weights.patchEmbed, result.spec.patchEmbed, 0, 0, plan, progress);
    for (int block = 0; block < blocks; ++block) {
        const auto at = static_cast<std::size_t>(block);
        const BlockSpec &from = m_model.spec.blocks[at];
        const BlockSpec &target = result.spec.blocks[at];
        compressBlock(block, target, plan, progress);
        const KeptBlock &kept = m_blocks[at];
        BlockWeights &weights = result.weights.blocks[at];
        if (attentionChanges(from, target)) {
            weights.norm1 = kept.weights.norm1;
            weights.qkv = kept.weights.qkv;
            weights.proj = kept.weights.proj;
            errors.insert(kept.attentionErrors.begin(), kept.attentionErrors.end());
        }
        if (mlpChanges(from, target)) {
            weights.norm2 = kept.weights.norm2;
            weights.fc1 = kept.weights.fc1;
            weights.fc2 = kept.weights.fc2;
            errors.insert(kept.mlpErrors.begin(), kept.mlpErrors.end());
        }
        progress.step(block + 1);
    }
    for (std::size_t i = 0; i < result.weights.preLogits.size(); ++i)
        result.weights.preLogits[i] = compressedLinear(m_model.weights.preLogits[i], result.spec.preLogits[i], end,
                                                       static_cast<int>(i), plan, progress);
    result.weights.head = compressedLinear(m_model.weights.head, result.spec.head, end,
                                           static_cast<int>(result.weights.preLogits.size()), plan, progress);
    return result;
}

VitModel draftWeights(const VitModel &model, const CompressionPlan &plan, Calibration &calibration, LayerErrors &errors,
                      Progress &progress)
{
    return DraftCompressor(model, calibration).compress(plan, errors, progress);
}

} // namespace edgeflex
