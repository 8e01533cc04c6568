#pragma once

#include "plan/compressionplan.h"
#include "plan/editspeed.h"
#include "plan/layerprofile.h"
#include "plan/layertimes.h"
#include "plan/modelspec.h"
#include "plan/outputerror.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <functional>
#include <optional>

namespace edgeflex {

// A model's linear layers in execution order, those of a block under a row of the block, with what a plan makes
// of them beside what they are. An edit is announced, not done: whoever owns the plan gives it back by setPlan().
// GUI thread.
class LayerTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Layer, Keep, Format, Weights, Activations, Time, Refit, ColumnCount };
    enum Role {
        LayersRole = Qt::UserRole, // canonical names of the row's layers, in every column
        BlockRole,                 // number of the row's block, or -1
        KeepRole,                  // share of MLP channels the plan keeps; invalid where there is nothing to prune
        KeepStepRole,              // the least share by which that can change
        FormatRole,                // NumberFormat as int; -1: the row's layers differ
        SlowerRole,                // the kernels here are not faster in the layer's format than in FP32
        KeepSlowerRole,            // nor with the channels that the plan keeps than with all of them
        PinnedRole,                // Qt::CheckState: all, some or none of the row's layers are pinned
        ChoicesRole,               // for each number format, what the row would weigh and take in it
        BeforeRole,                // bytes that the row's weights take in the model as it is
        NowRole                    // and as planned
    };

    explicit LayerTreeModel(QObject *parent = nullptr);

    // The model as it is, before any plan.
    void setSpec(const ModelSpec &spec, int batch);
    void setBatch(int batch);
    void setPlan(const CompressionPlan &plan);
    // Times of the plan where layer times were measured, else of the model as it was profiled.
    void setTimes(const std::optional<ActivationProfile> &profile, const std::optional<LayerTimes> &times);
    void setPinned(std::function<bool(const QString &layer)> isPinned);
    // Of the plan as it is, where it was carried out; empty: not known.
    void setRefits(const LayerErrors &refits);
    bool hadRefits() const { return m_hadRefits; } // of this plan or one before it
    void clear();

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    // KeepRole or FormatRole, and EditRole in the columns of these: announces the edit.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

Q_SIGNALS:
    void keepEdited(const QModelIndex &row, double keep);
    void formatEdited(const QModelIndex &row, edgeflex::NumberFormat format);

private:
    struct Linear
    {
        std::string name;
        std::int64_t rows = 0; // of its input, an image
        std::int64_t before = 0;
        std::int64_t now = 0;
        std::int64_t activations = 0; // bytes of its output for the batch
        NumberFormat format = NumberFormat::Fp32;
        double milliseconds = -1; // -1: not known
        LinearSpec planned = {};
    };
    struct Row // of the top level: a block, or one layer outside the blocks
    {
        int block = -1;
        double keep = 1;
        double keepStep = 1;
        std::vector<Linear> linears;
    };

    void refresh(); // what the plan makes of each layer
    void announceAll();
    std::vector<const Linear *> linearsOf(const QModelIndex &index) const;
    bool hasKeep(const QModelIndex &index) const;
    // Milliseconds of the layer in a format, of the width that the plan leaves it; -1: not measured.
    double millisecondsIn(const Linear &linear, NumberFormat format) const;
    // Of a layer whose format does not pay here.
    std::optional<EditSpeed> slowFormat(const Linear &linear) const;
    // Of the row's MLP as wide as planned; nothing where it is whole or not timed.
    std::optional<EditSpeed> keepSpeed(const QModelIndex &index) const;
    QStringList choices(const std::vector<const Linear *> &linears) const;
    // Of the row's layers, those that were refitted.
    std::vector<OutputError> refitsOf(const QModelIndex &index) const;
    QString refitText(const QModelIndex &index) const;
    QString text(const QModelIndex &index) const;
    QString tip(const QModelIndex &index) const;

    ModelSpec m_spec;
    CompressionPlan m_plan;
    int m_batch = 1;
    std::optional<ActivationProfile> m_profile;
    std::optional<LayerTimes> m_times;
    ModelSpec m_planned;
    std::function<bool(const QString &)> m_isPinned;
    LayerErrors m_refits;
    bool m_hadRefits = false;
    std::vector<Row> m_rows;
};

} // namespace edgeflex
