#pragma once

#include "plan/compressionplan.h"
#include "plan/sensitivity.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>

// What edits make of a plan.
namespace edgeflex {

// "blocks.3.mlp.fc1" -> 3 and "mlp.fc1"; -1 for layers outside the blocks.
std::pair<int, QString> splitLayerName(const QString &layer);

// Share of all MLP channels that the plan keeps.
double averageMlpKeep(const ModelSpec &spec, const CompressionPlan &plan);

CompressionPlan planWithMlpKeep(CompressionPlan plan, const QList<int> &blocks, double keep);
CompressionPlan planWithFormat(CompressionPlan plan, const QStringList &layers, NumberFormat format);
// Every block's share so that together they keep `keep`: by sensitivity where that is known, else all alike.
CompressionPlan planWithAverageKeep(const ModelSpec &spec, CompressionPlan plan,
                                    const std::optional<Sensitivity> &sensitivity, double keep);
// The like of the layers in every block have what these have; an MLP's layers bring its share.
CompressionPlan planWithSimilar(const CompressionPlan &plan, const QStringList &layers);
// FP32, and the whole MLP for the blocks whose MLP is among the layers.
CompressionPlan planWithReset(CompressionPlan plan, const QStringList &layers);

} // namespace edgeflex
