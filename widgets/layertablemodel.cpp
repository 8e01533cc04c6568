#include "widgets/layertablemodel.h"

#include "plan/linearlayout.h"
#include "plan/schedule.h"
#include "widgets/quantitytext.h"

namespace edgeflex {

LayerTableModel::LayerTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void LayerTableModel::setSpec(const ModelSpec &spec)
{
    beginResetModel();
    m_rows.clear();
    // MACs do not depend on the schedule or the target.
    std::int64_t total = 0;
    for (const Operation &operation : makeSchedule(spec, ScheduleKind::Tight, 1, ExecutionTarget()).operations)
        total += operation.macs;
    for (const LinearSpec *linear : spec.linears()) {
        std::int64_t rows = spec.tokens();
        if (linear == &spec.patchEmbed)
            rows = spec.patches();
        else if (linear == &spec.head || (!spec.preLogits.empty() && linear == &spec.preLogits.front()))
            rows = 1;
        m_rows.push_back({*linear, weightBytes(*linear),
                          total > 0 ? static_cast<double>(macs(*linear, rows)) / static_cast<double>(total) : 0.0});
    }
    endResetModel();
}

void LayerTableModel::clear()
{
    beginResetModel();
    m_rows.clear();
    endResetModel();
}

int LayerTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int LayerTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant LayerTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter |
            (index.column() == Weights || index.column() == MacsShare ? Qt::AlignRight : Qt::AlignLeft));
    case SortRole:
        return sortValue(row, index.row(), index.column());
    case LayerNameRole:
        return QString::fromStdString(row.linear.name);
    default:
        return {};
    }
}

QVariant LayerTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (section == Weights || section == MacsShare ? Qt::AlignRight : Qt::AlignLeft));
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Name:
            return tr("Layer");
        case Shape:
            return tr("Outputs × inputs");
        case Format:
            return tr("Format");
        case Weights:
            return tr("Weights");
        default:
            return tr("MACs");
        }
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Weights:
            return tr("Bytes in memory for execution, bias and scales included");
        case MacsShare:
            return tr("Share of the model's multiply-accumulate operations; attention's own products are the rest");
        default:
            return {};
        }
    }
    return {};
}

QString LayerTableModel::text(const Row &row, int column) const
{
    switch (column) {
    case Name:
        return QString::fromStdString(row.linear.name);
    case Shape:
        return QString("%1 × %2").arg(row.linear.outFeatures).arg(row.linear.inFeatures);
    case Format: {
        const std::string_view word = toString(row.linear.format);
        return QString::fromUtf8(word.data(), static_cast<qsizetype>(word.size())).toUpper();
    }
    case Weights:
        return bytesText(row.weightBytes);
    default:
        return shareText(row.macsShare);
    }
}

QVariant LayerTableModel::sortValue(const Row &row, int number, int column) const
{
    switch (column) {
    case Name:
        return number; // execution order: by text, blocks.10 would come before blocks.2
    case Shape:
        return static_cast<qlonglong>(row.linear.outFeatures * row.linear.inFeatures);
    case Format:
        return static_cast<int>(row.linear.format);
    case Weights:
        return static_cast<qlonglong>(row.weightBytes);
    default:
        return row.macsShare;
    }
}

} // namespace edgeflex
