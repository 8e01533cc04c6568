#include "app/studio/layeredits.h"

#include "app/studio/document.h"
#include "app/studio/planchanges.h"
#include "widgets/quantitytext.h"

#include <QCoreApplication>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr double offeredKeeps[] = {1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3};
constexpr double offeredHeadShares[] = {1.0, 0.75, 0.5, 0.25};

struct EditWords
{
    Q_DECLARE_TR_FUNCTIONS(LayerEdits)
public:
    static QString kept(double keep) { return tr("MLP kept: %1 %").arg(qRound(100 * keep)); }
    static QString heads(int kept, int whole) { return tr("Heads: %1 of %2").arg(kept).arg(whole); }
    static QString dimensions(double keep) { return tr("Heads' dimensions kept: %1 %").arg(qRound(100 * keep)); }
    static QString linearMlp() { return tr("MLP: a linear layer"); }
    static QString linearAttention() { return tr("Attention: a linear layer"); }
};

} // namespace

std::vector<Effect> editsOf(const Document &document, const QStringList &layers)
{
    std::vector<Effect> effects;
    if (layers.isEmpty())
        return effects;
    const ModelSpec &spec = document.spec();
    const CompressionPlan &now = document.plan();
    const ModelSpec planned = plannedSpec(spec, now);
    for (const NumberFormat format : allNumberFormats()) {
        const bool current = std::ranges::all_of(planned.linears(), [&](const LinearSpec *linear) {
            return linear->isAbsent() || linear->format == format ||
                   !layers.contains(QString::fromStdString(linear->name));
        });
        effects.push_back({formatText(format), planWithFormat(now, layers, format), current, {}});
    }
    const auto add = [&](const QString &text, const CompressionPlan &plan) {
        Effect effect{text, plan, true, {}};
        for (std::size_t i = 0; i < spec.blocks.size(); ++i)
            effect.current = effect.current && plannedBlock(spec, spec.blocks[i], plan.blocks[i]) ==
                                                   plannedBlock(spec, spec.blocks[i], now.blocks[i]);
        effects.push_back(std::move(effect));
    };
    QList<int> mlps = blocksOfMlp(layers);
    mlps.removeIf([&](int block) { return spec.blocks[static_cast<std::size_t>(block)].mlpIsLinear(); });
    if (!mlps.isEmpty()) {
        for (const double keep : offeredKeeps)
            add(EditWords::kept(keep), planWithMlpKeep(now, mlps, keep));
        add(EditWords::linearMlp(), planWithMlpKeep(now, mlps, 0));
    }
    QList<int> attentions = blocksOfAttention(layers);
    attentions.removeIf([&](int block) { return spec.blocks[static_cast<std::size_t>(block)].attentionIsLinear(); });
    if (attentions.isEmpty())
        return effects;
    int most = 0;
    std::int64_t widest = 0;
    for (const int block : attentions) {
        const BlockSpec &whole = spec.blocks[static_cast<std::size_t>(block)];
        most = std::max(most, spec.headCount(whole));
        widest = std::max({widest, spec.qkDim(whole), spec.voDim(whole)});
    }
    int fewest = most + 1;
    for (const double share : offeredHeadShares) {
        if (const int heads = keptHeads(most, share); heads < fewest)
            add(EditWords::heads(fewest = heads, most), planWithHeads(spec, now, attentions, heads));
    }
    std::int64_t narrowest = widest;
    for (const double share : offeredHeadShares) {
        if (const std::int64_t dim = keptHeadDim(widest, spec.headDim, share); dim < narrowest) {
            narrowest = dim;
            add(EditWords::dimensions(share), planWithAttentionKeep(now, attentions, share));
        }
    }
    add(EditWords::linearAttention(), planWithHeads(spec, now, attentions, 0));
    return effects;
}

} // namespace edgeflex
