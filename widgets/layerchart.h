#pragma once

#include "widgets/chart.h"

#include <QStringList>

#include <vector>

namespace edgeflex {

// What a bar of a LayerChart belongs to; its colour.
enum class LayerPart { Qkv, Proj, Fc1, Fc2, Other };

// Of a layer's canonical name.
LayerPart layerPart(const QString &layer);

// One figure for every layer, as bars in the order of execution or the largest first, and in outline what it is without
// the plan. The wheel zooms, a drag moves, a double click shows all; a click chooses the layer.
class LayerChart : public Chart
{
    Q_OBJECT

public:
    struct Bar
    {
        QString layer; // canonical name
        double before = 0;
        double now = 0;
        QString words; // both figures, for the tool tip
    };

    explicit LayerChart(QWidget *parent = nullptr);

    // Figures in the unit of `axis`, which names it.
    void setBars(std::vector<Bar> bars, const QString &axis);
    void setSorted(bool largestFirst);
    void highlightLayers(const QStringList &layers);
    void showAll();

    int barCount() const { return static_cast<int>(m_bars.size()); }
    const Bar &bar(int place) const { return m_bars[m_order[static_cast<std::size_t>(place)]]; }
    // What the parts have together, the attention apart from the MLPs: "attention 34 %, MLP 62 %, rest 4 %".
    QString summary() const;

Q_SIGNALS:
    void layersClicked(const QStringList &layers);

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void draw();
    void drawTicks();
    int placeAt(const QPoint &position) const; // -1: none

    std::vector<Bar> m_bars;
    std::vector<std::size_t> m_order;
    bool m_sorted = false;
    QStringList m_highlighted;
    std::vector<QCPBars *> m_parts; // by LayerPart
    QCPGraph *m_outline;
    std::vector<QCPItemRect *> m_marks;
    QPoint m_pressed;
};

} // namespace edgeflex
