#include "engine/bench/plainvariant.h"

#include "engine/compress/compressor.h"
#include "engine/compress/int4.h"
#include "engine/compress/int8.h"
#include "engine/compress/pruning.h"

#include <numeric>

namespace edgeflex {

namespace {

constexpr RoundingStages nearest{false, false, false, false};

std::vector<std::int64_t> firstOf(std::int64_t count)
{
    std::vector<std::int64_t> indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), 0);
    return indices;
}

// The first `kept` of the `whole` dimensions of each head, in a layer whose heads begin at `start`.
void addHeads(std::vector<std::int64_t> &indices, std::int64_t start, int heads, std::int64_t whole, std::int64_t kept)
{
    for (int head = 0; head < heads; ++head)
        for (std::int64_t i = 0; i < kept; ++i)
            indices.push_back(start + head * whole + i);
}

void pruneAttention(BlockWeights &weights, const ModelSpec &spec, const BlockSpec &from, const BlockSpec &to)
{
    if (to.qkv.outFeatures == from.qkv.outFeatures)
        return;
    const int heads = spec.headCount(from);
    std::vector<std::int64_t> rows;
    addHeads(rows, 0, heads, spec.qkDim(from), spec.qkDim(to));
    addHeads(rows, from.qkWidth(), heads, spec.qkDim(from), spec.qkDim(to));
    addHeads(rows, 2 * from.qkWidth(), heads, spec.voDim(from), spec.voDim(to));
    weights.qkv = keepOutputs(weights.qkv, rows);
    std::vector<std::int64_t> columns;
    addHeads(columns, 0, heads, spec.voDim(from), spec.voDim(to));
    weights.proj = keepInputs(weights.proj, columns);
}

void pruneMlp(BlockWeights &weights, const BlockSpec &from, const BlockSpec &to)
{
    if (to.mlpWidth() == from.mlpWidth())
        return;
    weights.fc1 = keepOutputs(weights.fc1, firstOf(to.mlpWidth()));
    weights.fc2 = keepInputs(weights.fc2, firstOf(to.mlpWidth()));
}

LinearWeights rounded(const LinearWeights &weights, const LinearSpec &target)
{
    switch (target.format) {
    case NumberFormat::Int8:
        return quantizeInt8(weights, nearest);
    case NumberFormat::Int4:
        return quantizeInt4(weights, {target.groupSize, nearest});
    default:
        return castWeights(weights, target.format);
    }
}

} // namespace

VitModel plainVariant(const VitModel &model, const BenchPlan &plan)
{
    requireUncompressed(model);
    VitModel variant = model;
    variant.spec = plannedSpec(model.spec, plan);
    for (std::size_t i = 0; i < variant.weights.blocks.size(); ++i) {
        pruneAttention(variant.weights.blocks[i], model.spec, model.spec.blocks[i], variant.spec.blocks[i]);
        pruneMlp(variant.weights.blocks[i], model.spec.blocks[i], variant.spec.blocks[i]);
    }
    for (const LinearSpec *linear : variant.spec.linears()) {
        LinearWeights &weights = variant.linear(linear->name);
        weights = rounded(weights, *linear);
    }
    return variant;
}

} // namespace edgeflex
