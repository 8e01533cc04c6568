#include "app/studio/layeredits.h"

#include "app/studio/document.h"
#include "widgets/quantitytext.h"

#include <QCoreApplication>

namespace edgeflex {
namespace {

constexpr double offeredKeeps[] = {1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3};

struct EditWords
{
    Q_DECLARE_TR_FUNCTIONS(LayerEdits)
public:
    static QString kept(double keep) { return tr("MLP kept: %1 %").arg(qRound(100 * keep)); }
};

} // namespace

std::vector<Effect> editsOf(const Document &document, const QStringList &layers)
{
    std::vector<Effect> effects;
    if (layers.isEmpty())
        return effects;
    const CompressionPlan &now = document.plan();
    for (const NumberFormat format : allNumberFormats()) {
        Effect effect{formatText(format), now, true, {}};
        for (const QString &layer : layers) {
            effect.current = effect.current && now.format(layer.toStdString()) == format;
            effect.plan.formats[layer.toStdString()] = format;
        }
        effects.push_back(std::move(effect));
    }
    std::vector<std::size_t> blocks;
    for (std::size_t i = 0; i < document.spec().blocks.size(); ++i) {
        if (layers.contains(QString::fromStdString(document.spec().blocks[i].fc1.name)))
            blocks.push_back(i);
    }
    for (const double keep : offeredKeeps) {
        if (blocks.empty())
            break;
        Effect effect{EditWords::kept(keep), now, true, {}};
        for (const std::size_t block : blocks) {
            const std::int64_t whole = document.spec().blocks[block].mlpWidth();
            effect.current =
                effect.current && keptMlpWidth(whole, now.blocks[block].mlpKeep) == keptMlpWidth(whole, keep);
            effect.plan.blocks[block].mlpKeep = keep;
        }
        effects.push_back(std::move(effect));
    }
    return effects;
}

} // namespace edgeflex
