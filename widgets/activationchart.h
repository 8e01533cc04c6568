#pragma once

#include "plan/modelspec.h"
#include "widgets/chart.h"

#include <optional>
#include <vector>

namespace edgeflex {

// The bytes that each linear layer writes for one batch, those of a block stacked, and behind them in outline what
// they are without the plan.
class ActivationChart : public Chart
{
    Q_OBJECT

public:
    explicit ActivationChart(QWidget *parent = nullptr);

    void setModel(const ModelSpec &original, const ModelSpec &planned, int batch);
    void clear();
    // Marks the columns of the layers.
    void highlightLayers(const QStringList &layers);

    // What is in the column, for the tool tip.
    QString describe(int column) const;
    int columnCount() const { return static_cast<int>(m_columns.size()); }
    std::int64_t bytes(int column) const;

Q_SIGNALS:
    void layersClicked(const QStringList &layers); // of the column that was clicked

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Layer
    {
        QString name;
        std::int64_t before = 0;
        std::int64_t now = 0;
    };
    struct Column
    {
        QString title;
        std::vector<Layer> layers;
    };

    void draw();
    void markColumns();

    std::vector<Column> m_columns;
    QStringList m_highlighted;
    std::vector<QCPBars *> m_bars; // qkv, proj, fc1, fc2; a layer outside the blocks is in the first
    QCPGraph *m_outline;
    std::vector<QCPItemRect *> m_marks;
};

} // namespace edgeflex
