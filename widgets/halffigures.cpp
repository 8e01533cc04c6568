#include "widgets/halffigures.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <stdexcept>

namespace edgeflex {
namespace {

constexpr int mostOffered = 16;

struct HalfWords
{
    Q_DECLARE_TR_FUNCTIONS(HalfFigures)
public:
    static QString linear() { return tr("linear layer"); }
    static QString heads(int kept, int whole) { return tr("%1 of %n heads", nullptr, whole).arg(kept); }
    static QString nats(double value) { return tr("%1 nats").arg(scientificText(value)); }
};

// `lossOf` and `timeOf` are asked for each block.
template<typename LossOf, typename TimeOf>
HalfFigures sumOver(const QList<int> &blocks, const std::optional<Sensitivity> &sensitivity,
                    const std::optional<LayerTimes> &times, const LossOf &lossOf, const TimeOf &timeOf)
{
    HalfFigures figures;
    if (sensitivity)
        figures.nats = 0;
    if (times)
        figures.milliseconds = 0;
    for (const int block : blocks) {
        if (figures.nats) {
            const std::optional<double> loss = lossOf(block);
            figures.nats = loss ? std::optional(*figures.nats + *loss) : std::nullopt;
        }
        try {
            if (figures.milliseconds)
                *figures.milliseconds += timeOf(block);
        } catch (const std::out_of_range &) { // not measured in this format, or not with a linear layer
            figures.milliseconds.reset();
        }
    }
    return figures;
}

} // namespace

std::vector<int> offeredHeads(int heads)
{
    const int step = std::max(1, (heads + mostOffered - 1) / mostOffered);
    std::vector<int> offered;
    for (int kept = heads; kept > 1; kept -= step)
        offered.push_back(kept);
    if (heads > 0)
        offered.push_back(1);
    return offered;
}

QString headsText(int heads, int whole)
{
    return heads == 0 ? HalfWords::linear() : HalfWords::heads(heads, whole);
}

QString choiceFigures(const std::optional<double> &nats, const std::optional<double> &milliseconds)
{
    QStringList parts;
    if (nats)
        parts += HalfWords::nats(*nats);
    if (milliseconds)
        parts += millisecondsText(*milliseconds);
    return parts.join(QString(" \u00b7 "));
}

HalfFigures attentionFigures(const ModelSpec &spec, const ModelSpec &planned, const QList<int> &blocks,
                             const std::optional<Sensitivity> &sensitivity, const std::optional<LayerTimes> &times)
{
    const auto at = [&](int block) -> const BlockSpec & {
        return planned.blocks[static_cast<std::size_t>(block)];
    };
    return sumOver(
        blocks, sensitivity, times, [&](int block) { return sensitivity->attentionLoss(spec, block, at(block)); },
        [&](int block) { return times->attentionMilliseconds(block, at(block)); });
}

HalfFigures mlpFigures(const ModelSpec &spec, const ModelSpec &planned, const QList<int> &blocks,
                       const std::optional<Sensitivity> &sensitivity, const std::optional<LayerTimes> &times)
{
    const auto at = [&](int block) -> const BlockSpec & {
        return planned.blocks[static_cast<std::size_t>(block)];
    };
    return sumOver(
        blocks, sensitivity, times, [&](int block) { return sensitivity->mlpLoss(spec, block, at(block)); },
        [&](int block) { return times->mlpMilliseconds(block, at(block)); });
}

} // namespace edgeflex
