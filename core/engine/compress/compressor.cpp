#include "engine/compress/compressor.h"

#include "engine/compress/blockcompressor.h"
#include "engine/compress/headbases.h"
#include "engine/compress/linearhalf.h"
#include "engine/compress/mlpfit.h"
#include "engine/compress/pruning.h"
#include "engine/compress/refit.h"
#include "engine/kernels/linear.h"
#include "engine/model/memoryguard.h"
#include "engine/model/savedmodel.h"
#include "engine/model/transformer.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/linearlayout.h"
#include "plan/memorytimeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <optional>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;

constexpr std::int64_t maxPlanFileBytes = 16 << 20;

bool becomesLinear(const BlockSpec &from, const BlockSpec &to, BlockPart half)
{
    return half == BlockPart::Attention ? to.attentionIsLinear() && !from.attentionIsLinear()
                                        : to.mlpIsLinear() && !from.mlpIsLinear();
}

bool changesAttention(const BlockSpec &from, const BlockSpec &to)
{
    return prunesHeads(from, to) || becomesLinear(from, to, BlockPart::Attention);
}

bool changesMlp(const BlockSpec &from, const BlockSpec &to)
{
    return from.mlpWidth() != to.mlpWidth();
}

bool prunesMlp(const BlockSpec &from, const BlockSpec &to)
{
    return changesMlp(from, to) && !to.mlpIsLinear();
}

// Whether a refit looks at the original model's tokens, too.
bool corrects(const ModelSpec &from, const ModelSpec &to, const CompressionPlan &plan)
{
    bool pruned = false;
    for (std::size_t i = 0; i < from.blocks.size(); ++i)
        pruned = pruned || changesMlp(from.blocks[i], to.blocks[i]) || changesAttention(from.blocks[i], to.blocks[i]);
    return plan.refit && plan.correction > 0 && pruned;
}

// Whether both layers of pruned MLPs are fitted.
bool fits(const ModelSpec &from, const ModelSpec &to, const CompressionPlan &plan)
{
    bool pruned = false;
    for (std::size_t i = 0; i < from.blocks.size(); ++i)
        pruned = pruned || prunesMlp(from.blocks[i], to.blocks[i]);
    return pruned && plan.refit && plan.fitPasses > 0;
}

bool prunesHeads(const ModelSpec &from, const ModelSpec &to)
{
    for (std::size_t i = 0; i < from.blocks.size(); ++i)
        if (prunesHeads(from.blocks[i], to.blocks[i]))
            return true;
    return false;
}

// A block's qkv and proj in FP32 with heads of the target's dimensions, fitted on the stream before it: first on what
// the attention does, then, its queries and keys pruned, on what it does now and on how far that is from what it did.
// `transformer` gets them.
void pruneHeads(Transformer &transformer, int block, const BlockSpec &target, const TokenStream &stream,
                bool weighsClassTokens, const CompressionPlan &plan, BlockWeights &weights, LayerErrors &errors,
                const Progress &progress)
{
    const int qkv = 1 + 4 * block;
    const int proj = qkv + 1;
    const HeadDims dims = headDims(transformer.spec(), transformer.spec().blocks[static_cast<std::size_t>(block)]);
    const HeadDims left = headDims(transformer.spec(), target);
    const auto put = [&](int index, const LinearWeights &layer) {
        transformer.exchange(index, makeLinear(layer, transformer.target()));
    };
    TokenStream attended = stream;
    HeadBases bases;
    LinearStatistics projInput;
    {
        StatisticsCollector collector(transformer.spec(), {{qkv, Depth::Gram}, {proj, Depth::Gram}}, weighsClassTokens);
        attended.moveTo(stream.passThrough(transformer, block, &collector, progress, BlockPart::Attention));
        projInput = collector.statistics(proj);
        bases = headBases(weights.qkv, weights.proj, dims, collector.statistics(qkv), projInput, progress);
    }
    const LinearWeights qkvChanged = qkvInBases(weights.qkv, bases);
    const LinearWeights projChanged = projInBases(weights.proj, bases);
    std::optional<OutputGap> gap;
    if (plan.refit) {
        put(qkv, keepOutputs(qkvChanged, keptQkvRows(dims, {dims.heads, left.qk, dims.vo})));
        put(proj, projChanged);
        StatisticsCollector collector(transformer.spec(), {{proj, Depth::Gram}}, weighsClassTokens);
        GapCollector gapCollector(transformer.spec(), proj, collector);
        stream.observe(transformer, block, gapCollector, attended, progress, BlockPart::Attention);
        projInput = collector.statistics(proj);
        gap = gapCollector.gap();
    } else {
        projInput = projInputInBases(projInput, bases);
    }
    PrunedAttention pruned =
        pruneAttention(qkvChanged, projChanged, projInput, dims, left, plan, progress, gap ? &*gap : nullptr);
    put(qkv, pruned.qkv);
    put(proj, pruned.proj);
    transformer.setHeads(block, left.heads);
    weights.qkv = std::move(pruned.qkv);
    weights.proj = std::move(pruned.proj);
    if (pruned.error)
        errors[weights.proj.spec.name] = *pruned.error;
}

