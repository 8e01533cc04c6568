#pragma once

#include <QWidget>

#include <functional>

class QComboBox;
class QLineEdit;
class QPushButton;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace edgeflex {

class ActivationChart;
class BudgetBox;
class Document;
class EffectPanel;
class FrontBar;
class LayerTreeModel;
class LayerTreeView;
class SensitivityGrid;
class SensitivityGridModel;
class TimelineChart;
class TradeoffPlot;
class VariantPanel;
class VariantTableModel;
class ViewState;
class Workflow;

// Where a plan is made: its sliders and formats by layer, or the same choices as a grid of their sensitivity, beside
// the plots that move with them.
class TunePage : public QWidget
{
    Q_OBJECT

public:
    TunePage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent = nullptr);

    LayerTreeView *layers() const { return m_layers; }
    SensitivityGrid *grid() const { return m_grid; }
    EffectPanel *effects() const { return m_effects; }
    bool showsGrid() const;
    void showGrid(bool grid);
    void findLayer(); // with the keyboard, in the search field

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makePlan();
    QWidget *makePlots();
    QWidget *makeMemory();
    QWidget *makeVariants();
    void connectDocument();

    void showModel();
    void showPlan();
    void showPrediction();
    void showVariants();
    void showRecipe();
    void showWork();
    void showFront();
    void showSelection(int variant);
    void filterLayers(const QString &text);

    Document *m_document;
    Workflow *m_workflow;
    ViewState *m_view;
    LayerTreeModel *m_model;
    LayerTreeView *m_layers = nullptr;
    SensitivityGridModel *m_gridModel;
    SensitivityGrid *m_grid = nullptr;
    QStackedWidget *m_planViews = nullptr;
    QToolButton *m_tableButton = nullptr;
    QToolButton *m_gridButton = nullptr;
    QLineEdit *m_search = nullptr;
    FrontBar *m_front = nullptr;
    BudgetBox *m_budgets = nullptr;
    TradeoffPlot *m_memoryPlot = nullptr;
    TradeoffPlot *m_latencyPlot = nullptr;
    QComboBox *m_memoryCost = nullptr;
    ActivationChart *m_activations = nullptr;
    TimelineChart *m_timeline = nullptr;
    VariantTableModel *m_variantModel;
    VariantTableModel *m_recipeModel;
    std::function<bool(const QString &layer)> m_isPinned;
    QTabWidget *m_tabs = nullptr;
    VariantPanel *m_variants = nullptr;
    VariantPanel *m_recipe = nullptr;
    EffectPanel *m_effects = nullptr;
    QPushButton *m_runRecipe = nullptr;
    QPushButton *m_loadPlan = nullptr;
    bool m_stale = false; // the prediction changed while the page was hidden
};

} // namespace edgeflex
