#include "widgets/layertreemodel.h"

#include "plan/linearlayout.h"
#include "widgets/editspeedtext.h"
#include "widgets/halffigures.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace edgeflex {
namespace {

constexpr int bytesPerFloat = 4;
enum Child { Qkv, Proj, Fc1 }; // rows under a block

std::int64_t inputRows(const ModelSpec &spec, const LinearSpec &linear)
{
    if (linear.name == spec.patchEmbed.name)
        return spec.patches();
    const bool once =
        linear.name == spec.head.name || (!spec.preLogits.empty() && linear.name == spec.preLogits.front().name);
    return once ? 1 : spec.tokens();
}

bool rightAligned(int column)
{
    return column >= LayerTreeModel::Weights;
}

} // namespace

LayerTreeModel::LayerTreeModel(QObject *parent) : QAbstractItemModel(parent) {}

void LayerTreeModel::setSpec(const ModelSpec &spec, int batch)
{
    beginResetModel();
    m_spec = spec;
    m_batch = batch;
    m_plan = identityPlan(spec);
    m_rows.clear();
    const auto add = [&](Row &row, const LinearSpec &linear) {
        row.linears.push_back({linear.name, inputRows(spec, linear), weightBytes(linear), 0, 0, {}, -1, {}});
    };
    add(m_rows.emplace_back(), spec.patchEmbed);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        Row &row = m_rows.emplace_back();
        row.block = static_cast<int>(i);
        for (const LinearSpec *linear : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            add(row, *linear);
    }
    for (const LinearSpec &linear : spec.preLogits)
        add(m_rows.emplace_back(), linear);
    add(m_rows.emplace_back(), spec.head);
    refresh();
    endResetModel();
}

void LayerTreeModel::setBatch(int batch)
{
    if (m_batch == batch)
        return;
    m_batch = batch;
    refresh();
    announceAll();
}

void LayerTreeModel::setPlan(const CompressionPlan &plan)
{
    m_plan = plan;
    refresh();
    announceAll();
}

void LayerTreeModel::setTimes(const std::optional<ActivationProfile> &profile, const std::optional<LayerTimes> &times)
{
    m_profile = profile;
    m_times = times;
    refresh();
    announceAll();
}

void LayerTreeModel::setSensitivity(const std::optional<Sensitivity> &sensitivity)
{
    m_sensitivity = sensitivity;
    announceAll();
}

void LayerTreeModel::setPinned(std::function<bool(const QString &)> isPinned)
{
    m_isPinned = std::move(isPinned);
    announceAll();
}

void LayerTreeModel::setRefits(const LayerErrors &refits)
{
    if (m_refits == refits)
        return;
    m_refits = refits;
    announceAll();
    if (!m_hadRefits && !refits.empty()) {
        m_hadRefits = true;
        Q_EMIT headerDataChanged(Qt::Horizontal, Refit, Refit);
    }
}

void LayerTreeModel::clear()
{
    beginResetModel();
    m_rows.clear();
    m_spec = {};
    m_refits.clear();
    m_hadRefits = false;
    endResetModel();
}

void LayerTreeModel::refresh()
{
    if (m_rows.empty())
        return;
    m_planned = plannedSpec(m_spec, m_plan);
    const auto linears = std::as_const(m_planned).linears();
    std::size_t next = 0;
    for (Row &row : m_rows) {
        for (Linear &linear : row.linears) {
            const LinearSpec &spec = *linears[next++];
            linear.format = spec.format;
            linear.planned = spec;
            linear.now = weightBytes(spec);
            linear.activations = m_batch * linear.rows * spec.outFeatures * bytesPerFloat;
            linear.milliseconds = -1;
            if (spec.isAbsent()) {
                linear.milliseconds = 0;
            } else if (m_times) {
                linear.milliseconds = millisecondsIn(linear, spec.format);
            } else if (m_profile) {
                const auto found = std::ranges::find(m_profile->layers, linear.name, &LayerProfile::name);
                if (found != m_profile->layers.end())
                    linear.milliseconds = found->milliseconds;
            }
        }
    }
}

