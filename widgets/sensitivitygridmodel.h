#pragma once

#include "plan/compressionplan.h"
#include "plan/editspeed.h"
#include "plan/layertimes.h"
#include "plan/modelspec.h"
#include "plan/sensitivity.h"

#include <QAbstractTableModel>
#include <QStringList>

#include <optional>
#include <utility>
#include <vector>

namespace edgeflex {

// Every choice there is, on one axis of error: a row for each block and each layer outside the blocks, a column for
// each number format of each layer and for each share of the MLP that may stay; where that was measured, also for
// numbers of heads that may stay and for linear layers in the place of attention and of MLP. A cell is what that choice
// alone changes of the model's answers. Read-only; GUI thread.
class SensitivityGridModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    // Which layer of a block a column is about; rows outside the blocks have their one layer in the first.
    enum Part { Qkv, Proj, Fc1, Fc2, Mlp, Heads, Linear, PartCount };
    enum Role {
        LossRole = Qt::UserRole, // nats, KL(FP32 || changed); invalid: not measured, or no such choice
        ChosenRole,              // the plan has it
        SlowerRole,              // the kernels here are not faster with it than with FP32, whole
        LayersRole,              // canonical names of the cell's layers
        BlockRole,               // -1 outside the blocks
        PartRole,
        FormatRole, // NumberFormat as int; -1 in the columns of other choices
        KeepRole,   // share of the MLP that stays, 0 for a linear layer; invalid in other columns
        HeadsRole   // heads that stay, 0 for a linear layer; invalid in other columns
    };

    explicit SensitivityGridModel(QObject *parent = nullptr);

    void setSpec(const ModelSpec &spec);
    void setPlan(const CompressionPlan &plan);
    void setKnowledge(const std::optional<Sensitivity> &sensitivity, const std::optional<LayerTimes> &times);
    void clear();

    bool isKnown() const { return m_sensitivity.has_value(); }
    bool isEstimated() const { return m_sensitivity && m_sensitivity->estimated; } // and not yet measured
    // Least and greatest loss above 0 among the cells, nats; equal where nothing is known.
    std::pair<double, double> range() const { return m_range; }
    // Where a loss lies between them on a logarithmic axis, from 0 to 1.
    double position(double loss) const;
    int heads() const { return m_spec.heads; } // of the model
    Part part(int column) const { return static_cast<Part>(m_columns[static_cast<std::size_t>(column)].part); }
    static QString partName(Part part);
    // Rows that have one of the layers.
    QList<int> rowsOf(const QStringList &layers) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Column
    {
        int part = Qkv;
        NumberFormat format = NumberFormat::Fp32; // of the columns of formats
        BlockPlan kept = {};                      // of the others
        int heads = -1;                           // of those that are about attention

        bool operator==(const Column &) const = default;
    };
    struct Cell
    {
        std::optional<double> loss;
        bool exists = false;
        std::optional<EditSpeed> speed; // against FP32, whole; where it was timed
    };

    void makeColumns();
    // Whose layer a column is about; nullptr: the row has no such layer, or nothing to choose.
    const LinearSpec *linear(int row, const Column &column) const;
    const LinearSpec *layer(int row, int part) const; // nullptr: the row has no such layer
    BlockSpec chosenBlock(int block, const Column &column) const;
    void compute();
    QString tip(const QModelIndex &index) const;

    ModelSpec m_spec;
    CompressionPlan m_plan;
    ModelSpec m_planned;
    std::optional<Sensitivity> m_sensitivity;
    std::optional<LayerTimes> m_times;
    std::vector<Column> m_columns;
    std::vector<int> m_rows; // block; -1: the embedding; below that -2 - n: the n-th layer after the blocks
    std::vector<std::vector<Cell>> m_cells;
    std::pair<double, double> m_range{1, 1};
};

} // namespace edgeflex
