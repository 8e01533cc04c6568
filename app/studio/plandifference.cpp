#include "app/studio/plandifference.h"

#include "widgets/quantitytext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QMap>

namespace edgeflex {
namespace {

struct PlanWords
{
    Q_DECLARE_TR_FUNCTIONS(PlanDifference)
public:
    // "2 to 5, 9".
    static QString ranges(const QList<int> &blocks)
    {
        QStringList parts;
        for (qsizetype i = 0; i < blocks.size();) {
            qsizetype end = i;
            while (end + 1 < blocks.size() && blocks[end + 1] == blocks[end] + 1)
                ++end;
            parts += end == i ? QString::number(blocks[i]) : tr("%1 to %2").arg(blocks[i]).arg(blocks[end]);
            i = end + 1;
        }
        return parts.join(", ");
    }
    static QString where(const QString &what, const QList<int> &blocks, int all)
    {
        if (blocks.size() == all && all > 1)
            return tr("%1 of every block").arg(what);
        return blocks.size() == 1 ? tr("%1 of block %2").arg(what).arg(blocks.first())
                                  : tr("%1 of blocks %2").arg(what, ranges(blocks));
    }
    static QString heads() { return tr("Heads"); }
    static QString linear() { return tr("linear layer"); }
    static QString removed() { return tr("removed"); }
    static QString mlp() { return tr("MLP kept"); }
    static QString of(int kept, int whole) { return tr("%1 of %2").arg(kept).arg(whole); }
    static QString queries() { return tr("Queries and keys kept"); }
    static QString values() { return tr("Values kept"); }
    static QString importance() { return tr("Channels chosen by"); }
    static QString refit() { return tr("Refit"); }
    static QString correction() { return tr("Correction of earlier errors"); }
    static QString fitPasses() { return tr("Passes of the MLP fit"); }
    static QString groupSize() { return tr("INT4 group size"); }
    static QString awq() { return tr("Scale search of INT4"); }
    static QString rounding() { return tr("Stages of rounding"); }
    static QString onOff(bool on) { return on ? tr("on") : tr("off"); }
    static QString stages(const RoundingStages &stages)
    {
        QStringList parts;
        const auto add = [&](bool on, const QString &name) {
            if (on)
                parts += name;
        };
        add(stages.shift, tr("shift"));
        add(stages.clip, tr("clip"));
        add(stages.gptq, tr("GPTQ"));
        add(stages.biasCorrection, tr("bias correction"));
        return parts.isEmpty() ? tr("none") : parts.join(", ");
    }
};

struct Group
{
    QList<int> blocks;
    QStringList layers;
};

} // namespace

QList<PlanDifference> planDifferences(const ModelSpec &spec, const CompressionPlan &a, const CompressionPlan &b)
{
    const ModelSpec left = plannedSpec(spec, a);
    const ModelSpec right = plannedSpec(spec, b);
    QList<PlanDifference> differences;
    const auto format = [](const LinearSpec &linear) {
        return linear.isAbsent() ? PlanWords::removed() : formatText(linear.format);
    };
    const auto single = [&](const LinearSpec &before, const LinearSpec &after) {
        const QString name = QString::fromStdString(before.name);
        if (before.format != after.format)
            differences += {name, format(before), format(after), {name}};
    };
    single(left.patchEmbed, right.patchEmbed);
    // The same change of the same layer in several blocks is one line.
    QList<std::array<QString, 3>> order;
    QMap<QString, Group> groups;
    const auto add = [&](const QString &what, const QString &before, const QString &after, int block,
                         const QStringList &layers) {
        if (before == after)
            return;
        const QString key = what + '\n' + before + '\n' + after;
        if (!groups.contains(key))
            order += {what, before, after};
        groups[key].blocks += block;
        groups[key].layers += layers;
    };
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const auto block = static_cast<int>(i);
        const BlockSpec &before = left.blocks[i];
        const BlockSpec &after = right.blocks[i];
        const BlockSpec &full = spec.blocks[i];
        // Nothing is kept where a linear layer is in its place.
        const auto share = [](std::int64_t kept, std::int64_t all) {
            return kept == 0 || all == 0 ? PlanWords::linear()
                                         : shareText(static_cast<double>(kept) / static_cast<double>(all));
        };
        const auto heads = [&](const BlockSpec &planned) {
            const int count = spec.headCount(planned);
            return count == 0 ? PlanWords::linear() : PlanWords::of(count, spec.headCount(full));
        };
        const QStringList attention{QString::fromStdString(full.qkv.name), QString::fromStdString(full.proj.name)};
        add(PlanWords::heads(), heads(before), heads(after), block, attention);
        if (!before.attentionIsLinear() && !after.attentionIsLinear()) {
            add(PlanWords::queries(), share(left.qkDim(before), spec.qkDim(full)),
                share(right.qkDim(after), spec.qkDim(full)), block, attention);
            add(PlanWords::values(), share(left.voDim(before), spec.voDim(full)),
                share(right.voDim(after), spec.voDim(full)), block, attention);
        }
        add(PlanWords::mlp(), share(before.mlpWidth(), full.mlpWidth()), share(after.mlpWidth(), full.mlpWidth()),
            block, {QString::fromStdString(before.fc1.name), QString::fromStdString(before.fc2.name)});
        for (const auto layer : {&BlockSpec::qkv, &BlockSpec::proj, &BlockSpec::fc1, &BlockSpec::fc2}) {
            const QString name = QString::fromStdString((before.*layer).name);
            add(name.section('.', 2), format(before.*layer), format(after.*layer), block, {name});
        }
    }
    for (const auto &[what, before, after] : order) {
        const Group &group = groups[what + '\n' + before + '\n' + after];
        differences +=
            {PlanWords::where(what, group.blocks, static_cast<int>(spec.blocks.size())), before, after, group.layers};
    }
    for (std::size_t i = 0; i < left.preLogits.size(); ++i)
        single(left.preLogits[i], right.preLogits[i]);
    single(left.head, right.head);
    const auto stage = [&](const QString &what, const QString &before, const QString &after) {
        if (before != after)
            differences += {what, before, after, {}};
    };
    const auto name = [](ImportanceScore score) {
        return QString::fromUtf8(toString(score).data(), static_cast<qsizetype>(toString(score).size()));
    };
    stage(PlanWords::importance(), name(a.score), name(b.score));
    stage(PlanWords::refit(), PlanWords::onOff(a.refit), PlanWords::onOff(b.refit));
    stage(PlanWords::correction(), shareText(a.correction), shareText(b.correction));
    stage(PlanWords::fitPasses(), QString::number(a.fitPasses), QString::number(b.fitPasses));
    stage(PlanWords::groupSize(), QString::number(a.int4GroupSize), QString::number(b.int4GroupSize));
    stage(PlanWords::awq(), PlanWords::onOff(a.awq), PlanWords::onOff(b.awq));
    stage(PlanWords::rounding(), PlanWords::stages(a.rounding), PlanWords::stages(b.rounding));
    return differences;
}

} // namespace edgeflex
