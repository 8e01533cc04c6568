#include "widgets/tensortablemodel.h"

#include "widgets/quantitytext.h"

#include <algorithm>

namespace edgeflex {

TensorTableModel::TensorTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void TensorTableModel::setMoment(const Schedule &schedule, int operation)
{
    std::vector<Row> rows;
    if (operation >= 0 && static_cast<std::size_t>(operation) < schedule.operations.size()) {
        const Operation &now = schedule.operations[static_cast<std::size_t>(operation)];
        const auto nameOf = [&](int index) {
            return QString::fromStdString(schedule.operations[static_cast<std::size_t>(index)].name);
        };
        for (const ScheduledTensor &tensor : schedule.tensors) {
            if (tensor.birth <= operation && operation <= tensor.lastUse)
                rows.push_back({QString::fromStdString(tensor.name), tensor.bytes,
                                tensor.birth == tensor.lastUse
                                    ? nameOf(tensor.birth)
                                    : tr("%1 to %2").arg(nameOf(tensor.birth), nameOf(tensor.lastUse))});
        }
        if (now.scratchBytes > 0)
            rows.push_back({tr("Scratch of %1").arg(QString::fromStdString(now.name)), now.scratchBytes,
                            QString::fromStdString(now.name)});
        rows.push_back({tr("Weights of the model"), schedule.weightBytes, tr("throughout")});
        std::ranges::stable_sort(rows, std::greater(), &Row::bytes);
    }
    if (rows == m_rows)
        return;
    beginResetModel();
    m_rows = std::move(rows);
    m_all = 0;
    for (const Row &row : m_rows)
        m_all += row.bytes;
    endResetModel();
}

int TensorTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int TensorTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TensorTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const double share = m_all > 0 ? static_cast<double>(row.bytes) / static_cast<double>(m_all) : 0;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Tensor:
            return row.name;
        case Bytes:
            return bytesText(row.bytes);
        case Share:
            return shareText(share);
        default:
            return row.lives;
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(
            Qt::AlignVCenter | (index.column() == Bytes || index.column() == Share ? Qt::AlignRight : Qt::AlignLeft));
    case ShareRole:
        return share;
    case BytesRole:
        return static_cast<qlonglong>(row.bytes);
    default:
        return {};
    }
}

QVariant TensorTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter |
                                   (section == Bytes || section == Share ? Qt::AlignRight : Qt::AlignLeft));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Tensor:
        return tr("In memory");
    case Bytes:
        return tr("Bytes");
    case Share:
        return tr("Share");
    default:
        return tr("From and to");
    }
}

} // namespace edgeflex
