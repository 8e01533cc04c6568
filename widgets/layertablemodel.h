#pragma once

#include "plan/modelspec.h"

#include <QAbstractTableModel>

namespace edgeflex {

// The linear layers of a model in execution order, one a row. Read-only; GUI thread.
class LayerTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Shape, Format, Weights, MacsShare, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, // the cell's value as a number or a text that sorts
        LayerNameRole            // the canonical layer name, in every column
    };

    explicit LayerTableModel(QObject *parent = nullptr);

    void setSpec(const ModelSpec &spec);
    void clear();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        LinearSpec linear;
        std::int64_t weightBytes = 0; // as held in memory for execution
        double macsShare = 0;         // of the whole model, attention products included
    };

    QString text(const Row &row, int column) const;
    QVariant sortValue(const Row &row, int number, int column) const;

    std::vector<Row> m_rows;
};

} // namespace edgeflex