double LayerTreeModel::millisecondsIn(const Linear &linear, NumberFormat format) const
{
    if (!m_times)
        return -1;
    LinearSpec changed = linear.planned;
    changed.format = format;
    try {
        return m_times->milliseconds(m_planned, changed);
    } catch (const std::out_of_range &) { // not measured in this format
        return -1;
    }
}

std::optional<EditSpeed> LayerTreeModel::slowFormat(const Linear &linear) const
{
    const std::optional<EditSpeed> speed = m_times ? formatSpeed(*m_times, m_planned, linear.planned) : std::nullopt;
    return speed && !speed->pays() ? speed : std::nullopt;
}

std::optional<EditSpeed> LayerTreeModel::keepSpeed(const QModelIndex &index) const
{
    if (!m_times || part(index) == NoPart)
        return std::nullopt;
    const int block = rowOf(index).block;
    const auto at = static_cast<std::size_t>(block);
    return (part(index) == MlpPart ? mlpSpeed : attentionSpeed)(*m_times, block, m_spec.blocks[at],
                                                                m_planned.blocks[at]);
}

QStringList LayerTreeModel::choices(const std::vector<const Linear *> &linears) const
{
    QStringList texts;
    for (const NumberFormat format : allNumberFormats()) {
        std::int64_t bytes = 0;
        double milliseconds = 0;
        bool timed = m_times.has_value();
        for (const Linear *linear : linears) {
            LinearSpec changed = linear->planned;
            if (changed.isAbsent())
                continue;
            changed.format = format;
            bytes += weightBytes(changed);
            const double each = millisecondsIn(*linear, format);
            timed = timed && each >= 0;
            milliseconds += each;
        }
        texts += timed ? QString("%1 \u00b7 %2 \u00b7 %3")
                             .arg(formatText(format), bytesText(bytes), millisecondsText(milliseconds))
                       : QString("%1 \u00b7 %2").arg(formatText(format), bytesText(bytes));
    }
    return texts;
}

void LayerTreeModel::announceAll()
{
    if (m_rows.empty())
        return;
    const int last = static_cast<int>(m_rows.size()) - 1;
    Q_EMIT dataChanged(index(0, 0), index(last, ColumnCount - 1));
    for (int row = 0; row <= last; ++row) {
        const QModelIndex parent = index(row, 0);
        if (const int count = rowCount(parent); count > 0)
            Q_EMIT dataChanged(index(0, 0, parent), index(count - 1, ColumnCount - 1, parent));
    }
}

QModelIndex LayerTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // The number of the top row above, counted from one; zero at the top.
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex LayerTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid() || child.internalId() == 0)
        return {};
    return createIndex(static_cast<int>(child.internalId()) - 1, 0, quintptr(0));
}

int LayerTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_rows.size());
    if (parent.internalId() != 0 || parent.column() != 0)
        return 0;
    const Row &row = m_rows[static_cast<std::size_t>(parent.row())];
    return row.block < 0 ? 0 : static_cast<int>(row.linears.size());
}

int LayerTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

std::vector<const LayerTreeModel::Linear *> LayerTreeModel::linearsOf(const QModelIndex &index) const
{
    std::vector<const Linear *> result;
    if (index.internalId() != 0) {
        const Row &row = m_rows[static_cast<std::size_t>(index.internalId()) - 1];
        result.push_back(&row.linears[static_cast<std::size_t>(index.row())]);
    } else {
        for (const Linear &linear : m_rows[static_cast<std::size_t>(index.row())].linears)
            result.push_back(&linear);
    }
    return result;
}

const LayerTreeModel::Row &LayerTreeModel::rowOf(const QModelIndex &index) const
{
    return m_rows[static_cast<std::size_t>(index.internalId() != 0 ? static_cast<int>(index.internalId()) - 1
                                                                   : index.row())];
}

