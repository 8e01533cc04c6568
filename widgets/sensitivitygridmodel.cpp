#include "widgets/sensitivitygridmodel.h"

#include "plan/linearlayout.h"
#include "widgets/editspeedtext.h"
#include "widgets/halffigures.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <utility>

namespace edgeflex {
namespace {

constexpr double shares[] = {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3}; // of the MLP that stay
constexpr double headShares[] = {0.75, 0.5, 0.25};               // of the heads that stay

} // namespace

SensitivityGridModel::SensitivityGridModel(QObject *parent) : QAbstractTableModel(parent)
{
    makeColumns();
}

void SensitivityGridModel::makeColumns()
{
    m_columns.clear();
    for (int part = Qkv; part < Mlp; ++part) {
        for (const NumberFormat format : allNumberFormats()) {
            if (format != NumberFormat::Fp32)
                m_columns.push_back({part, format, {}, -1});
        }
    }
    const auto add = [this](int part, const BlockPlan &kept, int heads) {
        m_columns.push_back({part, NumberFormat::Fp32, kept, heads});
    };
    BlockPlan kept;
    for (const double share : shares) {
        kept.mlpKeep = share;
        add(Mlp, kept, -1);
    }
    if (!m_sensitivity)
        return;
    kept = {};
    int fewest = m_spec.heads;
    for (const double share : headShares) {
        if (const int heads = keptHeads(m_spec.heads, share); !m_sensitivity->headCounts.empty() && heads < fewest)
            add(Heads, kept, fewest = heads);
    }
    if (!m_sensitivity->linearAttentions.empty())
        add(Linear, kept, 0);
    if (!m_sensitivity->linearMlps.empty()) {
        kept.mlpKeep = 0;
        add(Linear, kept, -1);
    }
}

void SensitivityGridModel::setSpec(const ModelSpec &spec)
{
    beginResetModel();
    m_spec = spec;
    m_plan = identityPlan(spec);
    m_planned = spec;
    m_rows = {-1};
    for (int block = 0; block < static_cast<int>(spec.blocks.size()); ++block)
        m_rows.push_back(block);
    for (int after = 0; after <= static_cast<int>(spec.preLogits.size()); ++after)
        m_rows.push_back(-2 - after);
    makeColumns();
    compute();
    endResetModel();
}

void SensitivityGridModel::setPlan(const CompressionPlan &plan)
{
    if (m_rows.empty())
        return;
    m_plan = plan;
    m_planned = plannedSpec(m_spec, plan);
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {ChosenRole});
}

void SensitivityGridModel::setKnowledge(const std::optional<Sensitivity> &sensitivity,
                                        const std::optional<LayerTimes> &times)
{
    const std::vector<Column> before = m_columns;
    m_sensitivity = sensitivity;
    m_times = times;
    makeColumns();
    if (m_columns != before) { // another estimate or measurement knows of other choices
        std::vector<Column> now = std::exchange(m_columns, before);
        beginResetModel();
        m_columns = std::move(now);
        compute();
        endResetModel();
        return;
    }
    compute();
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

void SensitivityGridModel::clear()
{
    beginResetModel();
    m_spec = {};
    m_rows.clear();
    m_cells.clear();
    endResetModel();
}

const LinearSpec *SensitivityGridModel::layer(int row, int part) const
{
    const int which = m_rows[static_cast<std::size_t>(row)];
    if (which >= 0) {
        const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(which)];
        const LinearSpec *const layers[] = {&block.qkv, &block.proj, &block.fc1, &block.fc2};
        const LinearSpec *found = layers[part];
        return found->isAbsent() ? nullptr : found;
    }
    if (part != Qkv)
        return nullptr;
    const auto after = static_cast<std::size_t>(-2 - which);
    return which == -1 ? &m_spec.patchEmbed : after < m_spec.preLogits.size() ? &m_spec.preLogits[after] : &m_spec.head;
}

const LinearSpec *SensitivityGridModel::linear(int row, const Column &column) const
{
    if (column.part < Mlp)
        return layer(row, column.part);
    const int block = m_rows[static_cast<std::size_t>(row)];
    if (block < 0)
        return nullptr;
    const int heads = m_spec.headCount(m_spec.blocks[static_cast<std::size_t>(block)]);
    return column.heads < heads ? layer(row, column.heads >= 0 ? Qkv : Fc1) : nullptr;
}

