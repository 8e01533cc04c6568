#include "app/studio/jobtablemodel.h"

#include "app/studio/stagetext.h"
#include "widgets/quantitytext.h"

#include <algorithm>

namespace edgeflex {
namespace {

using State = JobQueue::Item::State;

int rankOf(State state)
{
    return state == State::Running ? 0 : state == State::Waiting ? 1 : 2;
}

} // namespace

JobTableModel::JobTableModel(QObject *parent) : QAbstractTableModel(parent) {}

void JobTableModel::setItems(const std::vector<JobQueue::Item> &items)
{
    std::vector<JobQueue::Item> rows = items;
    const auto ended = std::ranges::find_if(rows, [](const auto &item) { return rankOf(item.state) < 2; });
    std::reverse(rows.begin(), ended); // the latest first
    std::ranges::stable_sort(rows, {}, [](const auto &item) { return rankOf(item.state); });
    const auto numbers = [](const std::vector<JobQueue::Item> &list) {
        std::vector<int> result;
        for (const auto &item : list)
            result.push_back(item.number);
        return result;
    };
    if (numbers(rows) != numbers(m_items)) {
        beginResetModel();
        m_items = std::move(rows);
        endResetModel();
    } else if (rows != m_items) {
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
