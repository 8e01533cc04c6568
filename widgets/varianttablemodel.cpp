#include "widgets/varianttablemodel.h"

#include "widgets/quantitytext.h"

#include <QFont>
#include <QLocale>

#include <algorithm>

namespace edgeflex {

VariantTableModel::VariantTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void VariantTableModel::setRows(std::vector<Row> rows)
{
    const auto sameRows = [&] { // the selection outlives a change of figures
        if (rows.size() != m_rows.size())
            return false;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool sameVariant = rows[i].variant.has_value() == m_rows[i].variant.has_value() &&
                                     (!rows[i].variant || rows[i].variant->id == m_rows[i].variant->id);
            if (rows[i].name != m_rows[i].name || (!sameVariant && m_rows[i].variant))
                return false;
        }
        return true;
    };
    if (sameRows()) {
        m_rows = std::move(rows);
        if (!m_rows.empty())
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
        return;
    }
    beginResetModel();
    m_rows = std::move(rows);
    endResetModel();
}

bool VariantTableModel::hasProcessPeaks() const
{
    return std::ranges::any_of(
        m_rows, [](const Row &row) { return row.variant && row.variant->measurement.peakMemory.processBytes >= 0; });
}

int VariantTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int VariantTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VariantTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const Row &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Name ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::FontRole: {
        QFont font;
        font.setItalic(!row.variant);
        return font;
    }
    case Qt::ToolTipRole:
        if (!row.variant)
            return {};
        return tr("%1, threads: %2, batch %3, %4")
            .arg(QString::fromStdString(row.variant->measurement.conditions.machine))
            .arg(row.variant->measurement.conditions.target.threads)
            .arg(row.variant->measurement.conditions.batch)
            .arg(QString::fromStdString(row.variant->measurement.conditions.dateUtc));
    case VariantRole:
        return row.variant ? row.variant->id : -1;
    case QualityRole:
        return row.variant ? static_cast<int>(row.variant->quality) : -1;
    default:
        return {};
    }
}

QVariant VariantTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (section == Name ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Name:
            return tr("Variant");
        case Weights:
            return tr("Weights");
        case Peak:
            return tr("Peak");
        case Process:
            return tr("Process");
        case Speed:
            return tr("Speed");
        case Top1:
            return tr("Top-1");
        default:
            return tr("Points lost");
        }
    }
    if (role == Qt::ToolTipRole) {
        switch (section) {
        case Peak:
            return tr("Most memory in use at any time, weights included");
        case Process:
            return tr("Most memory of a fresh process that runs the model, above what it takes idle");
        case Speed:
            return tr("Times as fast as the original, measured in turns in the same run");
        case Lost:
            return tr("Against the original on the same images, with half the 95 % interval");
        default:
            return {};
        }
    }
    return {};
}

QString VariantTableModel::text(const Row &row, int column) const
{
    if (!row.variant) {
        if (column == Name)
            return row.name;
        return column == Lost ? (row.running ? tr("measuring…") : tr("waiting")) : QString();
    }
    const Measurement &measurement = row.variant->measurement;
    const auto &against = measurement.againstBaseline;
    const QLocale locale;
    switch (column) {
    case Name:
        return row.variant->quality == Quality::Final && against ? tr("%1 (final)").arg(row.name) : row.name;
    case Weights:
        return bytesText(measurement.weightsBytes);
    case Peak:
        return bytesText(measurement.peakMemory.allocatorBytes);
    case Process:
        return measurement.peakMemory.processBytes >= 0 ? bytesText(measurement.peakMemory.processBytes)
                                                        : QString(QChar(0x2013));
    case Speed:
        if (!measurement.latency)
            return QString(QChar(0x2013));
        return locale.toString(against && against->latencyRatio.median > 0 ? 1 / against->latencyRatio.median : 1.0,
                               'f', 2) +
               QChar(0xd7);
    case Top1:
        return measurement.images > 0 ? shareText(measurement.top1.rate) : QString(QChar(0x2013));
    default:
        if (!against)
            return QString(QChar(0x2013));
        return intervalText(against->drop.points, (against->drop.high - against->drop.low) / 2);
    }
}

} // namespace edgeflex
