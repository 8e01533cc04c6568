#pragma once

#include <QList>
#include <QWidget>

class QLabel;
class QPushButton;

namespace edgeflex {

class Document;
class TradeoffPlot;
class VariantPanel;
class VariantTableModel;
class ViewState;
class Workflow;

// What was measured, from all sides: accuracy over memory and over latency, latency over memory, and the table. A frame
// dragged in any plot filters all.
class TradeoffPage : public QWidget
{
    Q_OBJECT

public:
    TradeoffPage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent = nullptr);

    void filter(const QList<int> &variants); // empty: all
    const QList<int> &filtered() const { return m_filtered; }

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void showPlan();
    void select(int variant);

    Document *m_document;
    Workflow *m_workflow;
    ViewState *m_view;
    QList<TradeoffPlot *> m_plots;
    VariantTableModel *m_model;
    VariantPanel *m_table = nullptr;
    QLabel *m_count = nullptr;
    QPushButton *m_all = nullptr;
    QList<int> m_filtered;
    bool m_stale = true;
};

} // namespace edgeflex
