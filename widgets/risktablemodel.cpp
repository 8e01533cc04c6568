#include "widgets/risktablemodel.h"

#include "widgets/channelmap.h"
#include "widgets/quantitytext.h"

#include <QLocale>

#include <algorithm>

namespace edgeflex {

RiskTableModel::RiskTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void RiskTableModel::setProfile(const ActivationProfile *profile)
{
    beginResetModel();
    m_rows.clear();
    if (profile) {
        for (const LayerProfile &layer : profile->layers) {
            Row row;
            row.layer = QString::fromStdString(layer.name);
            if (!layer.inputMaxAbs.empty())
                row.largest = std::ranges::max(layer.inputMaxAbs);
            row.outliers = static_cast<int>(outlierChannels(layer).size());
            row.channels = static_cast<int>(layer.inputMaxAbs.size());
            row.risk = layer.castRisk;
            row.known = !(layer.castRisk == CastRisk());
            m_rows.push_back(std::move(row));
        }
    }
    endResetModel();
}

int RiskTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int RiskTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RiskTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    const QLocale locale;
    const bool silent = index.column() >= Overflow && !row.known;
    switch (role) {
    case Qt::DisplayRole:
        if (silent)
            return QString(QChar(0x2013));
        switch (index.column()) {
        case Layer:
            return row.layer;
        case Largest:
            return locale.toString(row.largest, 'g', 3);
        case Outliers:
            return row.outliers == 0 ? QString('0') : tr("%1 of %2").arg(row.outliers).arg(row.channels);
        case Overflow:
            return shareText(row.risk.overflow);
        case Fp16Error:
            return scientificText(row.risk.fp16Error);
        case Bf16Error:
            return scientificText(row.risk.bf16Error);
        default:
            return formatText(safeHalf(row.risk));
        }
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Layer ? Qt::AlignLeft : Qt::AlignRight));
    case LayerRole:
        return row.layer;
    case LevelRole:
        if (index.column() != Overflow || silent)
            return {};
        return static_cast<int>(overflowLevel(row.risk));
    case SortRole:
        switch (index.column()) {
        case Layer:
            return index.row();
        case Largest:
            return row.largest;
        case Outliers:
            return row.outliers;
        case Overflow:
            return row.risk.overflow;
        case Fp16Error:
            return row.risk.fp16Error;
        case Bf16Error:
            return row.risk.bf16Error;
        default:
            return static_cast<int>(safeHalf(row.risk));
        }
    default:
        return {};
    }
}

QVariant RiskTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (section == Layer ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Layer:
            return tr("Layer");
        case Largest:
            return tr("Largest input");
        case Outliers:
            return tr("Outliers");
        case Overflow:
            return tr("FP16 range");
        case Fp16Error:
            return tr("FP16 error");
        case Bf16Error:
            return tr("BF16 error");
        default:
            return tr("Safe half");
        }
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Largest:
            return tr("Largest |x| over the calibration images");
        case Outliers:
            return tr("Channels whose largest input is more than 6 times the median channel's");
        case Overflow:
            return tr("Largest input as a share of the largest FP16 number, 65504; amber above 5 %, red above 25 %");
        case Fp16Error:
        case Bf16Error:
            return tr("Squared error of the layer's output, relative to the output, when computed in this format");
        case SafeHalf:
            return tr("The more exact 16-bit format that is safe for the layer");
        default:
            return {};
        }
    }
    return {};
}

} // namespace edgeflex
