#include "widgets/varianttreemodel.h"

#include "widgets/quantitytext.h"

#include <QFontMetrics>
#include <QGuiApplication>
#include <QLocale>
#include <QSize>

#include <algorithm>
#include <utility>

namespace edgeflex {
namespace {

constexpr int rowPadding = 8;     // pixels above and below the text together
constexpr int columnPadding = 12; // and beside it

} // namespace

VariantTreeModel::VariantTreeModel(QObject *parent) : QAbstractItemModel(parent) {}

void VariantTreeModel::setVariants(const std::vector<Variant> &variants)
{
    const auto isSame = [](const Node &node, const Variant &variant) {
        return variant.id == node.variant.id && variant.parent == node.variant.parent;
    };
    if (m_nodes.empty() || variants.size() < m_nodes.size() ||
        !std::equal(m_nodes.begin(), m_nodes.end(), variants.begin(), isSame)) {
        beginResetModel();
        m_nodes.clear();
        m_top.clear();
        for (const Variant &variant : variants)
            append(variant);
        endResetModel();
        return;
    }
    // What is folded, selected or being edited stays.
    for (std::size_t i = 0; i < m_nodes.size(); ++i) {
        const Variant before = std::exchange(m_nodes[i].variant, variants[i]);
        if (before == variants[i])
            continue;
        const bool renamed = text(before, Name) != text(variants[i], Name);
        const auto id = static_cast<quintptr>(i);
        Q_EMIT dataChanged(createIndex(m_nodes[i].row, renamed ? Name : Star, id),
                           createIndex(m_nodes[i].row, ColumnCount - 1, id));
    }
    for (std::size_t i = m_nodes.size(); i < variants.size(); ++i) {
        const QModelIndex above = indexOf(variants[i].parent);
        beginInsertRows(above, rowCount(above), rowCount(above));
        append(variants[i]);
        endInsertRows();
    }
}

// Under its parent, which was measured before it; at the top where that is not known.
void VariantTreeModel::append(const Variant &variant)
{
    const auto place = static_cast<int>(m_nodes.size());
    const auto above = std::ranges::find(m_nodes, variant.parent, [](const Node &node) { return node.variant.id; });
    Node node{variant, above == m_nodes.end() ? -1 : static_cast<int>(above - m_nodes.begin()), 0, {}};
    std::vector<int> &siblings = node.parent < 0 ? m_top : above->children;
    node.row = static_cast<int>(siblings.size());
    siblings.push_back(place);
    m_nodes.push_back(std::move(node));
}

QModelIndex VariantTreeModel::indexOf(int variant) const
{
    const auto found = std::ranges::find(m_nodes, variant, [](const Node &node) { return node.variant.id; });
    return found == m_nodes.end() ? QModelIndex()
                                  : createIndex(found->row, 0, static_cast<quintptr>(found - m_nodes.begin()));
}

const std::vector<int> &VariantTreeModel::childrenOf(const QModelIndex &parent) const
{
    return parent.isValid() ? m_nodes[static_cast<std::size_t>(parent.internalId())].children : m_top;
}

QModelIndex VariantTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, static_cast<quintptr>(childrenOf(parent)[static_cast<std::size_t>(row)]));
}

QModelIndex VariantTreeModel::parent(const QModelIndex &child) const
{
    if (!child.isValid())
        return {};
    const int above = m_nodes[static_cast<std::size_t>(child.internalId())].parent;
    return above < 0 ? QModelIndex()
                     : createIndex(m_nodes[static_cast<std::size_t>(above)].row, 0, static_cast<quintptr>(above));
}

int VariantTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(childrenOf(parent).size());
}

int VariantTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant VariantTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Variant &variant = m_nodes[static_cast<std::size_t>(index.internalId())].variant;
    switch (role) {
    case Qt::DisplayRole:
        return text(variant, index.column());
    case Qt::EditRole:
        return index.column() == Name ? QVariant(QString::fromStdString(variant.name)) : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Star ? (variant.starred ? tr("starred") : tr("not starred"))
                                      : text(variant, index.column());
    case Qt::ToolTipRole:
        if (index.column() == Star)
            return tr("Click to star it, or take the star away");
        return QString::fromStdString(variant.measurement.conditions.dateUtc);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Name   ? Qt::AlignLeft
                                                       : index.column() == Star ? Qt::AlignHCenter
                                                                                : Qt::AlignRight));
    case Qt::SizeHintRole: {
        const QFontMetrics metrics(QGuiApplication::font());
        return QSize(metrics.horizontalAdvance(text(variant, index.column())) + columnPadding,
                     metrics.height() + rowPadding);
    }
    case VariantRole:
        return variant.id;
    default:
        return {};
    }
}

bool VariantTreeModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!index.isValid() || role != Qt::EditRole)
        return false;
    const int id = index.data(VariantRole).toInt();
    if (index.column() == Star) {
        Q_EMIT starEdited(id, value.toBool());
        return true;
    }
    const QString name = value.toString().trimmed();
    if (index.column() != Name || name.isEmpty())
        return false;
    Q_EMIT nameEdited(id, name);
    return true;
}

Qt::ItemFlags VariantTreeModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractItemModel::flags(index);
    return index.column() == Name ? flags | Qt::ItemIsEditable : flags;
}

QVariant VariantTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return QAbstractItemModel::headerData(section, orientation, role);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignVCenter | (section == Name ? Qt::AlignLeft : Qt::AlignRight));
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("State");
    case Star:
        return QString(QChar(0x2605));
    case Weights:
        return tr("Weights");
    case Peak:
        return tr("Peak");
    case Speed:
        return tr("Speed");
    default:
        return tr("Points lost");
    }
}

QString VariantTreeModel::text(const Variant &variant, int column) const
{
    const Measurement &measurement = variant.measurement;
    const auto &against = measurement.againstBaseline;
    const QLocale locale;
    const QString unknown(QChar(0x2013));
    switch (column) {
    case Name:
        return variant.quality == Quality::Final && against ? tr("%1 (final)").arg(QString::fromStdString(variant.name))
                                                            : QString::fromStdString(variant.name);
    case Star:
        return QString(variant.starred ? QChar(0x2605) : QChar(0x2606));
    case Weights:
        return bytesText(measurement.weightsBytes);
    case Peak:
        return bytesText(measurement.peakMemory.allocatorBytes);
    case Speed:
        if (!measurement.latency)
            return unknown;
        return locale.toString(against && against->latencyRatio.median > 0 ? 1 / against->latencyRatio.median : 1.0,
                               'f', 2) +
               QChar(0xd7);
    default:
        return against ? intervalText(against->drop.points, (against->drop.high - against->drop.low) / 2) : unknown;
    }
}

} // namespace edgeflex
