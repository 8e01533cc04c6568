#pragma once

#include "plan/compressionplan.h"
#include "plan/editspeed.h"
#include "plan/layerprofile.h"
#include "plan/layertimes.h"
#include "plan/modelspec.h"
#include "plan/outputerror.h"
#include "plan/sensitivity.h"

#include <QAbstractItemModel>
#include <QStringList>

#include <functional>
#include <optional>

namespace edgeflex {

// A model's linear layers in execution order, those of a block under a row of the block, with what a plan makes
// of them beside what they are. Of a block, the rows of the block and of fc1 have the share of the MLP that stays, qkv
// the share of the heads' dimensions, proj how many heads. An edit is announced, not done: whoever owns the plan gives
// it back by setPlan(). GUI thread.
class LayerTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Layer, Keep, Format, Weights, Activations, Time, Refit, ColumnCount };
    enum Role {
        LayersRole = Qt::UserRole, // canonical names of the row's layers, in every column
        BlockRole,                 // number of the row's block, or -1
        KeepRole,                  // share that the plan keeps; invalid where there is nothing to prune
        KeepStepRole,              // the least share by which that can change
        FormatRole,                // NumberFormat as int; -1: the row's layers differ
        SlowerRole,                // the kernels here are not faster in the layer's format than in FP32
        KeepSlowerRole,            // nor with what the plan keeps than with all of it
        PartRole,                  // Part that the row's share is of
        HeadsRole,                 // heads that the plan keeps, 0 for a linear layer; only where they can be chosen
        HeadCountsRole,            // QList<int> of counts that can be chosen, a linear layer's 0 last
        HeadChoicesRole,           // what each of these is, changes and takes
        RemovedRole,               // the plan leaves none of the row's layers
        PinnedRole,                // Qt::CheckState: all, some or none of the row's layers are pinned
        ChoicesRole,               // for each number format, what the row would weigh and take in it
        BeforeRole,                // bytes that the row's weights take in the model as it is
        NowRole                    // and as planned
    };

    enum Part { NoPart, MlpPart, AttentionPart };

    explicit LayerTreeModel(QObject *parent = nullptr);

    // The model as it is, before any plan.
    void setSpec(const ModelSpec &spec, int batch);
    void setBatch(int batch);
    void setPlan(const CompressionPlan &plan);
    // Times of the plan where layer times were measured, else of the model as it was profiled.
    void setTimes(const std::optional<ActivationProfile> &profile, const std::optional<LayerTimes> &times);
    // What parts cost that are left or replaced.
    void setSensitivity(const std::optional<Sensitivity> &sensitivity);
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
    // KeepRole, HeadsRole or FormatRole, and EditRole in the columns of these: announces the edit.
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    // Whether the plan has a linear layer in the place of a block's attention, or MLP.
    bool isLinear(int block, bool attention) const;

Q_SIGNALS:
    void keepEdited(const QModelIndex &row, double keep); // of the row's part; never 0
    void headsEdited(const QModelIndex &row, int heads);  // 0: a linear layer
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
        std::vector<Linear> linears;
    };

    void refresh(); // what the plan makes of each layer
    void announceAll();
    std::vector<const Linear *> linearsOf(const QModelIndex &index) const;
    const Row &rowOf(const QModelIndex &index) const; // of the top level
    Part part(const QModelIndex &index) const;
    bool hasKeep(const QModelIndex &index) const;
    double keep(const QModelIndex &index) const;     // it has one
    double keepStep(const QModelIndex &index) const; // likewise
    bool hasHeads(const QModelIndex &index) const;
    bool isRemoved(const QModelIndex &index) const;
    QString headChoice(int block, int heads) const;
    QString layerText(const QModelIndex &index) const;
    QString keepText(const QModelIndex &index) const;
    QString keepTip(const QModelIndex &index) const;
    // Milliseconds of the layer in a format, of the width that the plan leaves it; -1: not measured.
    double millisecondsIn(const Linear &linear, NumberFormat format) const;
    // Of a layer whose format does not pay here.
    std::optional<EditSpeed> slowFormat(const Linear &linear) const;
    // Of the row's part as planned; nothing where it is whole or not timed.
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
    std::optional<Sensitivity> m_sensitivity;
    ModelSpec m_planned;
    std::function<bool(const QString &)> m_isPinned;
    LayerErrors m_refits;
    bool m_hadRefits = false;
    std::vector<Row> m_rows;
};

} // namespace edgeflex
