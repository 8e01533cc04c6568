#pragma once

#include "plan/layertimes.h"
#include "plan/modelspec.h"
#include "plan/sensitivity.h"

#include <QList>
#include <QString>

#include <optional>
#include <vector>

namespace edgeflex {

// Counts of heads that may stay of so many, from all to one: each, or some evenly spaced where they are many.
std::vector<int> offeredHeads(int heads);
// "2 of 3 heads"; "linear layer" for none.
QString headsText(int heads, int whole);
// Nats that the answers change by and milliseconds for a batch, "0.012 nats · 0.35 ms"; empty where neither is known.
QString choiceFigures(const std::optional<double> &nats, const std::optional<double> &milliseconds);

// What the attention, or the MLP, of blocks changes and takes as `planned` (a plan's spec of `spec`) leaves it, all of
// them together; nothing where that is not known of one of them.
struct HalfFigures
{
    std::optional<double> nats;
    std::optional<double> milliseconds;
};
HalfFigures attentionFigures(const ModelSpec &spec, const ModelSpec &planned, const QList<int> &blocks,
                             const std::optional<Sensitivity> &sensitivity, const std::optional<LayerTimes> &times);
HalfFigures mlpFigures(const ModelSpec &spec, const ModelSpec &planned, const QList<int> &blocks,
                       const std::optional<Sensitivity> &sensitivity, const std::optional<LayerTimes> &times);

} // namespace edgeflex
