#include "engine/compress/planner.h"

#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/layerprofile.h"
#include "plan/widthallocation.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

namespace edgeflex {

namespace {

// (||fc1_j|| ||fc2_:j||)^2 of each channel, greatest first, as shares of their sum.
std::vector<double> channelShares(const BlockWeights &block)
{
    const Tensor fc1 = block.fc1.dequantized();
    const Tensor fc2 = block.fc2.dequantized();
    const std::int64_t channels = block.fc1.spec.outFeatures;
    const std::int64_t width = block.fc1.spec.inFeatures;
    std::vector<double> shares(static_cast<std::size_t>(channels));
    double total = 0;
    for (std::int64_t j = 0; j < channels; ++j) {
        double in = 0;
        double out = 0;
        for (std::int64_t c = 0; c < width; ++c) {
            in += static_cast<double>(fc1.floats()[j * width + c]) * fc1.floats()[j * width + c];
            out += static_cast<double>(fc2.floats()[c * channels + j]) * fc2.floats()[c * channels + j];
        }
        total += shares[static_cast<std::size_t>(j)] = in * out;
    }
    for (double &share : shares)
        share /= total > 0 ? total : 1;
    std::sort(shares.begin(), shares.end(), std::greater<>());
    return shares;
}

// A width for each of `blocks`.
std::vector<std::int64_t> unequalWidths(const VitModel &model, const std::vector<std::size_t> &blocks, double keep)
{
    std::vector<std::map<std::int64_t, double>> losses;
    for (const std::size_t i : blocks) {
        const std::int64_t whole = model.spec.blocks[i].mlpWidth();
        const std::int64_t least = keptMlpWidth(whole, keep / 2);
        const std::int64_t step = mlpWidthStep(whole);
        std::map<std::int64_t, double> &block = losses.emplace_back();
        double kept = 0;
        std::int64_t width = 0;
        for (const double share : channelShares(model.weights.blocks[i])) {
            kept += share;
            ++width;
            if (width >= least && (width % step == 0 || width == whole))
                block[width] = std::max(0.0, 1 - kept);
        }
    }
    const std::vector<std::int64_t> widths = allocateWidths(losses, keep);
    if (widths.empty())
        throw Error("keeping " + std::to_string(keep) + " of the MLP channels is less than one step of " +
                    std::to_string(mlpWidthStep(model.spec.blocks[blocks.front()].mlpWidth())) +
                    " channels a block; keep more");
    return widths;
}

// FP16 or BF16 for every layer, after what a profile says of its risks.
void assignHalves(CompressionPlan &plan, const std::string &path)
{
    const auto profile = readJsonFile(path).get<ActivationProfile>();
    for (const LayerProfile &layer : profile.layers) {
        const auto format = plan.formats.find(layer.name);
        if (format == plan.formats.end())
            throw Error(path + " is the profile of another model: this one has no layer \"" + layer.name + "\"");
        if (layer.castRisk == CastRisk())
            throw Error(path + " says nothing of what 16-bit formats risk in layer \"" + layer.name +
                        "\": profile the model again");
        format->second = safeHalf(layer.castRisk);
    }
}

void makeLinear(CompressionPlan &plan, const std::vector<std::int64_t> &blocks, double BlockPlan::*kept,
                const std::string &option)
{
    const auto count = static_cast<std::int64_t>(plan.blocks.size());
    for (const std::int64_t block : blocks) {
        if (block < 0 || block >= count)
            throw Error(option + ": the model has no block " + std::to_string(block) + "; its blocks are 0 to " +
                        std::to_string(count - 1));
        plan.blocks[static_cast<std::size_t>(block)].*kept = 0;
    }
}

} // namespace

CompressionPlan makePlan(const VitModel &model, const PlanOptions &options)
{
    if (!(options.mlpKeep > 0 && options.mlpKeep <= 1))
        throw Error("--mlp-keep must be above 0 and at most 1: it is the share of MLP channels that stay");
    if (!(options.attentionKeep > 0 && options.attentionKeep <= 1))
        throw Error(
            "--attention-keep must be above 0 and at most 1: it is the share of the heads' dimensions that stay");
    if (!(options.headKeep > 0 && options.headKeep <= 1))
        throw Error("--head-keep must be above 0 and at most 1: it is the share of the heads that stay; "
                    "--linear-attention leaves none");
    CompressionPlan plan = identityPlan(model.spec);
    plan.score = options.score;
    if (!(options.correction >= 0 && options.correction <= 1))
        throw Error("--correction must be from 0 to 1: it is a share of the deviation that earlier blocks caused");
    plan.correction = options.correction;
    if (options.fitPasses < 0 || options.fitPasses > CompressionPlan::mostFitPasses)
        throw Error("--fit-passes must be from 0 to " + std::to_string(CompressionPlan::mostFitPasses));
    plan.fitPasses = options.fitPasses;
    for (const LinearSpec *linear : model.spec.linears()) {
        if (options.format != NumberFormat::Fp32)
            plan.formats[linear->name] = options.format;
    }
    if (!options.halfByProfile.empty())
        assignHalves(plan, options.halfByProfile);
    if (options.int4GroupSize != 32 && options.int4GroupSize != 64 && options.int4GroupSize != 128)
        throw Error("--group-size must be 32, 64 or 128 inputs");
    plan.int4GroupSize = options.int4GroupSize;
    plan.awq = options.awq;
    plan.rounding = options.rounding;
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        const BlockSpec &block = model.spec.blocks[i];
        if (block.attentionIsLinear())
            continue;
        const auto keep = [&](std::int64_t dim) {
            return static_cast<double>(keptHeadDim(dim, model.spec.headDim, options.attentionKeep)) /
                   static_cast<double>(dim);
        };
        plan.blocks[i].qkKeep = keep(model.spec.qkDim(block));
        plan.blocks[i].voKeep = keep(model.spec.voDim(block));
        const int heads = model.spec.headCount(block);
        plan.blocks[i].headKeep = static_cast<double>(keptHeads(heads, options.headKeep)) / heads;
    }
    makeLinear(plan, options.linearAttention, &BlockPlan::headKeep, "--linear-attention");
    makeLinear(plan, options.linearMlp, &BlockPlan::mlpKeep, "--linear-mlp");
    if (options.mlpKeep == 1)
        return plan;
    std::vector<std::size_t> mlps; // blocks that have one
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        if (plan.blocks[i].mlpKeep > 0 && !model.spec.blocks[i].mlpIsLinear())
            mlps.push_back(i);
    }
    std::vector<std::int64_t> widths;
    if (!options.uniform && !mlps.empty())
        widths = unequalWidths(model, mlps, options.mlpKeep);
    for (std::size_t at = 0; at < mlps.size(); ++at) {
        const std::size_t i = mlps[at];
        const std::int64_t whole = model.spec.blocks[i].mlpWidth();
        const std::int64_t width = options.uniform ? keptMlpWidth(whole, options.mlpKeep) : widths[at];
        plan.blocks[i].mlpKeep = static_cast<double>(width) / static_cast<double>(whole);
    }
    return plan;
}

} // namespace edgeflex
