#include "app/studio/planchanges.h"

#include "plan/widthallocation.h"

#include <algorithm>

namespace edgeflex {
namespace {

constexpr char attention[] = "attn.";
constexpr char mlp[] = "mlp.";

QList<int> blocksOf(const QStringList &layers, const char *part)
{
    QList<int> blocks;
    for (const QString &layer : layers) {
        const auto [block, suffix] = splitLayerName(layer);
        if (block >= 0 && suffix.startsWith(part) && !blocks.contains(block))
            blocks += block;
    }
    std::ranges::sort(blocks);
    return blocks;
}

template<typename Change>
CompressionPlan planWithBlocks(CompressionPlan plan, const QList<int> &blocks, const Change &change)
{
    for (const int block : blocks) {
        if (block >= 0 && static_cast<std::size_t>(block) < plan.blocks.size())
            change(static_cast<std::size_t>(block), plan.blocks[static_cast<std::size_t>(block)]);
    }
    return plan;
}

void takeAttention(BlockPlan &to, const BlockPlan &from)
{
    to.qkKeep = from.qkKeep;
    to.voKeep = from.voKeep;
    to.headKeep = from.headKeep;
}

} // namespace

std::pair<int, QString> splitLayerName(const QString &layer)
{
    const QStringList parts = layer.split('.');
    if (parts.size() < 4 || parts[0] != "blocks")
        return {-1, layer};
    return {parts[1].toInt(), parts.mid(2).join('.')};
}

QList<int> blocksOfAttention(const QStringList &layers)
{
    return blocksOf(layers, attention);
}

QList<int> blocksOfMlp(const QStringList &layers)
{
    return blocksOf(layers, mlp);
}

std::optional<double> averageMlpKeep(const ModelSpec &spec, const CompressionPlan &plan)
{
    double kept = 0;
    double whole = 0;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec planned = plannedBlock(spec, spec.blocks[i], plan.blocks[i]);
        if (planned.mlpIsLinear())
            continue;
        whole += static_cast<double>(spec.blocks[i].mlpWidth());
        kept += static_cast<double>(planned.mlpWidth());
    }
    return whole > 0 ? std::optional(kept / whole) : std::nullopt;
}

CompressionPlan planWithMlpKeep(CompressionPlan plan, const QList<int> &blocks, double keep)
{
    return planWithBlocks(std::move(plan), blocks, [keep](std::size_t, BlockPlan &block) { block.mlpKeep = keep; });
}

CompressionPlan planWithAttentionKeep(CompressionPlan plan, const QList<int> &blocks, double keep)
{
    return planWithBlocks(std::move(plan), blocks,
                          [keep](std::size_t, BlockPlan &block) { block.qkKeep = block.voKeep = keep; });
}

CompressionPlan planWithHeads(const ModelSpec &spec, CompressionPlan plan, const QList<int> &blocks, int heads)
{
    return planWithBlocks(std::move(plan), blocks, [&](std::size_t i, BlockPlan &block) {
        if (const int all = spec.headCount(spec.blocks[i]); all > 0)
            block.headKeep = std::min(1.0, static_cast<double>(heads) / all);
    });
}

CompressionPlan planWithFormat(CompressionPlan plan, const QStringList &layers, NumberFormat format)
{
    for (const QString &layer : layers)
        plan.formats[layer.toStdString()] = format;
    return plan;
}

CompressionPlan planWithAverageKeep(const ModelSpec &spec, CompressionPlan plan,
                                    const std::optional<Sensitivity> &sensitivity, double keep)
{
    std::vector<std::size_t> blocks; // that have an MLP
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        if (!spec.blocks[i].mlpIsLinear() && plan.blocks[i].mlpKeep > 0)
            blocks.push_back(i);
    }
    std::vector<std::int64_t> widths;
    if (sensitivity && sensitivity->mlpWidths.size() == plan.blocks.size()) {
        std::vector<std::map<std::int64_t, double>> losses;
        for (const std::size_t i : blocks) {
            losses.push_back(sensitivity->mlpWidths[i]);
            losses.back()[spec.blocks[i].mlpWidth()] = 0;
        }
        widths = allocateWidths(losses, keep);
    }
    for (std::size_t at = 0; at < blocks.size(); ++at) {
        const auto whole = static_cast<double>(spec.blocks[blocks[at]].mlpWidth());
        plan.blocks[blocks[at]].mlpKeep = widths.empty() ? keep : static_cast<double>(widths[at]) / whole;
    }
    return plan;
}

CompressionPlan planWithSimilar(const CompressionPlan &plan, const QStringList &layers)
{
    CompressionPlan result = plan;
    for (const QString &layer : layers) {
        const auto [block, suffix] = splitLayerName(layer);
        if (block < 0)
            continue;
        for (std::size_t i = 0; i < result.blocks.size(); ++i) {
            const BlockPlan &from = plan.blocks[static_cast<std::size_t>(block)];
            result.formats[layerName(static_cast<int>(i), suffix.toStdString())] = plan.format(layer.toStdString());
            if (suffix == "mlp.fc1")
                result.blocks[i].mlpKeep = from.mlpKeep;
            if (suffix == "attn.qkv")
                takeAttention(result.blocks[i], from);
        }
    }
    return result;
}

CompressionPlan planWithReset(CompressionPlan plan, const QStringList &layers)
{
    for (const QString &layer : layers) {
        plan.formats.erase(layer.toStdString());
        const auto [block, suffix] = splitLayerName(layer);
        if (block < 0)
            continue;
        BlockPlan &kept = plan.blocks[static_cast<std::size_t>(block)];
        if (suffix == "mlp.fc1" || (suffix == "mlp.fc2" && kept.mlpKeep == 0))
            kept.mlpKeep = 1;
        if (suffix == "attn.qkv" || (suffix == "attn.proj" && kept.headKeep == 0))
            takeAttention(kept, {});
    }
    return plan;
}

} // namespace edgeflex
