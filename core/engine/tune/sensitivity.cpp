#include "engine/tune/sensitivity.h"

#include "engine/compress/blockcompressor.h"
#include "engine/compress/linearhalf.h"
#include "engine/evaluate/accuracy.h"
#include "plan/error.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;

// KL at every width that a plan may choose from `least` up: between measured widths, and below them, it grows in
// proportion to the output's error, which is steeper the fewer channels are left.
std::map<std::int64_t, double> betweenMeasured(std::map<std::int64_t, double> measured, std::int64_t least,
                                               std::int64_t step, const std::function<double(std::int64_t)> &errorAt)
{
    const auto [lowest, loss] = *measured.begin();
    if (const double error = errorAt(lowest); least < lowest && error > 0)
        measured[least] = loss * errorAt(least) / error;
    std::map<std::int64_t, double> all = measured;
    for (auto below = measured.begin(), above = std::next(below); above != measured.end(); ++below, ++above) {
        const double fromError = errorAt(below->first);
        const double range = fromError - errorAt(above->first);
        for (std::int64_t width = (below->first / step + 1) * step; width < above->first; width += step) {
            const double share = range > 0 ? (fromError - errorAt(width)) / range : 0;
            all[width] = below->second + share * (above->second - below->second);
        }
    }
    return all;
}

// A layer alone in a format: AWQ's scale stays with the layer as an input scale, which is the same function as
// folding it into what comes before.
LinearSpec alone(const LinearSpec &spec, NumberFormat format, const CompressionPlan &settings, bool foldable)
{
    LinearSpec target = spec;
    target.format = format;
    target.groupSize = settings.int4GroupSize;
    target.inputScale = isInteger(format) && settings.awq && foldable;
    return target;
}

// Of layers as ModelSpec::linears() numbers them: the first of a half of a block.
int firstOfHalf(int block, BlockPart half)
{
    return 1 + 4 * block + (half == BlockPart::Attention ? 0 : 2);
}

// A half of a block is linear for as long as this lives.
class LinearHalfInPlace
{
public:
    LinearHalfInPlace(Transformer &transformer, int block, BlockPart half, const LinearWeights &layer)
        : m_transformer(transformer),
          m_block(block),
          m_first(firstOfHalf(block, half)),
          m_attention(half == BlockPart::Attention)
    {
        auto linear = makeLinear(layer, transformer.target());
        m_old[0] = transformer.exchange(m_first, nullptr);
        m_old[1] = transformer.exchange(m_first + 1, std::move(linear));
        if (m_attention)
            transformer.setHeads(block, 0);
    }
    ~LinearHalfInPlace()
    {
        m_transformer.exchange(m_first, std::move(m_old[0]));
        m_transformer.exchange(m_first + 1, std::move(m_old[1]));
        if (m_attention)
            m_transformer.setHeads(m_block, m_heads);
    }
    LinearHalfInPlace(const LinearHalfInPlace &) = delete;
    LinearHalfInPlace &operator=(const LinearHalfInPlace &) = delete;

private:
    Transformer &m_transformer;
    int m_block;
    int m_first;
    bool m_attention;
    int m_heads = m_transformer.spec().headCount(m_transformer.spec().blocks.at(static_cast<std::size_t>(m_block)));
    std::unique_ptr<Linear> m_old[2];
};

