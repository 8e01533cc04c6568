#include "app/studio/jobtablemodel.h"

#include "app/studio/stagetext.h"
#include "widgets/quantitytext.h"

#include <algorithm>

namespace edgeflex {
namespace {

using State = JobQueue::Item::State;

int rankOf(State state)
{
    return state == State::Running ? 0 : state == State::Waiting || state == State::Held ? 1 : 2;
}

} // namespace

JobTableModel::JobTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void JobTableModel::setItems(const std::vector<JobQueue::Item> &items)
{
    std::vector<JobQueue::Item> rows = items;
    const auto ended = std::ranges::find_if(rows, [](const auto &item) { return rankOf(item.state) < 2; });
    std::reverse(rows.begin(), ended); // the latest first
    std::ranges::stable_sort(rows, {}, [](const auto &item) { return rankOf(item.state); });
    // Row by row: what is chosen stays chosen, wherever it goes.
    const auto rowOf = [](const std::vector<JobQueue::Item> &list, int number) {
        return static_cast<int>(std::ranges::find(list, number, &JobQueue::Item::number) - list.begin());
    };
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (rowOf(rows, m_items[static_cast<std::size_t>(row)].number) < static_cast<int>(rows.size()))
            continue;
        beginRemoveRows({}, row, row);
        m_items.erase(m_items.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
        const auto at = m_items.begin() + row;
        const int before = rowOf(m_items, rows[static_cast<std::size_t>(row)].number);
        if (before == rowCount()) {
            beginInsertRows({}, row, row);
            m_items.insert(at, rows[static_cast<std::size_t>(row)]);
            endInsertRows();
        } else if (before != row) {
            beginMoveRows({}, before, before, {}, row);
            std::rotate(at, m_items.begin() + before, m_items.begin() + before + 1);
            endMoveRows();
        }
    }
    if (rows != m_items) {
        m_items = std::move(rows);
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
}

int JobTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

int JobTableModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant JobTableModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !checkIndex(index, CheckIndexOption::ParentIsInvalid))
        return {};
    const JobQueue::Item &item = m_items[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Title:
            return item.title;
        case State:
            switch (item.state) {
            case State::Waiting:
                return tr("waiting");
            case State::Held:
                return tr("waits for quiet");
            case State::Running:
                return item.stage.isEmpty() ? tr("running") : stageText(item.stage);
            case State::Done:
                return tr("done");
            case State::Failed:
                return tr("failed");
            default:
                return tr("stopped");
            }
        case Progress:
            return item.state == State::Running && item.share >= 0 ? shareText(item.share) : QString();
        default:
            if (item.secondsLeft)
                return tr("%1 left").arg(durationText(*item.secondsLeft));
            return item.seconds > 0 && item.state != State::Waiting ? durationText(item.seconds) : QString();
        }
    case Qt::ToolTipRole:
        return item.error;
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(Qt::AlignVCenter | (index.column() == Time ? Qt::AlignRight : Qt::AlignLeft));
    case NumberRole:
        return item.number;
    case ShareRole:
        return item.state == State::Running ? QVariant(item.share) : QVariant();
    case CanStopRole:
        return rankOf(item.state) < 2;
    default:
        return {};
    }
}

QVariant JobTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Title:
        return tr("Job");
    case State:
        return tr("State");
    case Progress:
        return tr("Progress");
    case Time:
        return tr("Time");
    default:
        return {};
    }
}

} // namespace edgeflex
