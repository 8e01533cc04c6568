#include "widgets/effecttablemodel.h"

#include "widgets/quantitytext.h"

#include <QFont>
#include <QLocale>

#include <cmath>

namespace edgeflex {
namespace {

constexpr double leastMilliseconds = 0.005; // below which two latencies print alike
constexpr double leastPoints = 0.005;

QString unknown()
{
    return QString(QChar(0x2013));
}

} // namespace

QString signedText(const QString &magnitude, double change)
{
    return (change < 0 ? QString(QChar(0x2212)) : QString('+')) + magnitude;
}

EffectTableModel::EffectTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void EffectTableModel::setEffects(const std::optional<Prediction> &now, std::vector<Effect> effects)
{
    beginResetModel();
    m_now = now;
    m_effects = std::move(effects);
    endResetModel();
}

void EffectTableModel::setPrediction(int row, const std::optional<Prediction> &prediction)
{
    m_effects[static_cast<std::size_t>(row)].prediction = prediction;
    Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
}

int EffectTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_effects.size());
}

int EffectTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

bool EffectTableModel::isSlower(const Effect &effect) const
{
    return m_now && effect.prediction && !effect.current && m_now->milliseconds && effect.prediction->milliseconds &&
           effect.prediction->weightsBytes<m_now->weightsBytes && * effect.prediction->milliseconds> *
                   m_now->milliseconds -
               leastMilliseconds;
}

QVariant EffectTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const Effect &row = effect(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(row, index.column());
    case Qt::ToolTipRole:
        if (row.current)
            return tr("The plan has it");
        return isSlower(row) ? tr("Smaller, but not faster on this machine") : tr("Double-click to do it");
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Edit ? Qt::AlignLeft : Qt::AlignRight));
    case Qt::FontRole: {
        QFont font;
        font.setBold(row.current);
        return font;
    }
    case CurrentRole:
        return row.current;
    case SlowerRole:
        return isSlower(row);
    default:
        return {};
    }
}

QVariant EffectTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractTableModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (section == Edit ? Qt::AlignLeft : Qt::AlignRight));
    if (role == Qt::DisplayRole) {
        switch (section) {
        case Edit:
            return tr("Edit");
        case Weights:
            return tr("Weights");
        case Peak:
            return tr("Peak");
        case Latency:
            return tr("Latency");
        default:
            return tr("Points lost");
        }
    }
    if (role == Qt::ToolTipRole)
        return section == Edit ? tr("What could be done to the selected layers")
                               : tr("Change against the plan as it is, predicted");
    return {};
}

QString EffectTableModel::text(const Effect &effect, int column) const
{
    if (column == Edit)
        return effect.text + (isSlower(effect) ? " \u223f" : QString());
    if (effect.current)
        return QString(QChar(0x00b7));
    if (!m_now || !effect.prediction)
        return unknown();
    const auto bytes = [](std::int64_t before, std::int64_t after) {
        return after == before ? QString("0")
                               : signedText(bytesText(std::abs(after - before)), after < before ? -1 : 1);
    };
    const auto change = [](const std::optional<double> &before, const std::optional<double> &after, double least,
                           const auto &write) {
        if (!before || !after)
            return unknown();
        return std::abs(*after - *before) < least ? QString("0")
                                                  : signedText(write(std::abs(*after - *before)), *after - *before);
    };
    const Prediction &then = *effect.prediction;
    switch (column) {
    case Weights:
        return bytes(m_now->weightsBytes, then.weightsBytes);
    case Peak:
        return bytes(m_now->peakBytes, then.peakBytes);
    case Latency:
        return change(m_now->milliseconds, then.milliseconds, leastMilliseconds, millisecondsText);
    default:
        return change(m_now->dropPoints, then.dropPoints, leastPoints,
                      [](double points) { return QLocale().toString(points, 'f', 2); });
    }
}

} // namespace edgeflex
