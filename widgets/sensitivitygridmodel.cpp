#include "widgets/sensitivitygridmodel.h"

#include "plan/linearlayout.h"
#include "widgets/editspeedtext.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double shares[] = {0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3}; // of the MLP that stay

} // namespace

SensitivityGridModel::SensitivityGridModel(QObject *parent) : QAbstractTableModel(parent)
{
    for (int part = Qkv; part < Mlp; ++part) {
        for (const NumberFormat format : allNumberFormats()) {
            if (format != NumberFormat::Fp32)
                m_columns.push_back({part, format, 1});
        }
    }
    for (const double share : shares)
        m_columns.push_back({Mlp, NumberFormat::Fp32, share});
}

void SensitivityGridModel::setSpec(const ModelSpec &spec)
{
    beginResetModel();
    m_spec = spec;
    m_plan = identityPlan(spec);
    m_rows = {-1};
    for (int block = 0; block < static_cast<int>(spec.blocks.size()); ++block)
        m_rows.push_back(block);
    for (int after = 0; after <= static_cast<int>(spec.preLogits.size()); ++after)
        m_rows.push_back(-2 - after);
    compute();
    endResetModel();
}

void SensitivityGridModel::setPlan(const CompressionPlan &plan)
{
    m_plan = plan;
    if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {ChosenRole});
}

void SensitivityGridModel::setKnowledge(const std::optional<Sensitivity> &sensitivity,
                                        const std::optional<LayerTimes> &times)
{
    m_sensitivity = sensitivity;
    m_times = times;
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

const LinearSpec *SensitivityGridModel::linear(int row, int part) const
{
    const int which = m_rows[static_cast<std::size_t>(row)];
    if (which >= 0) {
        const BlockSpec &block = m_spec.blocks[static_cast<std::size_t>(which)];
        return std::array{&block.qkv, &block.proj, &block.fc1, &block.fc2, &block.fc1}[static_cast<std::size_t>(part)];
    }
    if (part != Qkv)
        return nullptr;
    const auto after = static_cast<std::size_t>(-2 - which);
    return which == -1 ? &m_spec.patchEmbed : after < m_spec.preLogits.size() ? &m_spec.preLogits[after] : &m_spec.head;
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
            const LinearSpec *layer = linear(static_cast<int>(row), choice.part);
            Cell &cell = m_cells[row][column];
            cell.exists = layer != nullptr;
            if (!layer || !m_sensitivity)
                continue;
            try {
                if (choice.part == Mlp) {
                    const std::int64_t whole = layer->outFeatures;
                    const std::int64_t width = keptMlpWidth(whole, choice.keep);
                    cell.loss = m_sensitivity->widthLoss(block, width);
                    if (m_times) {
                        const BlockSpec &mlp = m_spec.blocks[static_cast<std::size_t>(block)];
                        BlockSpec pruned = mlp;
                        pruned.fc1.outFeatures = pruned.fc2.inFeatures = width;
                        cell.speed = mlpSpeed(*m_times, block, mlp, pruned);
                    }
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
    default:
        return tr("MLP kept");
    }
}

QList<int> SensitivityGridModel::rowsOf(const QStringList &layers) const
{
    QList<int> rows;
    for (int row = 0; row < rowCount(); ++row) {
        for (int part = Qkv; part < Mlp; ++part) {
            const LinearSpec *layer = linear(row, part);
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
    const LinearSpec *layer = linear(index.row(), choice.part);
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
        if (choice.part == Mlp) {
            const std::int64_t whole = layer->outFeatures;
            return keptMlpWidth(whole, m_plan.blocks[static_cast<std::size_t>(block)].mlpKeep) ==
                   keptMlpWidth(whole, choice.keep);
        }
        return m_plan.format(layer->name) == choice.format;
    case LayersRole:
        return layer ? QStringList(QString::fromStdString(layer->name)) : QStringList();
    case BlockRole:
        return std::max(block, -1);
    case PartRole:
        return choice.part;
    case FormatRole:
        return choice.part == Mlp ? -1 : static_cast<int>(choice.format);
    case KeepRole:
        return choice.part == Mlp ? QVariant(choice.keep) : QVariant();
    default:
        return {};
    }
}

QString SensitivityGridModel::tip(const QModelIndex &index) const
{
    const Column &choice = m_columns[static_cast<std::size_t>(index.column())];
    const Cell &cell = m_cells[static_cast<std::size_t>(index.row())][static_cast<std::size_t>(index.column())];
    const LinearSpec *layer = linear(index.row(), choice.part);
    const int block = m_rows[static_cast<std::size_t>(index.row())];
    QStringList lines;
    LinearSpec changed = *layer;
    std::int64_t saved = 0;
    if (choice.part == Mlp) {
        BlockSpec mlp = m_spec.blocks[static_cast<std::size_t>(block)];
        const std::int64_t width = keptMlpWidth(mlp.mlpWidth(), choice.keep);
        lines += tr("Block %1, MLP kept to %2: %3 of %4 channels")
                     .arg(block)
                     .arg(shareText(choice.keep))
                     .arg(width)
                     .arg(mlp.mlpWidth());
        saved = weightBytes(mlp.fc1) + weightBytes(mlp.fc2);
        mlp.fc1.outFeatures = mlp.fc2.inFeatures = width;
        saved -= weightBytes(mlp.fc1) + weightBytes(mlp.fc2);
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
            lines += choice.part == Mlp ? tr("Not faster here than the whole MLP") : tr("Not faster here than FP32");
        lines += choice.part == Mlp
                     ? editSpeedText(*cell.speed, tr("pruned"), tr("whole"))
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
        return QString::fromStdString(linear(section, Qkv)->name);
    }
    if (section < 0 || section >= columnCount())
        return {};
    const Column &choice = m_columns[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole)
        return choice.part == Mlp ? QLocale().toString(100 * choice.keep, 'f', 0) + QChar::Nbsp + '%'
                                  : formatText(choice.format);
    if (role == Qt::ToolTipRole)
        return tr("Click to choose it in every row, or in those that are selected");
    return {};
}

} // namespace edgeflex