LayerTreeModel::Part LayerTreeModel::part(const QModelIndex &index) const
{
    if (rowOf(index).block < 0)
        return NoPart;
    if (index.internalId() == 0)
        return MlpPart;
    return index.row() == Qkv || index.row() == Proj ? AttentionPart : MlpPart;
}

bool LayerTreeModel::isLinear(int block, bool attention) const
{
    const BlockSpec &planned = m_planned.blocks[static_cast<std::size_t>(block)];
    return attention ? planned.attentionIsLinear() : planned.mlpIsLinear();
}

bool LayerTreeModel::hasKeep(const QModelIndex &index) const
{
    const Row &row = rowOf(index);
    if (row.block < 0)
        return false;
    const BlockSpec &planned = m_planned.blocks[static_cast<std::size_t>(row.block)];
    if (index.internalId() == 0 || index.row() == Fc1) // the MLP's own rows say it too
        return !planned.mlpIsLinear();
    return index.row() == Qkv && !planned.attentionIsLinear();
}

double LayerTreeModel::keep(const QModelIndex &index) const
{
    const BlockPlan &plan = m_plan.blocks[static_cast<std::size_t>(rowOf(index).block)];
    return part(index) == MlpPart ? plan.mlpKeep : (plan.qkKeep + plan.voKeep) / 2;
}

double LayerTreeModel::keepStep(const QModelIndex &index) const
{
    const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(rowOf(index).block)];
    const std::int64_t whole = part(index) == MlpPart ? block.mlpWidth() : m_spec.voDim(block);
    const std::int64_t step = part(index) == MlpPart ? mlpWidthStep(whole) : headDimStep(m_spec.headDim);
    return whole > step ? static_cast<double>(step) / static_cast<double>(whole) : 1;
}

bool LayerTreeModel::hasHeads(const QModelIndex &index) const
{
    const int block = rowOf(index).block;
    return block >= 0 && index.internalId() != 0 && index.row() == Proj &&
           !m_spec.blocks[static_cast<std::size_t>(block)].attentionIsLinear();
}

bool LayerTreeModel::isRemoved(const QModelIndex &index) const
{
    return std::ranges::all_of(linearsOf(index), [](const Linear *linear) { return linear->planned.isAbsent(); });
}

QString LayerTreeModel::headChoice(int block, int heads) const
{
    const auto at = static_cast<std::size_t>(block);
    const int whole = m_spec.headCount(m_spec.blocks[at]);
    CompressionPlan plan = m_plan;
    plan.blocks[at].headKeep = static_cast<double>(heads) / whole;
    const HalfFigures figures = attentionFigures(m_spec, plannedSpec(m_spec, plan), {block}, m_sensitivity, m_times);
    const QString known = choiceFigures(figures.nats, figures.milliseconds);
    return known.isEmpty() ? headsText(heads, whole) : headsText(heads, whole) + QString(" \u00b7 ") + known;
}

