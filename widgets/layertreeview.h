#pragma once

#include "plan/numberformat.h"

#include <QPersistentModelIndex>
#include <QStringList>
#include <QTreeView>

namespace edgeflex {

class LayerTreeModel;

// The layers of a model with what the plan makes of them. An edit of a selected row is one of all selected rows.
// Keys: + and - change the share, or the number of heads, of the selected blocks by a step, F2 or Return opens the list
// of formats, a digit the percentage. A linear layer in the place of a part is never come to by steps.
class LayerTreeView : public QTreeView
{
    Q_OBJECT

public:
    explicit LayerTreeView(QWidget *parent = nullptr);

    void setLayerModel(LayerTreeModel *model);
    // Canonical names of the layers of all selected rows, without repeats.
    QStringList selectedLayers() const;
    QList<int> selectedBlocks() const;
    // Selects the rows of the layers, a block's where all of its layers are among them; announces nothing.
    void markLayers(const QStringList &layers);
    // Where the slider of a row stands at a share, in the viewport, for those who drag it.
    QPoint sliderPoint(const QModelIndex &row, double keep) const;

Q_SIGNALS:
    // `gesture` is the same for all the steps of one drag, and 0 for an edit of its own.
    void keepChosen(const QList<int> &blocks, double keep, int gesture);          // of the MLP's channels
    void attentionKeepChosen(const QList<int> &blocks, double keep, int gesture); // of the heads' dimensions
    void headsChosen(const QList<int> &blocks, int heads);                        // 0: a linear layer
    void formatChosen(const QStringList &layers, edgeflex::NumberFormat format);
    void layerChosen(const QStringList &layers);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    bool viewportEvent(QEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void dragTo(int x);
    void stepKeep(int steps);
    void stepHeads(const QModelIndex &cell, int steps);
    void openList(const QModelIndex &cell);
    void fitColumns();
    void fitColumnsSoon();
    QList<int> blocksToEdit(const QModelIndex &row) const;

    LayerTreeModel *m_layers = nullptr;
    QPersistentModelIndex m_dragged; // cell of the slider that is being dragged
    int m_gesture = 0;
    double m_lastKeep = -1;
    bool m_marking = false;
    bool m_fitting = false; // soon
};

} // namespace edgeflex
