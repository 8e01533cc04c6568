#pragma once

#include "plan/memorytimeline.h"

#include <QAbstractTableModel>

#include <vector>

namespace edgeflex {

// What is in memory while one operation of a schedule runs, the largest first: its tensors, its scratch, the weights.
// Read-only; GUI thread.
class TensorTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Tensor, Bytes, Share, Lives, ColumnCount };
    enum Role {
        ShareRole = Qt::UserRole, // of all that is live, 0 to 1
        BytesRole
    };

    explicit TensorTableModel(QObject *parent = nullptr);

    // `operation` -1: nothing.
    void setMoment(const Schedule &schedule, int operation);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QString name;
        std::int64_t bytes = 0;
        QString lives; // from which operation to which
        bool operator==(const Row &) const = default;
    };

    std::vector<Row> m_rows;
    std::int64_t m_all = 0;
};

} // namespace edgeflex