QVariant LayerTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index))
        return {};
    const Row &row = rowOf(index);
    const auto linears = linearsOf(index);
    switch (role) {
    case Qt::DisplayRole:
        return text(index);
    case Qt::EditRole:
        if (index.column() == Keep)
            return data(index, hasHeads(index) ? HeadsRole : KeepRole);
        if (index.column() == Format)
            return data(index, FormatRole);
        return {};
    case Qt::ToolTipRole:
        return tip(index);
    case Qt::AccessibleTextRole:
        return QString("%1: %2").arg(headerData(index.column(), Qt::Horizontal).toString(), text(index));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (rightAligned(index.column()) ? Qt::AlignRight : Qt::AlignLeft));
    case LayersRole: {
        QStringList names;
        for (const Linear *linear : linears)
            names += QString::fromStdString(linear->name);
        return names;
    }
    case BlockRole:
        return row.block;
    case KeepRole:
        return hasKeep(index) ? QVariant(keep(index)) : QVariant();
    case KeepStepRole:
        return hasKeep(index) ? QVariant(keepStep(index)) : QVariant();
    case PartRole:
        return part(index);
    case HeadsRole:
        return hasHeads(index) ? QVariant(m_planned.headCount(m_planned.blocks[static_cast<std::size_t>(row.block)]))
                               : QVariant();
    case HeadCountsRole: {
        QList<int> counts;
        if (hasHeads(index)) {
            for (const int heads : offeredHeads(m_spec.headCount(m_spec.blocks[static_cast<std::size_t>(row.block)])))
                counts += heads;
            counts += 0;
        }
        return QVariant::fromValue(counts);
    }
    case HeadChoicesRole: {
        QStringList texts;
        for (const int heads : data(index, HeadCountsRole).value<QList<int>>())
            texts += headChoice(row.block, heads);
        return texts;
    }
    case RemovedRole:
        return isRemoved(index);
    case FormatRole: {
        std::optional<NumberFormat> first;
        for (const Linear *linear : linears) {
            if (linear->planned.isAbsent())
                continue;
            if (first && linear->format != *first)
                return -1;
            first = linear->format;
        }
        return static_cast<int>(first.value_or(NumberFormat::Fp32));
    }
    case PinnedRole: {
        const auto pinned = std::ranges::count_if(linears, [this](const Linear *linear) {
            return m_isPinned && m_isPinned(QString::fromStdString(linear->name));
        });
        return pinned == 0                                             ? Qt::Unchecked
               : pinned == static_cast<std::ptrdiff_t>(linears.size()) ? Qt::Checked
                                                                       : Qt::PartiallyChecked;
    }
    case SlowerRole:
        return std::ranges::any_of(linears, [this](const Linear *linear) { return slowFormat(*linear).has_value(); });
    case KeepSlowerRole: {
        const std::optional<EditSpeed> speed = keepSpeed(index);
        return speed && !speed->pays();
    }
    case ChoicesRole:
        return choices(linears);
    case BeforeRole:
    case NowRole: {
        qlonglong bytes = 0;
        for (const Linear *linear : linears)
            bytes += role == NowRole ? linear->now : linear->before;
        return bytes;
    }
    default:
        return {};
    }
}

bool LayerTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || !checkIndex(index))
        return false;
    if (role == Qt::EditRole)
        role = index.column() != Keep ? (index.column() == Format ? int(FormatRole) : role)
               : hasHeads(index)      ? HeadsRole
                                      : KeepRole;
    if (role == HeadsRole && hasHeads(index)) {
        const int heads = value.toInt();
        if (heads < 0 || heads > m_spec.headCount(m_spec.blocks[static_cast<std::size_t>(rowOf(index).block)]))
            return false;
        Q_EMIT headsEdited(index, heads);
        return true;
    }
    if (role == KeepRole && hasKeep(index)) {
        const double keep = value.toDouble();
        if (!(keep > 0 && keep <= 1))
            return false;
        Q_EMIT keepEdited(index, keep);
        return true;
    }
    if (role == FormatRole && !isRemoved(index)) {
        const int format = value.toInt();
        if (format < 0 || format >= static_cast<int>(allNumberFormats().size()))
            return false;
        Q_EMIT formatEdited(index, static_cast<NumberFormat>(format));
        return true;
    }
    return false;
}

Qt::ItemFlags LayerTreeModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    if (!index.isValid())
        return flags;
    if ((index.column() == Format && !isRemoved(index)) ||
        (index.column() == Keep && (hasKeep(index) || hasHeads(index))))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant LayerTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractItemModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (rightAligned(section) ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Layer:
            return tr("Layer");
        case Keep:
            return tr("Kept");
        case Format:
            return tr("Format");
        case Weights:
            return tr("Weights");
        case Activations:
            return tr("Output");
        case Refit:
            return tr("Refit");
        default:
            return tr("Time");
        }
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Keep:
            return tr("What stays: of a block and of mlp.fc1 the share of the MLP's channels, of attn.qkv that of the "
                      "heads' dimensions, of attn.proj the heads. Drag, or press + and - for the selected blocks");
        case Format:
            return tr("How the weights are stored and multiplied. Sets all selected layers");
        case Weights:
            return tr("Bytes in memory for execution, bias and scales included; in grey, the share of what they were");
        case Activations:
            return tr("Bytes that the layer writes for one batch");
        case Time:
            return tr("Milliseconds for one batch on this machine, each layer measured alone");
        case Refit:
            return tr("Points that the ridge refit won back where channels were removed: of 100 points of the layer's "
                      "output variance on the calibration images, how many fewer are lost with it than without. Of "
                      "a block, the most in any of its layers");
        default:
            return {};
        }
    }
    return {};
}

