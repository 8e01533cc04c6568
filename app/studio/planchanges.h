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

// Numbers of the blocks of whose attention, or of whose MLP, some layer is among these, in order.
QList<int> blocksOfAttention(const QStringList &layers);
QList<int> blocksOfMlp(const QStringList &layers);

// Share of the MLP channels that the plan keeps, over the blocks whose MLP it does not make linear; nothing where it
// leaves no MLP.
std::optional<double> averageMlpKeep(const ModelSpec &spec, const CompressionPlan &plan);

// `keep` 0: a linear layer in the MLP's place.
CompressionPlan planWithMlpKeep(CompressionPlan plan, const QList<int> &blocks, double keep);
// Of every head's queries and keys, and of its values.
CompressionPlan planWithAttentionKeep(CompressionPlan plan, const QList<int> &blocks, double keep);
// So many heads, or all where a block has fewer; 0: a linear layer in the attention's place.
CompressionPlan planWithHeads(const ModelSpec &spec, CompressionPlan plan, const QList<int> &blocks, int heads);
CompressionPlan planWithFormat(CompressionPlan plan, const QStringList &layers, NumberFormat format);
// Every block's share so that together they keep `keep`: by sensitivity where that is known, else all alike. MLPs that
// are linear stay so.
CompressionPlan planWithAverageKeep(const ModelSpec &spec, CompressionPlan plan,
                                    const std::optional<Sensitivity> &sensitivity, double keep);
// The like of the layers in every block have what these have; the first of a block's attention, or of its MLP, brings
// what is kept of that.
CompressionPlan planWithSimilar(const CompressionPlan &plan, const QStringList &layers);
// FP32, and whole what is kept of attention or MLP where its first layer is among these, or the only one it has.
CompressionPlan planWithReset(CompressionPlan plan, const QStringList &layers);

} // namespace edgeflex
