#pragma once

#include "widgets/varianttablemodel.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTabWidget;

namespace edgeflex {

class ActivationChart;
class BudgetBox;
class Document;
class LayerTreeModel;
class LayerTreeView;
class SourceBar;
class TimelineChart;
class TradeoffPlot;
class VariantPanel;
class VerdictLine;
class Workflow;

// An open model, all on one page: the plan by layer, the memory it takes, what it costs in accuracy, and the verdict.
class WorkPage : public QWidget
{
    Q_OBJECT

public:
    WorkPage(Document *document, Workflow *workflow, QWidget *parent = nullptr);

    SourceBar *sources() const { return m_sources; }
    LayerTreeView *layers() const { return m_layers; }
    void loadSelectedVariant();
    bool hasSelectedVariant() const;

Q_SIGNALS:
    void selectionChanged();

private:
    QWidget *makeLayers();
    QWidget *makePlots();
    QWidget *makeMemory();
    QWidget *makeVariants();
    QWidget *makeVerdict();
    void connectDocument();

    void showModel();
    void showPlan();
    void showPrediction();
    void showVariants();
    void showRecipe();
    void showWork();
    void selectVariant(int id);
    void loadVariant(int id);

    Document *m_document;
    Workflow *m_workflow;
    SourceBar *m_sources;
    LayerTreeModel *m_model;
    LayerTreeView *m_layers = nullptr;
    BudgetBox *m_budgets = nullptr;
    TradeoffPlot *m_memoryPlot = nullptr;
    TradeoffPlot *m_latencyPlot = nullptr;
    QComboBox *m_memoryCost = nullptr;
    ActivationChart *m_activations = nullptr;
    TimelineChart *m_timeline = nullptr;
    QLabel *m_peak = nullptr;
    VariantTableModel *m_variantModel;
    VariantTableModel *m_recipeModel;
    QTabWidget *m_tabs = nullptr;
    VariantPanel *m_variants = nullptr;
    VariantPanel *m_recipe = nullptr;
    QPushButton *m_runRecipe = nullptr;
    QPushButton *m_loadPlan = nullptr;
    VerdictLine *m_verdict = nullptr;
    QPushButton *m_measure = nullptr;
    int m_selected = -1;
};

} // namespace edgeflex
