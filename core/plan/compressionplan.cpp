#include "plan/compressionplan.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>
#include <utility>

namespace edgeflex {

namespace {

constexpr NumberRange keepRange{0, 1, true};

bool isKeep(double keep)
{
    return keep > 0 && keep <= 1; // false for NaN
}

bool isKeepOrNone(double keep)
{
    return keep == 0 || isKeep(keep);
}

// `keep` of `whole` in steps; 0.7 * 1280 must count as 896 although 0.7 is not a binary fraction.
std::int64_t snapped(std::int64_t whole, double keep, std::int64_t step)
{
    if (keep == 1)
        return whole;
    const auto exact = static_cast<double>(whole);
    const auto kept = static_cast<std::int64_t>(std::floor(exact * keep + 1e-9 * exact));
    return std::min(std::max(kept / step * step, step), whole);
}

bool isInt4GroupSize(int size)
{
    return size == 32 || size == 64 || size == 128;
}

// Makes a half block linear: `only` as wide as the tokens, and not `other`.
void makeLinearHalf(const ModelSpec &spec, LinearSpec &other, LinearSpec &only)
{
    other = absentLinear(other.name);
    only.inFeatures = spec.width;
}

void planAttention(const ModelSpec &spec, const BlockPlan &plan, BlockSpec &block)
{
    if (block.attentionIsLinear())
        return;
    const int heads = keptHeads(spec.headCount(block), plan.headKeep);
    if (heads == 0) {
        makeLinearHalf(spec, block.qkv, block.proj);
        block.removedHeads = 0;
        return;
    }
    const std::int64_t qkDim = keptHeadDim(spec.qkDim(block), spec.headDim, plan.qkKeep);
    const std::int64_t voDim = keptHeadDim(spec.voDim(block), spec.headDim, plan.voKeep);
    block.removedHeads = spec.heads - heads;
    block.qkv.outFeatures = heads * (2 * qkDim + voDim);
    block.proj.inFeatures = heads * voDim;
}

void planMlp(const ModelSpec &spec, const BlockPlan &plan, BlockSpec &block)
{
    if (block.mlpIsLinear())
        return;
    const std::int64_t kept = keptMlpWidth(block.mlpWidth(), plan.mlpKeep);
    if (kept == 0) {
        makeLinearHalf(spec, block.fc1, block.fc2);
        return;
    }
    block.fc1.outFeatures = kept;
    block.fc2.inFeatures = kept;
}

} // namespace

std::string_view toString(ImportanceScore score)
{
    switch (score) {
    case ImportanceScore::MeanActivation:
        return "mean_activation";
    case ImportanceScore::Wanda:
        return "wanda";
    case ImportanceScore::Flap:
        return "flap";
    case ImportanceScore::Obs:
        return "obs";
    }
    return "";
}

ImportanceScore importanceScoreFromString(std::string_view word)
{
    for (const ImportanceScore score :
         {ImportanceScore::MeanActivation, ImportanceScore::Wanda, ImportanceScore::Flap, ImportanceScore::Obs}) {
        if (word == toString(score))
            return score;
    }
    throw Error("\"" + std::string(word) + "\" is not an importance score; use mean_activation, wanda, flap or obs");
}

NumberFormat CompressionPlan::format(const std::string &layer) const
{
    const auto found = formats.find(layer);
    return found == formats.end() ? NumberFormat::Fp32 : found->second;
}

CompressionPlan identityPlan(const ModelSpec &spec)
{
    CompressionPlan plan;
    plan.model = spec.name;
    plan.blocks.resize(spec.blocks.size());
    for (const LinearSpec *linear : spec.linears())
        plan.formats[linear->name] = NumberFormat::Fp32;
    return plan;
}

std::int64_t mlpWidthStep(std::int64_t mlpWidth)
{
    return mlpWidth >= 1024 ? 64 : 16;
}

std::int64_t keptMlpWidth(std::int64_t mlpWidth, double keep)
{
    if (!isKeepOrNone(keep))
        throw Error("plan: an MLP keep ratio must be in [0, 1]");
    if (keep == 0)
        return 0;
    if (mlpWidth < 1)
        throw Error("plan: an MLP of width " + std::to_string(mlpWidth) + " cannot be pruned");
    return snapped(mlpWidth, keep, mlpWidthStep(mlpWidth));
}

std::int64_t keptHeadDim(std::int64_t dim, std::int64_t headDim, double keep)
{
    if (!isKeep(keep))
        throw Error("plan: a keep ratio of attention must be in (0, 1]");
    if (dim < 1)
        throw Error("plan: heads of " + std::to_string(dim) + " dimensions cannot be pruned");
    return snapped(dim, keep, headDimStep(headDim));
}

int keptHeads(int heads, double keep)
{
    if (!isKeepOrNone(keep))
        throw Error("plan: a keep ratio of heads must be in [0, 1]");
    if (keep == 0 || heads < 1)
        return 0;
    return std::clamp(static_cast<int>(std::floor(heads * keep + 1e-9 * heads)), 1, heads);
}

BlockSpec plannedBlock(const ModelSpec &spec, const BlockSpec &block, const BlockPlan &plan)
{
    BlockSpec planned = block;
    planAttention(spec, plan, planned);
    planMlp(spec, plan, planned);
    return planned;
}

ModelSpec plannedSpec(const ModelSpec &spec, const CompressionPlan &plan)
{
    if (plan.blocks.size() != spec.blocks.size())
        throw Error("plan: it has " + std::to_string(plan.blocks.size()) + " blocks, but the model has " +
                    std::to_string(spec.blocks.size()) + "; make a plan for this model");
    if (!isInt4GroupSize(plan.int4GroupSize))
        throw Error("plan: INT4 groups of " + std::to_string(plan.int4GroupSize) +
                    " are not supported; use 32, 64 or 128");
    ModelSpec planned = spec;
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        const BlockPlan &blockPlan = plan.blocks[i];
        if (!isKeepOrNone(blockPlan.mlpKeep) || !isKeepOrNone(blockPlan.headKeep) || !isKeep(blockPlan.qkKeep) ||
            !isKeep(blockPlan.voKeep))
            throw Error("plan: the keep ratios of block " + std::to_string(i) +
                        " must be in (0, 1], those of its MLP and heads in [0, 1]");
        planned.blocks[i] = plannedBlock(spec, spec.blocks[i], blockPlan);
    }
    for (LinearSpec *linear : planned.linears()) {
        if (linear->isAbsent())
            continue;
        linear->format = plan.format(linear->name);
        linear->inputScale = false;
        if (linear->format == NumberFormat::Int4)
            linear->groupSize = plan.int4GroupSize;
    }
    // Scales of the other layers fold into the layer before; GELU is not homogeneous, so fc2 keeps its own.
    for (BlockSpec &block : planned.blocks)
        block.fc2.inputScale = plan.awq && isInteger(block.fc2.format) && !block.mlpIsLinear();
    std::set<std::string_view> known;
    for (const LinearSpec *linear : spec.linears())
        known.insert(linear->name);
    for (const auto &entry : plan.formats) {
        if (!known.contains(entry.first))
            throw Error("plan: it sets the format of layer \"" + entry.first + "\", which the model does not have");
    }
    return planned;
}

