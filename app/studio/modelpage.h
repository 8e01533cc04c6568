#pragma once

#include "plan/executiontarget.h"
#include "plan/results.h"

#include <QWidget>

class QComboBox;
class QFormLayout;
class QLabel;
class QSortFilterProxyModel;
class QSpinBox;
class QTableView;

namespace edgeflex {

class LayerTableModel;
class TimelineChart;

// An open model: its facts, its layers, and the memory that running it takes, computed here from its shape.
class ModelPage : public QWidget
{
    Q_OBJECT

public:
    explicit ModelPage(QWidget *parent = nullptr);

    void setModel(const ModelSummary &summary, const ExecutionTarget &target);

protected:
    void changeEvent(QEvent *event) override;

private:
    QWidget *makeFacts();
    QWidget *makeLayers();
    QWidget *makeMemory();
    void retitle();
    void updateTimeline();

    ModelSummary m_summary;
    ExecutionTarget m_target;
    QLabel *m_title;
    QFormLayout *m_facts = nullptr;
    LayerTableModel *m_layers;
    QSortFilterProxyModel *m_sortedLayers;
    QTableView *m_table = nullptr;
    QComboBox *m_schedule = nullptr;
    QSpinBox *m_batch = nullptr;
    QLabel *m_peak = nullptr;
    TimelineChart *m_chart = nullptr;
};

} // namespace edgeflex