QString LayerTreeModel::text(const QModelIndex &index) const
{
    const auto linears = linearsOf(index);
    switch (index.column()) {
    case Layer:
        return layerText(index);
    case Keep:
        return keepText(index);
    case Format: {
        if (isRemoved(index))
            return tr("removed");
        const int format = data(index, FormatRole).toInt();
        return format < 0 ? tr("mixed") : formatText(static_cast<NumberFormat>(format));
    }
    case Weights:
        return bytesText(data(index, NowRole).toLongLong());
    case Activations: {
        std::int64_t bytes = 0;
        for (const Linear *linear : linears)
            bytes += linear->activations;
        return bytesText(bytes);
    }
    case Refit:
        return refitText(index);
    default: {
        double sum = 0;
        if (isRemoved(index))
            return QString(QChar(0x2013));
        for (const Linear *linear : linears) {
            if (linear->milliseconds < 0)
                return QString(QChar(0x2013));
            sum += linear->milliseconds;
        }
        return millisecondsText(sum);
    }
    }
}

// A block's row says what its own cells do not: what became of the attention.
QString LayerTreeModel::layerText(const QModelIndex &index) const
{
    const Row &row = rowOf(index);
    const QString name = QString::fromStdString(linearsOf(index).front()->name);
    if (index.internalId() != 0)
        return name.section('.', 2);
    if (row.block < 0)
        return name;
    const auto at = static_cast<std::size_t>(row.block);
    const QString block = tr("Block %1").arg(row.block);
    const int before = m_spec.headCount(m_spec.blocks[at]);
    const int now = m_planned.headCount(m_planned.blocks[at]);
    if (now == before)
        return block;
    return block + QString(" \u00b7 ") + (now == 0 ? tr("attn linear") : tr("%1/%2 heads").arg(now).arg(before));
}

QString LayerTreeModel::keepText(const QModelIndex &index) const
{
    if (hasKeep(index))
        return QLocale().toString(100 * keep(index), 'f', 0) + QChar::Nbsp + '%';
    const int block = rowOf(index).block;
    if (block < 0)
        return {};
    const auto at = static_cast<std::size_t>(block);
    if (hasHeads(index))
        return headsText(m_planned.headCount(m_planned.blocks[at]), m_spec.headCount(m_spec.blocks[at]));
    // The row whose layer is left says what it is now.
    const bool linear = index.internalId() == 0 ? m_planned.blocks[at].mlpIsLinear()
                                                : m_planned.blocks[at].mlpIsLinear() && index.row() > Fc1;
    return linear ? headsText(0, 0) : QString();
}