bool sameWork(const ModelSpec &spec, const CompressionPlan &a, const CompressionPlan &b)
{
    if (a.score != b.score || a.refit != b.refit || a.correction != b.correction || a.fitPasses != b.fitPasses ||
        a.awq != b.awq || a.rounding != b.rounding || a.blocks.size() != b.blocks.size() ||
        a.blocks.size() != spec.blocks.size())
        return false;
    for (std::size_t i = 0; i < a.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        if (plannedBlock(spec, block, a.blocks[i]) != plannedBlock(spec, block, b.blocks[i]))
            return false;
    }
    const ModelSpec planned = plannedSpec(spec, a);
    for (const LinearSpec *linear : planned.linears()) {
        const NumberFormat format = a.format(linear->name);
        if (!linear->isAbsent() &&
            (format != b.format(linear->name) || (format == NumberFormat::Int4 && a.int4GroupSize != b.int4GroupSize)))
            return false;
    }
    return true;
}

static void to_json(nlohmann::json &json, const BlockPlan &value)
{
    json = {
        {"mlpKeep", value.mlpKeep}, {"qkKeep", value.qkKeep}, {"voKeep", value.voKeep}, {"headKeep", value.headKeep}};
}

static void from_json(const nlohmann::json &json, BlockPlan &value)
{
    const JsonFields fields(json, "block");
    fields.read("mlpKeep", value.mlpKeep, zeroToOne);
    if (fields.has("headKeep")) // not in older files
        fields.read("headKeep", value.headKeep, zeroToOne);
    if (fields.has("attentionKeep")) { // of older files: one share for both
        fields.read("attentionKeep", value.qkKeep, keepRange);
        value.voKeep = value.qkKeep;
    } else {
        fields.read("qkKeep", value.qkKeep, keepRange);
        fields.read("voKeep", value.voKeep, keepRange);
    }
    fields.refuseUnknown();
}

void addRoundingStages(nlohmann::json &json, const RoundingStages &value)
{
    json["shift"] = value.shift;
    json["clip"] = value.clip;
    json["gptq"] = value.gptq;
    json["biasCorrection"] = value.biasCorrection;
}

void readRoundingStages(const JsonFields &fields, RoundingStages &value)
{
    value = {};
    const std::pair<const char *, bool *> stages[] = {{"shift", &value.shift},
                                                      {"clip", &value.clip},
                                                      {"gptq", &value.gptq},
                                                      {"biasCorrection", &value.biasCorrection}};
    for (const auto &[key, stage] : stages) {
        if (fields.has(key))
            fields.read(key, *stage);
    }
}

void to_json(nlohmann::json &json, const CompressionPlan &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, format] : value.formats)
        formats[layer] = toString(format);
    json = {{"model", value.model},
            {"blocks", value.blocks},
            {"formats", std::move(formats)},
            {"score", toString(value.score)},
            {"refit", value.refit},
            {"correction", value.correction},
            {"fitPasses", value.fitPasses},
            {"int4GroupSize", value.int4GroupSize},
            {"awq", value.awq}};
    addRoundingStages(json, value.rounding);
}

void from_json(const nlohmann::json &json, CompressionPlan &value)
{
    const JsonFields fields(json, "plan");
    fields.read("model", value.model);
    fields.readObjects("blocks", value.blocks);
    fields.readWords("formats", value.formats, numberFormatFromString);
    fields.readWord("score", value.score, importanceScoreFromString);
    fields.read("refit", value.refit);
    value.correction = 0; // of files before there was one
    if (fields.has("correction"))
        fields.read("correction", value.correction, {0, 1});
    value.fitPasses = 0; // likewise
    if (fields.has("fitPasses"))
        fields.read("fitPasses", value.fitPasses, {0, CompressionPlan::mostFitPasses});
    fields.read("int4GroupSize", value.int4GroupSize, {32, 128});
    if (!isInt4GroupSize(value.int4GroupSize))
        fields.fail("int4GroupSize", "must be 32, 64 or 128");
    fields.read("awq", value.awq);
    readRoundingStages(fields, value.rounding);
    fields.refuseUnknown();
}

} // namespace edgeflex