// The block with that choice alone; of the columns that are not about formats.
BlockSpec SensitivityGridModel::chosenBlock(int block, const Column &column) const
{
    const BlockSpec &whole = m_spec.blocks[static_cast<std::size_t>(block)];
    BlockPlan kept = column.kept;
    if (column.heads >= 0)
        kept.headKeep = static_cast<double>(column.heads) / std::max(1, m_spec.headCount(whole));
    return plannedBlock(m_spec, whole, kept);
}

void SensitivityGridModel::compute()
{
    m_cells.assign(m_rows.size(), std::vector<Cell>(m_columns.size()));
    m_range = {1, 1};
    bool any = false;
    for (std::size_t row = 0; row < m_rows.size(); ++row) {
        const int block = m_rows[row];
        for (std::size_t column = 0; column < m_columns.size(); ++column) {
            const Column &choice = m_columns[column];
            const LinearSpec *layer = linear(static_cast<int>(row), choice);
            Cell &cell = m_cells[row][column];
            cell.exists = layer != nullptr;
            if (!layer || !m_sensitivity)
                continue;
            try {
                if (choice.part >= Mlp) {
                    const BlockSpec &whole = m_spec.blocks[static_cast<std::size_t>(block)];
                    const BlockSpec chosen = chosenBlock(block, choice);
                    const bool attention = choice.heads >= 0;
                    cell.loss = attention ? m_sensitivity->attentionLoss(m_spec, block, chosen)
                                          : m_sensitivity->mlpLoss(m_spec, block, chosen);
                    if (m_times)
                        cell.speed = (attention ? attentionSpeed : mlpSpeed)(*m_times, block, whole, chosen);
                } else if (m_sensitivity->measured(layer->name, choice.format)) {
                    cell.loss = m_sensitivity->formatLoss(layer->name, choice.format);
                    if (m_times) {
                        LinearSpec changed = *layer;
                        changed.format = choice.format;
                        cell.speed = formatSpeed(*m_times, m_spec, changed);
                    }
                }
            } catch (const std::out_of_range &) { // not measured in this format
            }
            if (cell.loss && *cell.loss > 0) {
                m_range.first = any ? std::min(m_range.first, *cell.loss) : *cell.loss;
                m_range.second = any ? std::max(m_range.second, *cell.loss) : *cell.loss;
                any = true;
            }
        }
    }
}

double SensitivityGridModel::position(double loss) const
{
    if (!(loss > m_range.first))
        return 0;
    const double decades = std::log(m_range.second / m_range.first);
    return decades > 0 ? std::min(1.0, std::log(loss / m_range.first) / decades) : 0;
}

QString SensitivityGridModel::partName(Part part)
{
    switch (part) {
    case Qkv:
        return "qkv";
    case Proj:
        return "proj";
    case Fc1:
        return "fc1";
    case Fc2:
        return "fc2";
    case Heads:
        return tr("heads");
    case Linear:
        return tr("linear");
    default:
        return tr("MLP kept");
    }
}

QList<int> SensitivityGridModel::rowsOf(const QStringList &layers) const
{
    QList<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        for (int part = Qkv; part < Mlp; ++part) {
            const LinearSpec *layer = this->layer(row, part);
            if (layer && layers.contains(QString::fromStdString(layer->name))) {
                rows += row;
                break;
            }
        }
    }
    return rows;
}

int SensitivityGridModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SensitivityGridModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_columns.size());
}

QVariant SensitivityGridModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const int block = m_rows[static_cast<std::size_t>(index.row())];
    const Column &choice = m_columns[static_cast<std::size_t>(index.column())];
    const Cell &cell = m_cells[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    const LinearSpec *layer = linear(index.row(), choice);
    switch (role) {
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return layer ? tip(index) : QString();
    case LossRole:
        return cell.loss ? QVariant(*cell.loss) : QVariant();
    case SlowerRole:
        return cell.speed && !cell.speed->pays();
    case ChosenRole:
        if (!layer)
            return false;
        if (choice.part >= Mlp) {
            const BlockSpec chosen = chosenBlock(block, choice);
            const BlockSpec &planned = m_planned.blocks[static_cast<std::size_t>(block)];
            return choice.heads >= 0 ? m_planned.headCount(planned) == m_planned.headCount(chosen)
                                     : planned.mlpWidth() == chosen.mlpWidth();
        }
        return std::as_const(m_planned).linear(layer->name).format == choice.format;
    case LayersRole:
        return layer ? QStringList(QString::fromStdString(layer->name)) : QStringList();
    case BlockRole:
        return std::max(block, -1);
    case PartRole:
        return choice.part;
    case FormatRole:
        return choice.part >= Mlp ? -1 : static_cast<int>(choice.format);
    case KeepRole:
        return choice.part >= Mlp && choice.heads < 0 ? QVariant(choice.kept.mlpKeep) : QVariant();
    case HeadsRole:
        return choice.heads >= 0 ? QVariant(choice.heads) : QVariant();
    default:
        return {};
    }
}

