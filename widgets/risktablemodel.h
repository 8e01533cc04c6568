#pragma once

#include "plan/layerprofile.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <vector>

namespace edgeflex {

// What the calibration images showed of every layer's inputs, and what 16-bit formats would risk with them. Read-only;
// GUI thread.
class RiskTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Layer, Largest, Outliers, Overflow, Fp16Error, Bf16Error, SafeHalf, ColumnCount };
    enum Role {
        LayerRole = Qt::UserRole, // canonical name
        LevelRole,                // RiskLevel as int, in Overflow and SafeHalf
        SortRole                  // what a column is sorted by
    };

    explicit RiskTableModel(QObject *parent = nullptr);

    void setProfile(const ActivationProfile *profile); // nullptr: none

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Row
    {
        QString layer;
        double largest = 0; // |x|
        int outliers = 0;
        int channels = 0;
        CastRisk risk;
        bool known = false; // the profile says something of 16-bit formats
    };

    std::vector<Row> m_rows;
};

} // namespace edgeflex