// Half a block as one linear layer, fitted on the stream before the block. `transformer` gets it.
void makeHalfLinear(Transformer &transformer, int block, BlockPart half, const TokenStream &stream,
                    bool weighsClassTokens, BlockWeights &weights, LayerErrors &errors, const Progress &progress)
{
    const bool attention = half == BlockPart::Attention;
    LinearHalf fitted = fitLinearHalf(transformer, block, half, stream, weighsClassTokens, progress);
    errors[fitted.layer.spec.name] = fitted.error;
    LinearWeights &absent = attention ? weights.qkv : weights.fc1;
    absent = {};
    absent.spec = absentLinear(layerName(block, attention ? "attn.qkv" : "mlp.fc1"));
    (attention ? weights.proj : weights.fc2) = std::move(fitted.layer);
    transformer.setBlock(block, weights);
    if (attention)
        transformer.setHeads(block, 0);
}

// The last layer of half a block, proj or fc2, refitted so that it makes up for the plan's share of how far the stream
// behind that half is from the original model's, `reference`, which stands there. `transformer` gets it.
void correct(Transformer &transformer, int block, BlockPart half, const TokenStream &stream,
             const TokenStream &reference, bool weighsClassTokens, const CompressionPlan &plan, LinearWeights &layer,
             const Progress &progress)
{
    const int index = 1 + 4 * block + (half == BlockPart::Attention ? 1 : 3);
    StatisticsCollector collector(transformer.spec(), {{index, Depth::Gram}}, weighsClassTokens);
    GapCollector gapCollector(transformer.spec(), index, collector);
    stream.observe(transformer, block, gapCollector, reference, progress,
                   half == BlockPart::Attention ? BlockPart::Attention : BlockPart::Whole);
    const OutputGap gap = gapCollector.gap();
    std::vector<std::int64_t> all(static_cast<std::size_t>(layer.spec.inFeatures));
    std::iota(all.begin(), all.end(), 0);
    RefitOptions options;
    options.gap = &gap;
    options.correction = plan.correction;
    layer = refitInputs(layer, collector.statistics(index), all, options, progress).weights;
    transformer.exchange(index, makeLinear(layer, transformer.target()));
}

// A block's fc1 and fc2 in FP32 with the target's width: channels chosen and fc2 refitted by the moments of the stream
// before the block, then both fitted token by token where the plan says so. `reference`, which stands behind the block,
// is null when the plan corrects nothing. `transformer` gets them.
void pruneMlp(Transformer &transformer, int block, const BlockSpec &target, const TokenStream &stream,
              const TokenStream *reference, bool weighsClassTokens, const CompressionPlan &plan, BlockWeights &weights,
              LayerErrors &errors, const Progress &progress)
{
    const ModelSpec &spec = transformer.spec();
    const int fc2 = 1 + 4 * block + 3;
    StatisticsCollector collector(
        spec, {{fc2, neededDepths(spec.blocks[static_cast<std::size_t>(block)], target, plan).at(3)}},
        weighsClassTokens);
    std::optional<OutputGap> gap;
    if (reference) {
        GapCollector gapCollector(spec, fc2, collector);
        stream.observe(transformer, block, gapCollector, *reference, progress);
        gap = gapCollector.gap();
    } else {
        stream.observe(transformer, block, collector, progress);
    }
    PrunedMlp pruned = pruneMlp(weights.fc1, weights.fc2, collector.statistics(fc2), target.mlpWidth(), plan, progress,
                                nullptr, gap ? &*gap : nullptr);
    if (plan.refit && plan.fitPasses > 0 && !pruned.fc1.bias.empty() && !pruned.fc2.bias.empty()) {
        MlpTokenCollector tokens(spec, block, reference ? plan.correction : 0, weighsClassTokens);
        stream.observe(transformer, block, tokens, reference, progress);
        MlpFitOptions options;
        options.passes = plan.fitPasses;
        MlpFit fit = fitMlp(pruned.fc1, pruned.fc2, spec.activation, tokens.takeFit(), tokens.takeValidation(), options,
                            progress);
        pruned.fc1 = std::move(fit.fc1);
        pruned.fc2 = std::move(fit.fc2);
    }
    if (pruned.error)
        errors[weights.fc2.spec.name] = *pruned.error;
    weights.fc1 = std::move(pruned.fc1);
    weights.fc2 = std::move(pruned.fc2);
    transformer.setBlock(block, weights);
}