QString SensitivityGridModel::tip(const QModelIndex &index) const
{
    const Column &choice = m_columns[static_cast<std::size_t>(index.column())];
    const Cell &cell = m_cells[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    const LinearSpec *layer = linear(index.row(), choice);
    const int block = m_rows[static_cast<std::size_t>(index.row())];
    QStringList lines;
    LinearSpec changed = *layer;
    std::int64_t saved = 0;
    if (choice.part >= Mlp) {
        const BlockSpec &whole = m_spec.blocks[static_cast<std::size_t>(block)];
        const BlockSpec chosen = chosenBlock(block, choice);
        if (choice.part == Linear)
            lines += choice.heads >= 0 ? tr("Block %1, a linear layer in the attention's place").arg(block)
                                       : tr("Block %1, a linear layer in the MLP's place").arg(block);
        else if (choice.part == Heads)
            lines += tr("Block %1, %2").arg(block).arg(headsText(choice.heads, m_spec.headCount(whole)));
        else
            lines += tr("Block %1, MLP kept to %2: %3 of %4 channels")
                         .arg(block)
                         .arg(shareText(choice.kept.mlpKeep))
                         .arg(chosen.mlpWidth())
                         .arg(whole.mlpWidth());
        for (const auto each : {&BlockSpec::qkv, &BlockSpec::proj, &BlockSpec::fc1, &BlockSpec::fc2})
            saved += weightBytes(whole.*each) - weightBytes(chosen.*each);
    } else {
        lines += tr("%1 in %2").arg(QString::fromStdString(layer->name), formatText(choice.format));
        changed.format = choice.format;
        saved = weightBytes(*layer) - weightBytes(changed);
    }
    if (!cell.loss)
        lines += tr("What it changes is not measured");
    else if (m_sensitivity->estimated)
        lines += tr("Changes the answers by about %1 nats; an estimate, until it is measured")
                     .arg(scientificText(*cell.loss));
    else
        lines += tr("Changes the answers by %1 nats").arg(scientificText(*cell.loss));
    lines += tr("Saves %1 of weights").arg(bytesText(saved));
    if (cell.speed) {
        if (!cell.speed->pays())
            lines += choice.part < Mlp   ? tr("Not faster here than FP32")
                     : choice.heads >= 0 ? tr("Not faster here than the whole attention")
                                         : tr("Not faster here than the whole MLP");
        lines += choice.part >= Mlp
                     ? editSpeedText(*cell.speed, choice.part == Linear ? headsText(0, 0) : tr("pruned"), tr("whole"))
                     : editSpeedText(*cell.speed, formatText(choice.format), formatText(NumberFormat::Fp32));
        lines += timingConditionsText(*m_times);
    }
    if (data(index, ChosenRole).toBool())
        lines += tr("The plan has it; click to take it back");
    return lines.join('\n');
}

QVariant SensitivityGridModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation == Qt::Vertical) {
        if (role != Qt::DisplayRole || section < 0 || section >= rowCount())
            return {};
        const int block = m_rows[static_cast<std::size_t>(section)];
        if (block >= 0)
            return tr("Block %1").arg(block);
        return QString::fromStdString(layer(section, Qkv)->name);
    }
    if (section < 0 || section >= columnCount())
        return {};
    const Column &choice = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) {
        switch (choice.part) {
        case Mlp:
            return QLocale().toString(100 * choice.kept.mlpKeep, 'f', 0) + QChar::Nbsp + '%';
        case Heads:
            return QLocale().toString(choice.heads);
        case Linear:
            return choice.heads >= 0 ? tr("attn") : tr("MLP");
        default:
            return formatText(choice.format);
        }
    }
    if (role == Qt::ToolTipRole)
        return tr("Click to choose it in every row, or in those that are selected");
    return {};
}

} // namespace edgeflex
