#pragma once

#include "plan/numberformat.h"

#include <QTableView>

namespace edgeflex {

class SensitivityGridModel;

// The grid of every choice as a heat map: pale changes nothing, dark changes much. A click or the space bar chooses a
// cell or takes it back; a click on a column's head chooses it for every row.
class SensitivityGrid : public QTableView
{
    Q_OBJECT

public:
    explicit SensitivityGrid(SensitivityGridModel *model, QWidget *parent = nullptr);

    // Marks the rows of the layers; announces nothing.
    void markLayers(const QStringList &layers);
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    // As those of LayerTreeView.
    void keepChosen(const QList<int> &blocks, double keep, int gesture);
    void headsChosen(const QList<int> &blocks, int heads);
    void formatChosen(const QStringList &layers, edgeflex::NumberFormat format);
    void layerChosen(const QStringList &layers);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void choose(const QList<QModelIndex> &cells);
    void fitSections();

    SensitivityGridModel *m_grid;
    bool m_marking = false;
};

// What the shades of a SensitivityGrid mean.
class SensitivityLegend : public QWidget
{
    Q_OBJECT

public:
    explicit SensitivityLegend(SensitivityGridModel *model, QWidget *parent = nullptr);
    QString text() const; // the greatest change that a shade stands for, and whether it was measured
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SensitivityGridModel *m_grid;
};

} // namespace edgeflex