// Weights packed and compressed, the images' tokens, and one block's statistics with room for the refit.
std::int64_t estimateBytes(const VitModel &model, const ModelSpec &target, const CompressionPlan &plan,
                           const CalibrationImages &images)
{
    const ModelSpec &spec = model.spec;
    std::int64_t statistics = 0;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        const LinearSpec *layers[] = {&block.qkv, &block.proj, &block.fc1, &block.fc2};
        std::int64_t bytes = 0;
        for (const auto &[layer, depth] : neededDepths(block, target.blocks[i], plan)) {
            const std::int64_t features = layers[layer]->inFeatures;
            bytes += StatisticsCollector::bytes(features, depth);
            if (depth == Depth::Gram)
                bytes += 48 * features * features; // the matrix, centred, scaled and factored
        }
        for (const BlockPart half : {BlockPart::Attention, BlockPart::Mlp}) { // one after the other
            if (becomesLinear(block, target.blocks[i], half))
                bytes = std::max(bytes, StatisticsCollector::bytes(spec.width, Depth::Gram) +
                                            GapCollector::bytes(block.proj, images.batch * spec.tokens()) +
                                            48 * spec.width * spec.width);
        }
        statistics = std::max(statistics, bytes);
    }
    // Pruned heads need the tokens behind the whole ones, and room to run them.
    const int streams = 1 + (corrects(spec, target, plan) ? 1 : 0) + (prunesHeads(spec, target) ? 2 : 0);
    const std::int64_t fitted =
        fits(spec, target, plan) ? MlpTokenCollector::bytes(images.views() * spec.tokens(), spec.width) : 0;
    return weightBytes(spec) + weightBytes(target) + streams * TokenStream::bytes(images.views(), spec) + statistics +
           fitted;
}

} // namespace

void requireUncompressed(const VitModel &model)
{
    for (const LinearSpec *linear : model.spec.linears()) {
        if (linear->isAbsent())
            throw Error(model.path + " is already compressed (layer \"" + linear->name +
                        "\" was removed); start from the FP32 checkpoint it was made from");
        if (linear->format != NumberFormat::Fp32)
            throw Error(model.path + " is already compressed (layer \"" + linear->name + "\" is " +
                        std::string(toString(linear->format)) + "); start from the FP32 checkpoint it was made from");
    }
}

