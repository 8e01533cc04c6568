#include "app/studio/planchanges.h"

#include "plan/widthallocation.h"

namespace edgeflex {

std::pair<int, QString> splitLayerName(const QString &layer)
{
    const QStringList parts = layer.split('.');
    if (parts.size() < 4 || parts[0] != "blocks")
        return {-1, layer};
    return {parts[1].toInt(), parts.mid(2).join('.')};
}

double averageMlpKeep(const ModelSpec &spec, const CompressionPlan &plan)
{
    double kept = 0;
    double whole = 0;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const std::int64_t width = spec.blocks[i].mlpWidth();
        whole += static_cast<double>(width);
        kept += static_cast<double>(keptMlpWidth(width, plan.blocks[i].mlpKeep));
    }
    return whole > 0 ? kept / whole : 1;
}

CompressionPlan planWithMlpKeep(CompressionPlan plan, const QList<int> &blocks, double keep)
{
    for (const int block : blocks) {
        if (block >= 0 && static_cast<std::size_t>(block) < plan.blocks.size())
            plan.blocks[static_cast<std::size_t>(block)].mlpKeep = keep;
    }
    return plan;
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
    std::vector<std::int64_t> widths;
    if (sensitivity && sensitivity->mlpWidths.size() == plan.blocks.size()) {
        std::vector<std::map<std::int64_t, double>> losses = sensitivity->mlpWidths;
        for (std::size_t i = 0; i < losses.size(); ++i)
            losses[i][spec.blocks[i].mlpWidth()] = 0;
        widths = allocateWidths(losses, keep);
    }
    for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
        const auto whole = static_cast<double>(spec.blocks[i].mlpWidth());
        plan.blocks[i].mlpKeep = widths.empty() ? keep : static_cast<double>(widths[i]) / whole;
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
            result.formats[layerName(static_cast<int>(i), suffix.toStdString())] = plan.format(layer.toStdString());
            if (suffix == "mlp.fc1")
                result.blocks[i].mlpKeep = plan.blocks[static_cast<std::size_t>(block)].mlpKeep;
        }
    }
    return result;
}

CompressionPlan planWithReset(CompressionPlan plan, const QStringList &layers)
{
    for (const QString &layer : layers) {
        plan.formats.erase(layer.toStdString());
        const auto [block, suffix] = splitLayerName(layer);
        if (block >= 0 && suffix == "mlp.fc1")
            plan.blocks[static_cast<std::size_t>(block)].mlpKeep = 1;
    }
    return plan;
}

} // namespace edgeflex
