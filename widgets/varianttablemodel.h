#pragma once

#include "plan/variant.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace edgeflex {

// Measured variants with their figures, one a row; a row may wait for its variant. Read-only; GUI thread.
class VariantTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Weights, Peak, Process, Speed, Top1, Lost, ColumnCount };
    enum Role {
        VariantRole = Qt::UserRole, // id, or -1 while it is not measured
        QualityRole
    };

    struct Row
    {
        QString name;
        std::optional<Variant> variant; // absent: not measured yet
        bool running = false;
    };

    explicit VariantTableModel(QObject *parent = nullptr);

    void setRows(std::vector<Row> rows);
    // The peak of the process was measured for one of the rows.
    bool hasProcessPeaks() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString text(const Row &row, int column) const;

    std::vector<Row> m_rows;
};

} // namespace edgeflex
