#pragma once

#include "plan/compressionplan.h"
#include "plan/predictor.h"

#include <QAbstractTableModel>

#include <optional>
#include <vector>

namespace edgeflex {

// An edit that could be made, and the plan that it leads to.
struct Effect
{
    QString text;
    CompressionPlan plan;
    bool current = false;                 // the plan has it already
    std::optional<Prediction> prediction; // of `plan`; absent: not yet computed, or no figure
};

// What each of several edits would buy and cost against the plan as it is, one a row. Read-only; GUI thread.
class EffectTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Edit, Weights, Peak, Latency, Lost, ColumnCount };
    enum Role { CurrentRole = Qt::UserRole, SlowerRole };

    explicit EffectTableModel(QObject *parent = nullptr);

    void setEffects(const std::optional<Prediction> &now, std::vector<Effect> effects);
    void setPrediction(int row, const std::optional<Prediction> &prediction);
    const Effect &effect(int row) const { return m_effects[static_cast<std::size_t>(row)]; }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    bool isSlower(const Effect &effect) const; // saves bytes and no time
    QString text(const Effect &effect, int column) const;

    std::optional<Prediction> m_now;
    std::vector<Effect> m_effects;
};

// A change with its sign, "+1.2 MB", and a dash for none.
QString signedText(const QString &magnitude, double change);

} // namespace edgeflex
