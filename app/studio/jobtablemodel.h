#pragma once

#include "app/studio/jobqueue.h"

#include <QAbstractTableModel>

namespace edgeflex {

// The jobs of a queue, one a row: the running one, those that wait or are held, then those that have ended, the latest
// first.
class JobTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Title, State, Progress, Time, ColumnCount };
    enum Role {
        NumberRole = Qt::UserRole,
        ShareRole,   // of the running stage, 0 to 1; below 0: not known; invalid where nothing runs
        CanStopRole, // it runs or waits
    };

    explicit JobTableModel(QObject *parent = nullptr);

    void setItems(const std::vector<JobQueue::Item> &items); // as the queue lists them

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<JobQueue::Item> m_items;
};

} // namespace edgeflex