// What `both` is more than the two added up.
LogitShift beyond(const LogitShift &both, const LogitShift &first, const LogitShift &second)
{
    std::vector<float> values(both.codes.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = both.step * static_cast<float>(both.codes[i]) - first.step * static_cast<float>(first.codes[i]) -
                    second.step * static_cast<float>(second.codes[i]);
    return packShift(values);
}

// Tries candidates one after another on the search images.
class Trial
{
public:
    Trial(const VitModel &model, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
          const CalibrationImages &calibration, const CalibrationImages &search, const ExecutionTarget &target,
          const SensitivityScope &scope, Progress &progress)
        : m_model(model),
          m_settings(settings),
          m_formats(formats),
          m_scope(scope),
          m_progress(progress),
          m_transformer(model, target, progress),
          m_calibration(calibration, model.spec),
          m_search(search, model.spec),
          m_rounds(std::any_of(formats.begin(), formats.end(), isInteger))
    {
    }

    Sensitivity run()
    {
        const auto blocks = static_cast<int>(m_model.spec.blocks.size());
        if (m_scope.inBfloat16) {
            int index = 0;
            for (const LinearSpec *linear : m_model.spec.linears())
                m_transformer.exchange(
                    index++,
                    makeLinear(castWeights(m_model.linear(linear->name), NumberFormat::Bf16), m_transformer.target()));
        }
        m_progress.stage("reading images", m_calibration.batches());
        LinearStatistics patches;
        {
            StatisticsCollector collector(m_model.spec, {{0, Depth::Gram}});
            m_calibration.embed(m_transformer, &collector, m_progress);
            patches = collector.statistics(0);
        }
        m_progress.stage("reading search images", m_search.batches());
        m_search.embed(m_transformer, nullptr, m_progress);
        m_reference = m_search.logitsFrom(m_transformer, 0, m_progress);
        m_tracker = LogitTracker(m_reference, m_search.labels(), m_model.spec.classes());
        m_result.images = m_search.images();
        m_result.shifts = m_tracker.unchanged();

        const bool pairs = m_scope.removal && m_scope.pairs;
        m_progress.stage("sensitivity", blocks + 2 + (pairs ? blocks : 0));
        tryPatchEmbed(patches);
        for (int block = 0; block < blocks; ++block) {
            m_progress.step(block + 1);
            tryBlock(block);
            m_calibration.advance(m_transformer, block, m_progress);
            m_search.advance(m_transformer, block, m_progress);
        }
        tryEnd();
        tryCasts();
        m_progress.step(blocks + 2);
        if (pairs)
            tryPairs();
        return std::move(m_result);
    }

private:
    // What a change did, by the logits it gave.
    struct Effect
    {
        double kl = 0;
        LogitShift shift;
    };

    Effect effect(const std::vector<float> &logits) const
    {
        return {meanKlDivergence(m_reference, logits, m_model.spec.classes()), m_tracker.shift(logits)};
    }

    // Of layer `index` replaced, from a stream that stands before `block`.
    Effect effectWith(int index, const LinearWeights &weights, int block)
    {
        auto original = m_transformer.exchange(index, makeLinear(weights, m_transformer.target()));
        Effect result = effect(m_search.logitsFrom(m_transformer, block, m_progress));
        m_transformer.exchange(index, std::move(original));
        return result;
    }

    void note(const std::string &layer, NumberFormat format, Effect effect)
    {
        m_result.formats[layer][format] = effect.kl;
        m_result.shifts.formats[layer][format] = std::move(effect.shift);
    }

    LinearWeights converted(const LinearWeights &weights, NumberFormat format, const LinearStatistics &statistics,
                            bool foldable) const
    {
        const LinearSpec target = alone(weights.spec, format, m_settings, foldable);
        LinearWeights result = convertLinear(weights, target, statistics, m_settings, m_progress);
        result.spec = target;
        return result;
    }

    void tryFormats(const LinearWeights &weights, const LinearStatistics &statistics, int index, int block)
    {
        for (const NumberFormat format : m_formats) {
            if (isInteger(format))
                note(weights.spec.name, format,
                     effectWith(index, converted(weights, format, statistics, block >= 0), std::max(block, 0)));
        }
    }

    void tryPatchEmbed(const LinearStatistics &statistics)
    {
        const LinearWeights &weights = m_model.weights.patchEmbed;
        for (const NumberFormat format : m_formats) {
            if (!isInteger(format))
                continue;
            auto original = m_transformer.exchange(
                0, makeLinear(converted(weights, format, statistics, false), m_transformer.target()));
            QuietProgress quiet(m_progress);
            TokenStream changed = m_search;
            changed.embed(m_transformer, nullptr, quiet);
            note(weights.spec.name, format, effect(changed.logitsFrom(m_transformer, 0, m_progress)));
            m_transformer.exchange(0, std::move(original));
        }
    }

    void tryBlock(int block)
    {
        const BlockWeights &weights = m_model.weights.blocks[static_cast<std::size_t>(block)];
        const int first = 1 + 4 * block;
        const LinearWeights *layers[] = {&weights.qkv, &weights.proj, &weights.fc1, &weights.fc2};
        std::map<int, Depth> depths;
        for (int i = 0; i < 4; ++i)
            if (m_rounds || (i < 2 && m_scope.attention) || (i == 3 && m_scope.mlp))
                depths[first + i] = Depth::Gram;
        BlockStatistics statistics;
        if (!depths.empty()) {
            StatisticsCollector collector(m_model.spec, depths);
            m_calibration.observe(m_transformer, block, collector, m_progress);
            for (const auto &[layer, depth] : depths)
                statistics.layer(layer - first) = collector.statistics(layer);
        }
        for (int i = 0; i < 4 && m_rounds; ++i)
            tryFormats(*layers[i], statistics.layer(i), first + i, block);
        if (m_scope.attention)
            tryHeads(block, statistics);
        if (m_scope.mlp)
            tryWidths(block, statistics.fc2);
        if (m_scope.attention && m_scope.removal)
            tryLinear(block, BlockPart::Attention, m_result.linearAttentions, m_result.shifts.linearAttentions);
        if (m_scope.mlp && m_scope.removal)
            tryLinear(block, BlockPart::Mlp, m_result.linearMlps, m_result.shifts.linearMlps);
    }

    // The effect of other layers in a half of a block; `heads` it is for.
    Effect effectOfHalf(int block, int first, std::unique_ptr<Linear> layer, const LinearWeights &second, int heads)
    {
        auto old = m_transformer.exchange(first, std::move(layer));
        m_transformer.setHeads(block, heads);
        Effect effect = effectWith(first + 1, second, block);
        m_transformer.exchange(first, std::move(old));
        m_transformer.setHeads(block, m_model.spec.headCount(m_model.spec.blocks[static_cast<std::size_t>(block)]));
        return effect;
    }

    void tryLinear(int block, BlockPart half, std::vector<double> &losses, std::vector<LogitShift> &shifts)
    {
        const bool attention = half == BlockPart::Attention;
        LinearHalf fitted = fitLinearHalf(m_transformer, block, half, m_calibration, true, m_progress);
        {
            const LinearHalfInPlace inPlace(m_transformer, block, half, fitted.layer);
            Effect alone = effect(m_search.logitsFrom(m_transformer, block, m_progress));
            losses.push_back(alone.kl);
            shifts.push_back(std::move(alone.shift));
        }
        if (m_scope.pairs)
            (attention ? m_linearAttentions : m_linearMlps).push_back(std::move(fitted.layer));
    }

    // With the images embedded anew; the linear halves are those that were tried alone.
    void tryPairs()
    {
        const auto blocks = static_cast<int>(m_model.spec.blocks.size());
        QuietProgress quiet(m_progress);
        m_search.embed(m_transformer, nullptr, quiet);
        for (int block = 0; block < blocks; ++block) {
            if (m_scope.attention)
                tryPairs(block, BlockPart::Attention, m_linearAttentions, m_result.linearAttentions,
                         m_result.shifts.linearAttentions, m_result.linearAttentionPairs);
            if (m_scope.mlp)
                tryPairs(block, BlockPart::Mlp, m_linearMlps, m_result.linearMlps, m_result.shifts.linearMlps,
                         m_result.linearMlpPairs);
            m_search.advance(m_transformer, block, m_progress);
            m_progress.step(blocks + 2 + block + 1);
        }
    }

    // Of `block` with those after it.
    void tryPairs(int block, BlockPart half, const std::vector<LinearWeights> &layers,
                  const std::vector<double> &losses, const std::vector<LogitShift> &shifts,
                  std::vector<LinearPair> &pairs)
    {
        const LinearHalfInPlace first(m_transformer, block, half, layers[static_cast<std::size_t>(block)]);
        const int last = std::min(block + linearPairReach, static_cast<int>(layers.size()) - 1);
        for (int later = block + 1; later <= last; ++later) {
            const auto a = static_cast<std::size_t>(block);
            const auto b = static_cast<std::size_t>(later);
            const LinearHalfInPlace second(m_transformer, later, half, layers[b]);
            const Effect both = effect(m_search.logitsFrom(m_transformer, block, m_progress));
            pairs.push_back({block, later, both.kl - losses[a] - losses[b], beyond(both.shift, shifts[a], shifts[b])});
        }
    }

    void tryHeads(int block, const BlockStatistics &statistics)
    {
        const BlockWeights &weights = m_model.weights.blocks[static_cast<std::size_t>(block)];
        const ModelSpec &spec = m_model.spec;
        const HeadDims dims = headDims(spec, spec.blocks[static_cast<std::size_t>(block)]);
        const HeadBases bases = headBases(weights.qkv, weights.proj, dims, statistics.qkv, statistics.proj, m_progress);
        const LinearWeights qkv = qkvInBases(weights.qkv, bases);
        const LinearWeights proj = projInBases(weights.proj, bases);
        const LinearStatistics projInput = projInputInBases(statistics.proj, bases);
        const int index = 1 + 4 * block;
        const auto tryLeft = [&](const HeadDims &left, double &loss, LogitShift &shift) {
            const PrunedAttention pruned = pruneAttention(qkv, proj, projInput, dims, left, m_settings, m_progress);
            Effect effect =
                effectOfHalf(block, index, makeLinear(pruned.qkv, m_transformer.target()), pruned.proj, left.heads);
            loss = effect.kl;
            shift = std::move(effect.shift);
        };
        const auto tryDims = [&](std::int64_t HeadDims::*which, const std::vector<double> &error,
                                 LogitShifts::ByWidth &shifts) {
            std::map<std::int64_t, double> losses{{dims.*which, 0.0}};
            for (const std::int64_t dim : sensitivityDims(dims.*which, spec.headDim, m_scope.headKeeps)) {
                HeadDims left = dims;
                left.*which = dim;
                tryLeft(left, losses[dim], shifts[dim]);
            }
            const std::vector<std::int64_t> all = sensitivityDims(dims.*which, spec.headDim);
            return betweenMeasured(losses, all.empty() ? dims.*which : all.back(), headDimStep(spec.headDim),
                                   [&](std::int64_t dim) { return error.at(static_cast<std::size_t>(dim)); });
        };
        m_result.qkDims.push_back(tryDims(&HeadDims::qk, bases.qkError, m_result.shifts.qkDims.emplace_back()));
        m_result.voDims.push_back(tryDims(&HeadDims::vo, bases.voError, m_result.shifts.voDims.emplace_back()));
        if (!m_scope.removal)
            return;
        std::map<std::int64_t, double> losses{{dims.heads, 0.0}};
        LogitShifts::ByWidth &shifts = m_result.shifts.headCounts.emplace_back();
        for (const int heads : sensitivityHeadCounts(dims.heads, m_scope.headKeeps))
            tryLeft({heads, dims.qk, dims.vo}, losses[heads], shifts[heads]);
        m_result.headCounts.push_back(betweenMeasured(std::move(losses), 1, 1, [&](std::int64_t heads) {
            return bases.headError.at(static_cast<std::size_t>(heads));
        }));
    }

    void tryWidths(int block, const LinearStatistics &fc2Input)
    {
        const BlockWeights &weights = m_model.weights.blocks[static_cast<std::size_t>(block)];
        const int fc1 = 1 + 4 * block + 2;
        const std::int64_t whole = weights.fc2.spec.inFeatures;
        const int heads = m_model.spec.headCount(m_model.spec.blocks[static_cast<std::size_t>(block)]);
        const PruningPath path = pruningPath(m_settings.score, weights.fc2, fc2Input, m_progress);
        std::map<std::int64_t, double> losses{{whole, 0.0}};
        auto &shifts = m_result.shifts.mlpWidths.emplace_back();
        for (const std::int64_t width : sensitivityWidths(whole, m_scope.mlpKeeps)) {
            const PrunedMlp pruned = pruneMlp(weights.fc1, weights.fc2, fc2Input, width, m_settings, m_progress, &path);
            Effect effect = effectOfHalf(block, fc1, makeLinear(pruned.fc1, m_transformer.target()), pruned.fc2, heads);
            losses[width] = effect.kl;
            shifts[width] = std::move(effect.shift);
        }
        const std::vector<std::int64_t> all = sensitivityWidths(whole);
        m_result.mlpWidths.push_back(betweenMeasured(losses, all.empty() ? whole : all.back(), mlpWidthStep(whole),
                                                     [&](std::int64_t width) { return path.errorAt(width); }));
    }

    // pre_logits and head; the streams stand behind the last block.
    void tryEnd()
    {
        if (!m_rounds)
            return;
        const auto blocks = static_cast<int>(m_model.spec.blocks.size());
        const int first = 1 + 4 * blocks;
        std::vector<const LinearWeights *> layers;
        for (const LinearWeights &layer : m_model.weights.preLogits)
            layers.push_back(&layer);
        layers.push_back(&m_model.weights.head);
        std::map<int, Depth> depths;
        for (std::size_t i = 0; i < layers.size(); ++i)
            depths[first + static_cast<int>(i)] = Depth::Gram;
        StatisticsCollector collector(m_model.spec, depths);
        m_calibration.logitsFrom(m_transformer, blocks, m_progress, &collector);
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const int index = first + static_cast<int>(i);
            const LinearStatistics statistics = collector.statistics(index);
            for (const NumberFormat format : m_formats) {
                if (isInteger(format))
                    note(layers[i]->spec.name, format,
                         effectWith(index, converted(*layers[i], format, statistics, false), blocks));
            }
        }
    }

    void tryCasts()
    {
        const auto linears = m_model.spec.linears();
        for (const NumberFormat format : m_formats) {
            if (format != NumberFormat::Fp16 && format != NumberFormat::Bf16)
                continue;
            std::vector<std::unique_ptr<Linear>> casts;
            try {
                for (const LinearSpec *linear : linears) {
                    throwIfCancelled(m_progress);
                    casts.push_back(
                        makeLinear(castWeights(m_model.linear(linear->name), format), m_transformer.target()));
                }
            } catch (const Error &error) {
                m_progress.note(std::string(toString(format)) + " is left out: " + error.what());
                continue;
            }
            for (std::size_t i = 0; i < casts.size(); ++i)
                casts[i] = m_transformer.exchange(static_cast<int>(i), std::move(casts[i]));
            QuietProgress quiet(m_progress);
            TokenStream changed = m_search;
            changed.embed(m_transformer, nullptr, quiet);
            Effect share = effect(changed.logitsFrom(m_transformer, 0, m_progress));
            share.kl /= static_cast<double>(linears.size());
            share.shift.step /= static_cast<float>(linears.size());
            for (std::size_t i = 0; i < linears.size(); ++i) {
                m_transformer.exchange(static_cast<int>(i), std::move(casts[i]));
                note(linears[i]->name, format, share);
            }
        }
    }

    const VitModel &m_model;
    const CompressionPlan &m_settings;
    const std::vector<NumberFormat> &m_formats;
    SensitivityScope m_scope;
    Progress &m_progress;
    Transformer m_transformer;
    TokenStream m_calibration;
    TokenStream m_search;
    bool m_rounds; // whether any format rounds
    std::vector<float> m_reference;
    LogitTracker m_tracker;
    std::vector<LinearWeights> m_linearAttentions; // by block, kept for pairs
    std::vector<LinearWeights> m_linearMlps;
    Sensitivity m_result;
};

} // namespace

