#pragma once

#include "plan/memorytimeline.h"
#include "widgets/chart.h"

namespace edgeflex {

// The bytes live during each operation of a schedule, stacked: weights, tensors, scratch. Drawn from the
// same Schedule that is executed.
class TimelineChart : public Chart
{
    Q_OBJECT

public:
    explicit TimelineChart(QWidget *parent = nullptr);

    // `original`: another timeline of as many operations, drawn as an outline behind: the model without a plan.
    void setTimelines(const Schedule &schedule, const MemoryTimeline &timeline, const MemoryTimeline &original = {});
    void clear();
    // Whether the weights are drawn under the tensors, or only what the schedule decides about.
    void setShowWeights(bool show);
    // Marks the operations that execute one of the layers; none marks none.
    void highlightLayers(const QStringList &layers);

    // "Peak 35.3 MB in blocks.0.mlp: ...", the chart in words.
    QString summary() const { return m_summary; }
    // What is live in operation `index`, for the tool tip.
    QString describe(int index) const;
    // First and last operation that is marked, or -1.
    std::pair<int, int> highlighted() const { return m_highlighted; }

    // The operation that was clicked, else that of the peak; -1 without a timeline.
    int chosenOperation() const { return m_chosen >= 0 ? m_chosen : peakOperation(); }
    int peakOperation() const { return m_timeline.moments.empty() ? -1 : m_timeline.peakOperation; }

Q_SIGNALS:
    void operationClicked(int operation);
    void layersClicked(const QStringList &layers); // those that the operation executes

protected:
    void applyColors() override;
    QString tipAt(const QPoint &position) const override;
    void mousePressEvent(QMouseEvent *event) override;

private:
    void drawTimeline();
    void drawHighlight();

    Schedule m_schedule;
    MemoryTimeline m_timeline;
    QString m_summary;
    QStringList m_layers;
    MemoryTimeline m_baseline;
    bool m_showWeights = false;
    std::pair<int, int> m_highlighted{-1, -1};
    int m_chosen = -1;
    QCPGraph *m_weights;
    QCPGraph *m_tensors;
    QCPGraph *m_scratch;
    QCPGraph *m_outline;
    QCPItemLine *m_peakLine;
    QCPItemText *m_peakText;
    QCPItemRect *m_highlight;
};

} // namespace edgeflex