QString LayerTreeModel::keepTip(const QModelIndex &index) const
{
    const Row &row = rowOf(index);
    const auto at = static_cast<std::size_t>(row.block);
    const BlockSpec &whole = m_spec.blocks[at];
    const BlockSpec &planned = m_planned.blocks[at];
    const bool mlp = part(index) == MlpPart;
    QStringList lines;
    if (mlp ? planned.mlpIsLinear() : planned.attentionIsLinear())
        lines += mlp ? tr("A linear layer in the MLP's place, fitted to what it did")
                     : tr("A linear layer in the attention's place, fitted to what it did");
    else if (mlp)
        lines += tr("%1 of %2 channels; in steps of %3, which fill the kernels' tiles")
                     .arg(planned.mlpWidth())
                     .arg(whole.mlpWidth())
                     .arg(mlpWidthStep(whole.mlpWidth()));
    else
        lines += tr("%1; of each, %2 of %3 dimensions of queries and keys, %4 of %5 of values; in steps of %6")
                     .arg(headsText(m_planned.headCount(planned), m_spec.headCount(whole)))
                     .arg(m_planned.qkDim(planned))
                     .arg(m_spec.qkDim(whole))
                     .arg(m_planned.voDim(planned))
                     .arg(m_spec.voDim(whole))
                     .arg(headDimStep(m_spec.headDim));
    const HalfFigures figures =
        (mlp ? mlpFigures : attentionFigures)(m_spec, m_planned, {row.block}, m_sensitivity, m_times);
    if (figures.nats && *figures.nats > 0)
        lines += tr("Changes the answers by %1").arg(choiceFigures(figures.nats, {}));
    if (figures.milliseconds)
        lines += tr("Takes %1").arg(choiceFigures({}, figures.milliseconds));
    QString text = lines.join('\n');
    if (const std::optional<EditSpeed> speed = keepSpeed(index); speed && !speed->pays())
        text.prepend((mlp ? tr("Not faster here than the whole MLP") : tr("Not faster here than the whole attention")) +
                     '\n' + editSpeedText(*speed, tr("as planned"), tr("whole")) + '\n' +
                     timingConditionsText(*m_times) + "\n\n");
    return text;
}

std::vector<OutputError> LayerTreeModel::refitsOf(const QModelIndex &index) const
{
    std::vector<OutputError> refits;
    for (const Linear *linear : linearsOf(index)) {
        if (const auto found = m_refits.find(linear->name); found != m_refits.end())
            refits.push_back(found->second);
    }
    return refits;
}

// The points won back; of a block, in that of its layers where they are most: points of several do not add up.
QString LayerTreeModel::refitText(const QModelIndex &index) const
{
    const std::vector<OutputError> refits = refitsOf(index);
    if (refits.empty())
        return {};
    double most = 0;
    for (const OutputError &error : refits)
        most = std::max(most, error.removed - error.refit);
    return '+' + QLocale().toString(100 * most, 'f', 1);
}

QString LayerTreeModel::tip(const QModelIndex &index) const
{
    if (index.column() == Refit) {
        QStringList lines;
        for (const OutputError &error : refitsOf(index))
            lines += tr("Without the refit %1 of the output's variance is lost, with it %2")
                         .arg(shareText(error.removed), shareText(error.refit));
        return lines.join('\n');
    }
    if (isRemoved(index) && index.column() != Keep && index.column() != Weights)
        return tr("Removed: a linear layer takes the place of this half of the block");
    if (index.column() == Layer)
        return data(index, LayersRole).toStringList().join('\n') +
               (data(index, PinnedRole).toInt() == Qt::Unchecked ? QString()
                                                                 : '\n' + tr("Pinned: solving leaves it as it is"));
    if (index.column() == Format) {
        QString text = choices(linearsOf(index)).join('\n');
        QStringList slow;
        for (const Linear *linear : linearsOf(index)) {
            if (const std::optional<EditSpeed> speed = slowFormat(*linear))
                slow += QString::fromStdString(linear->name) + ": " +
                        editSpeedText(*speed, formatText(linear->format), formatText(NumberFormat::Fp32));
        }
        if (!slow.isEmpty())
            text.prepend(tr("Not faster here than FP32") + '\n' + slow.join('\n') + '\n' +
                         timingConditionsText(*m_times) + "\n\n");
        return text;
    }
    if (index.column() == Keep && part(index) != NoPart)
        return keepTip(index);
    if (index.column() == Weights)
        return tr("%1 now, %2 before")
            .arg(bytesText(data(index, NowRole).toLongLong()), bytesText(data(index, BeforeRole).toLongLong()));
    return {};
}

} // namespace edgeflex