std::vector<std::int64_t> sensitivityWidths(std::int64_t mlpWidth, std::span<const double> keeps)
{
    std::vector<std::int64_t> widths;
    for (const double keep : keeps) {
        const std::int64_t width = keptMlpWidth(mlpWidth, keep);
        if (width < (widths.empty() ? mlpWidth : widths.back()))
            widths.push_back(width);
    }
    return widths;
}

std::vector<std::int64_t> sensitivityDims(std::int64_t dim, std::int64_t headDim, std::span<const double> keeps)
{
    std::vector<std::int64_t> dims;
    for (const double keep : keeps) {
        const std::int64_t kept = keptHeadDim(dim, headDim, keep);
        if (kept < (dims.empty() ? dim : dims.back()))
            dims.push_back(kept);
    }
    return dims;
}

std::vector<int> sensitivityHeadCounts(int heads, std::span<const double> keeps)
{
    std::vector<int> counts;
    for (const double keep : keeps) {
        const int kept = keptHeads(heads, keep);
        if (kept < (counts.empty() ? heads : counts.back()))
            counts.push_back(kept);
    }
    return counts;
}

Sensitivity measureSensitivity(const VitModel &model, const CompressionPlan &settings,
                               const std::vector<NumberFormat> &formats, const CalibrationImages &calibration,
                               const CalibrationImages &search, const ExecutionTarget &target, Progress &progress,
                               const SensitivityScope &scope)
{
    return Trial(model, settings, formats, calibration, search, target, scope, progress).run();
}

} // namespace edgeflex
