#pragma once

#include "widgets/chart.h"
#include "widgets/tradeoffpoint.h"

#include <optional>
#include <vector>

namespace edgeflex {

// Accuracy over what it costs, or one cost over another: the original, every variant measured (solid, with the 95 %
// interval of what it loses against the original), the plan that is being edited (hollow: predicted), the budgets, the
// recipe as a path, and the Pareto front: what nothing measured is better than in both.
class TradeoffPlot : public Chart
{
    Q_OBJECT

public:
    using Cost = TradeoffCost;
    using Current = TradeoffCurrent;

    explicit TradeoffPlot(Cost cost, QWidget *parent = nullptr);

    void setCost(Cost cost);
    Cost cost() const { return m_cost; }
    // What is drawn upwards: a cost instead of the accuracy.
    void setOver(std::optional<Cost> over);
    std::optional<Cost> over() const { return m_over; }
    // Dragging a frame tells which variants lie in it.
    void setBrushing(bool on);
    // Fades all variants but these; empty: none.
    void setEmphasized(const QList<int> &variants);
    // Ids of the variants on the front, from the cheapest on.
    const std::vector<int> &front() const { return m_frontIds; }
    void setVariants(const std::vector<Variant> &variants, const std::vector<int> &recipe);
    void setBudgets(const Budgets &budgets);
    void setCurrent(const std::optional<Current> &current);
    void setSelected(int variantId); // -1: none
    // Plans that solving found to be the best of their size, predicted, in the order of their size; drawn where
    // accuracy is over weights.
    struct Promise
    {
        std::int64_t weightsBytes = 0;
        double dropPoints = 0;
    };
    void setPromises(std::vector<Promise> promises);
    // Said in the middle while there is nothing to see.
    void setHint(const QString &hint);

    // The point that stands for the plan, in plot coordinates, where there is one.
    std::optional<QPointF> currentPoint() const { return m_currentPoint; }
    // Of a variant, where it has figures for both axes.
    std::optional<QPointF> variantPoint(int id) const;
    // In the widget, for those who point at it.
    QPoint pixelOf(const QPointF &point) const;
    QString describe(const QPoint &position) const; // what is under the pointer; empty: nothing

Q_SIGNALS:
    void variantClicked(int id);
    void variantActivated(int id); // its plan is wanted: a double click, or where frames can be dragged a click
    void promiseClicked(int index);
    void brushed(const QList<int> &variants); // empty: the frame was empty, or a click beside all points

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;

private:
    using Point = TradeoffPoint;
    struct Layer // points that look alike
    {
        QCPGraph *graph = nullptr;
        QCPErrorBars *bars = nullptr;
    };

    Layer makeLayer(const QString &name);
    void wrapHint();
    void fill(const Layer &layer, const std::vector<Point> &points);
    void drawFront();
    void nameAxes();
    const Point *pointAt(const QPoint &position) const;
    int promiseAt(const QPoint &position) const; // -1: none
    void drawPromises();
    QString describe(const Point &point) const;
    void redraw();
    void fitRanges();

    Cost m_cost;
    std::optional<Cost> m_over; // absent: accuracy
    QList<int> m_emphasized;
    std::vector<int> m_frontIds;
    QPoint m_pressed;
    std::vector<Variant> m_variants;
    QString m_variantWords; // of all of them, which are too many to be put into words for every frame
    std::vector<int> m_recipe;
    Budgets m_budgets;
    std::optional<Current> m_current;
    int m_selected = -1;
    std::vector<Point> m_points;
    std::optional<QPointF> m_currentPoint;
    Layer m_drafts;
    Layer m_finals;
    Layer m_predicted;
    Layer m_streaming;
    QCPGraph *m_faded; // variants that are not emphasized
    QCPCurve *m_front;
    std::vector<Promise> m_promises;
    QCPGraph *m_promised;
    QCPGraph *m_original;
    QCPCurve *m_path;
    QCPGraph *m_selection;
    QCPGraph *m_here; // around the variant that is the plan
    QCPItemLine *m_costLine;
    QCPItemText *m_costText;
    QCPItemLine *m_dropLine;
    QCPItemText *m_dropText;
    QCPItemLine *m_originalLine;
    QCPItemText *m_hint;
    QString m_hintText; // in one line
};

} // namespace edgeflex