VitModel compressWeights(const VitModel &model, const CompressionPlan &plan, const CalibrationImages &images,
                         const JobOptions &job, LayerErrors &errors, Progress &progress)
{
    requireUncompressed(model);
    VitModel result = model;
    result.spec = plannedSpec(model.spec, plan);
    requireMemory(job, estimateBytes(model, result.spec, plan, images),
                  "compressing " + model.spec.name + " on " + std::to_string(images.indices.size()) + " images");

    Transformer transformer(model, detectTarget(job.threads), progress);
    TokenStream stream(images, model.spec);

    const auto convert = [&](const LinearSpec &target, LinearWeights &weights, StatisticsCollector &collector,
                             int index) {
        if (target == weights.spec)
            return;
        weights = convertLinear(weights, target, collector.statistics(index), plan, progress);
        weights.spec = target;
        weights.check();
        transformer.exchange(index, makeLinear(weights, transformer.target()));
    };

    progress.stage("calibrating", stream.batches());
    const LinearSpec &patchTarget = result.spec.patchEmbed;
    const bool patchChanges = patchTarget.format != NumberFormat::Fp32;
    StatisticsCollector patches(model.spec, {{0, Depth::Gram}});
    stream.embed(transformer, patchChanges ? &patches : nullptr, progress);
    std::optional<TokenStream> reference; // of the original model
    if (corrects(model.spec, result.spec, plan))
        reference.emplace(stream);
    if (patchChanges) {
        convert(patchTarget, result.weights.patchEmbed, patches, 0);
        stream.embed(transformer, nullptr, progress);
    }

    const auto blocks = static_cast<int>(model.spec.blocks.size());
    bool deviates = patchChanges; // the stream from the original model's
    progress.stage("compressing", blocks);
    for (int block = 0; block < blocks; ++block) {
        const auto at = static_cast<std::size_t>(block);
        const BlockSpec &target = result.spec.blocks[at];
        const int first = 1 + 4 * block;
        if (reference) // passes the original block, which the transformer still has
            reference->advance(transformer, block, progress, BlockPart::Attention);
        BlockWeights &weights = result.weights.blocks[at];
        const BlockSpec &original = model.spec.blocks[at];
        if (prunesHeads(original, target))
            pruneHeads(transformer, block, target, stream, images.weighsClassTokens, plan, weights, errors, progress);
        else if (becomesLinear(original, target, BlockPart::Attention))
            makeHalfLinear(transformer, block, BlockPart::Attention, stream, images.weighsClassTokens, weights, errors,
                           progress);
        deviates = deviates || changesAttention(original, target);
        if (reference && deviates)
            correct(transformer, block, BlockPart::Attention, stream, *reference, images.weighsClassTokens, plan,
                    weights.proj, progress);
        if (reference)
            reference->advance(transformer, block, progress, BlockPart::Mlp);
        if (becomesLinear(original, target, BlockPart::Mlp)) {
            makeHalfLinear(transformer, block, BlockPart::Mlp, stream, images.weighsClassTokens, weights, errors,
                           progress);
            if (reference)
                correct(transformer, block, BlockPart::Mlp, stream, *reference, images.weighsClassTokens, plan,
                        weights.fc2, progress);
        } else if (prunesMlp(original, target))
            pruneMlp(transformer, block, target, stream, reference ? &*reference : nullptr, images.weighsClassTokens,
                     plan, weights, errors, progress);
        deviates = deviates || target != original;
        const BlockSpec from = transformer.spec().blocks[at];
        if (target != from) {
            std::map<int, Depth> layers;
            for (const auto &[layer, depth] : neededDepths(from, target, plan))
                layers[first + layer] = depth;
            BlockStatistics statistics;
            if (!layers.empty()) {
                StatisticsCollector collector(transformer.spec(), layers, images.weighsClassTokens);
                stream.observe(transformer, block, collector, progress);
                for (const auto &[layer, depth] : layers)
                    statistics.layer(layer - first) = collector.statistics(layer);
            }
            BlockWeights made;
            const HeadDims left = headDims(model.spec, target);
            compressAttention(weights, left, target, left, statistics, plan, made, errors, progress);
            compressMlp(weights, target, statistics, plan, made, errors, progress);
            weights = std::move(made);
            transformer.setBlock(block, weights);
        }
        stream.advance(transformer, block, progress);
        progress.step(block + 1);
    }

    const int afterBlocks = 1 + 4 * blocks;
    const auto preLogits = static_cast<int>(model.spec.preLogits.size());
    std::map<int, Depth> layers;
    for (int i = 0; i <= preLogits; ++i)
        layers[afterBlocks + i] = Depth::Gram;
    StatisticsCollector collector(transformer.spec(), layers);
    stream.logitsFrom(transformer, blocks, progress, &collector);
    for (int i = 0; i < preLogits; ++i)
        convert(result.spec.preLogits[static_cast<std::size_t>(i)],
                result.weights.preLogits[static_cast<std::size_t>(i)], collector, afterBlocks + i);
    convert(result.spec.head, result.weights.head, collector, afterBlocks + preLogits);
    return result;
}

CompressResult writeCompressed(VitModel compressed, const VitModel &source, const CompressionPlan &plan,
                               const std::string &calibration, const CalibrationImages &images,
                               const LayerErrors &errors, const std::string &out)
{
    compressed.provenance = {{"made from", source.path},
                             {"made by", "EdgeFlex " EDGEFLEX_VERSION},
                             {"calibrated on", std::to_string(images.indices.size()) + " images of " + calibration +
                                                   calibrationViews(images.crops, images.flips)}};
    saveModel(compressed, out, Packed::Too);
    const std::filesystem::path folder(out);
    std::ofstream file(folder / "plan.json");
    file << nlohmann::json(plan).dump(2) << '\n';
    if (!file.flush())
        throw Error("cannot write " + (folder / "plan.json").string() + "; is the disk full?");
    file.close();

    CompressResult result;
    result.out = out;
    result.plan = plan;
    result.spec = compressed.spec;
    result.calibrationImages = static_cast<std::int64_t>(images.indices.size());
    result.flips = images.flips;
    result.crops = images.crops;
    result.weightsBytes = weightBytes(compressed.spec);
    result.baselineWeightsBytes = weightBytes(source.spec);
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        if (entry.is_regular_file() && entry.path().filename() != savedPackedFile)
            result.folderBytes += static_cast<std::int64_t>(entry.file_size());
    }
    result.layerError = errors;
    return result;
}

CompressResult compressModel(const CompressOptions &options, Progress &progress)
{
    const VitModel model = openModel(options.model);
    const CompressionPlan plan = readJsonFile(options.plan, maxPlanFileBytes).get<CompressionPlan>();
    const auto dataset = openDataset(options.calibration);
    CalibrationImages images{dataset.get(), spreadIndices(dataset->size(), options.images), options.batch,
                             withFlips(options.flips, model.spec)};
    images.crops = options.crops;
    LayerErrors errors;
    VitModel compressed = compressWeights(model, plan, images, options.job, errors, progress);
    return writeCompressed(std::move(compressed), model, plan, options.calibration, images, errors, options.out);
}

} // namespace edgeflex
