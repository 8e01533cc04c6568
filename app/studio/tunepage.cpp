#include "app/studio/tunepage.h"

#include "app/studio/document.h"
#include "app/studio/effectpanel.h"
#include "app/studio/frontbar.h"
#include "app/studio/layeredits.h"
#include "app/studio/plantools.h"
#include "app/studio/section.h"
#include "app/studio/stagetext.h"
#include "app/studio/viewstate.h"
#include "app/studio/workflow.h"
#include "widgets/activationchart.h"
#include "widgets/budgetbox.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"
#include "widgets/quantitytext.h"
#include "widgets/sensitivitygrid.h"
#include "widgets/sensitivitygridmodel.h"
#include "widgets/timelinechart.h"
#include "widgets/tradeoffplot.h"
#include "widgets/variantpanel.h"
#include "widgets/varianttablemodel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace edgeflex {
namespace {

// Which of two views is shown can be told in dark colours, too, where the style's pressed button hardly differs.
class ViewSwitch : public QToolButton
{
public:
    using QToolButton::QToolButton;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        constexpr int thickness = 2;
        constexpr int inset = 4;
        QToolButton::paintEvent(event);
        if (isChecked())
            QPainter(this).fillRect(inset, height() - inset, width() - 2 * inset, thickness, palette().highlight());
    }
};

} // namespace

TunePage::TunePage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_workflow(workflow),
      m_view(view),
      m_model(new LayerTreeModel(this)),
      m_gridModel(new SensitivityGridModel(this)),
      m_variantModel(new VariantTableModel(this)),
      m_recipeModel(new VariantTableModel(this)),
      m_isPinned([document](const QString &layer) { return document->isPinned(layer); })
{
    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(sectionGap);
    leftLayout->addWidget(makePlan(), 1);
    m_budgets = new BudgetBox(left);
    leftLayout->addWidget(m_budgets);
    m_front = new FrontBar(m_document, left);
    leftLayout->addWidget(m_front);

    auto *right = new QSplitter(Qt::Vertical, this);
    right->setChildrenCollapsible(false);
    right->setHandleWidth(sectionGap);
    right->addWidget(makePlots());
    right->addWidget(makeMemory());
    right->addWidget(makeVariants());
    right->setStretchFactor(0, 5);
    right->setStretchFactor(1, 4);
    right->setStretchFactor(2, 3);
    right->setSizes({250, 195, 150});

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap + 2);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({560, 690});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    connectDocument();
    showModel();
}

QWidget *TunePage::makePlan()
{
    m_layers = new LayerTreeView(this);
    m_layers->setLayerModel(m_model);
    m_grid = new SensitivityGrid(m_gridModel, this);
    connect(m_layers, &LayerTreeView::keepChosen, m_document, &Document::setMlpKeep);
    connect(m_layers, &LayerTreeView::attentionKeepChosen, m_document, &Document::setAttentionKeep);
    connect(m_layers, &LayerTreeView::headsChosen, m_document, &Document::setHeads);
    connect(m_layers, &LayerTreeView::formatChosen, m_document, &Document::setFormat);
    connect(m_layers, &LayerTreeView::layerChosen, m_view, &ViewState::setLayers);
    connect(m_grid, &SensitivityGrid::keepChosen, m_document, &Document::setMlpKeep);
    connect(m_grid, &SensitivityGrid::headsChosen, m_document, &Document::setHeads);
    connect(m_grid, &SensitivityGrid::formatChosen, m_document, &Document::setFormat);
    connect(m_grid, &SensitivityGrid::layerChosen, m_view, &ViewState::setLayers);
    auto *gridPart = new QWidget(this);
    auto *gridLayout = new QVBoxLayout(gridPart);
    gridLayout->setContentsMargins(0, 0, 0, 0);
    gridLayout->setSpacing(2);
    gridLayout->addWidget(m_grid, 1);
    gridLayout->addWidget(new SensitivityLegend(m_gridModel, gridPart));
    gridPart->setAutoFillBackground(true);
    gridPart->setBackgroundRole(QPalette::Base);

    m_planViews = new QStackedWidget(this);
    m_planViews->addWidget(m_layers);
    m_planViews->addWidget(gridPart);
    const auto switcher = [this](const QString &text, const QString &tip, int page) {
        auto *button = new ViewSwitch(this);
        button->setText(text);
        button->setToolTip(tip);
        button->setCheckable(true);
        button->setAutoExclusive(true);
        button->setFocusPolicy(Qt::StrongFocus);
        connect(button, &QToolButton::clicked, this, [this, page] { showGrid(page == 1); });
        return button;
    };
    m_tableButton = switcher(tr("Sliders"), tr("The plan as sliders and formats, a row a layer"), 0);
    m_gridButton = switcher(tr("Sensitivity"), tr("Every choice there is, by how much it changes the answers"), 1);
    m_tableButton->setChecked(true);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Find layers"));
    m_search->setAccessibleName(tr("Find layers"));
    m_search->setToolTip(tr("Only rows with this in their name or format, such as fc1, 3.attn or int8"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(150);
    connect(m_search, &QLineEdit::textChanged, this, &TunePage::filterLayers);
    auto *expand = new QCheckBox(tr("E&very layer"), this);
    expand->setToolTip(tr("Show the layers of each block, not only the blocks"));
    connect(expand, &QCheckBox::toggled, this,
            [this](bool on) { on ? m_layers->expandAll() : m_layers->collapseAll(); });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this, expand] {
        if (expand->isChecked())
            m_layers->expandAll();
        filterLayers(m_search->text());
        m_layers->markLayers(m_view->layers());
    });

    auto *inside = new QWidget(this);
    auto *layout = new QVBoxLayout(inside);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(new PlanTools(m_document, m_view, inside));
    layout->addWidget(m_planViews, 1);
    return section(this, {heading(tr("Plan by la&yer"), m_layers, this), m_search, expand, m_tableButton, m_gridButton},
                   inside);
}

void TunePage::showFront()
{
    const std::vector<ParetoPoint> &front = m_document->front();
    std::vector<TradeoffPlot::Promise> promises;
    if (m_document->frontDrops().size() == front.size()) {
        for (std::size_t i = 0; i < front.size(); ++i)
            promises.push_back({front[i].weightsBytes, m_document->frontDrops()[i]});
    }
    m_memoryPlot->setPromises(std::move(promises));
}

bool TunePage::showsGrid() const
{
    return m_planViews->currentIndex() == 1;
}

void TunePage::showGrid(bool grid)
{
    m_planViews->setCurrentIndex(grid ? 1 : 0);
    (grid ? m_gridButton : m_tableButton)->setChecked(true);
}

void TunePage::findLayer()
{
    showGrid(false);
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

// A block stays when it or one of its layers fits; its layers are shown when one of them does.
void TunePage::filterLayers(const QString &text)
{
    const QString wanted = text.trimmed();
    const auto fits = [&](const QModelIndex &row) {
        if (wanted.isEmpty())
            return true;
        const QString words =
            row.data().toString() + ' ' + row.siblingAtColumn(LayerTreeModel::Format).data().toString();
        const QStringList names = row.data(LayerTreeModel::LayersRole).toStringList();
        return words.contains(wanted, Qt::CaseInsensitive) ||
               (names.size() == 1 && names.first().contains(wanted, Qt::CaseInsensitive));
    };
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QModelIndex block = m_model->index(row, 0);
        bool anyLayer = false;
        for (int layer = 0; layer < m_model->rowCount(block); ++layer) {
            const bool fit = fits(m_model->index(layer, 0, block));
            m_layers->setRowHidden(layer, block, !fit && !fits(block));
            anyLayer = anyLayer || fit;
        }
        m_layers->setRowHidden(row, {}, !anyLayer && !fits(block));
        if (!wanted.isEmpty() && anyLayer)
            m_layers->expand(block);
    }
}

QWidget *TunePage::makePlots()
{
    m_memoryPlot = new TradeoffPlot(TradeoffPlot::Cost::Weights, this);
    m_latencyPlot = new TradeoffPlot(TradeoffPlot::Cost::Latency, this);
    m_memoryCost = new QComboBox(this);
    m_memoryCost->addItem(tr("Weights"), static_cast<int>(TradeoffPlot::Cost::Weights));
    m_memoryCost->addItem(tr("Peak memory"), static_cast<int>(TradeoffPlot::Cost::Peak));
    m_memoryCost->setAccessibleName(tr("Memory that is shown"));
    m_memoryCost->setToolTip(tr("Bytes of the weights, or the most memory in use at any time"));
    connect(m_memoryCost, &QComboBox::currentIndexChanged, this,
            [this] { m_memoryPlot->setCost(static_cast<TradeoffPlot::Cost>(m_memoryCost->currentData().toInt())); });
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot}) {
        connect(plot, &TradeoffPlot::variantClicked, m_view, &ViewState::setVariant);
        connect(plot, &TradeoffPlot::variantActivated, m_document, &Document::usePlanOf);
    }
    auto *plots = new QWidget(this);
    auto *layout = new QHBoxLayout(plots);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(sectionGap);
    layout->addWidget(section(plots, {heading(tr("Accuracy and memory"), nullptr, plots), m_memoryCost}, m_memoryPlot),
                      1);
    auto *latencyHeading = heading(tr("Accuracy and latency"), nullptr, plots);
    latencyHeading->setMinimumHeight(m_memoryCost->sizeHint().height());
    layout->addWidget(section(plots, {latencyHeading}, m_latencyPlot), 1);
    return plots;
}

QWidget *TunePage::makeMemory()
{
    m_activations = new ActivationChart(this);
    m_timeline = new TimelineChart(this);
    auto *weights = new QCheckBox(tr("Weigh&ts"), this);
    weights->setToolTip(tr("Draw the weights, which stay in memory throughout, under what is live"));
    connect(weights, &QCheckBox::toggled, m_timeline, &TimelineChart::setShowWeights);
    auto *memory = new QWidget(this);
    connect(m_timeline, &TimelineChart::layersClicked, m_view, &ViewState::setLayers);
    connect(m_activations, &ActivationChart::layersClicked, m_view, &ViewState::setLayers);
    auto *layout = new QHBoxLayout(memory);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(sectionGap);
    auto *activationHeading = heading(tr("Activations by layer"), nullptr, memory);
    activationHeading->setMinimumHeight(weights->sizeHint().height());
    layout->addWidget(section(memory, {activationHeading}, m_activations), 1);
    layout->addWidget(
        section(memory, {heading(tr("Memory while one batch runs"), nullptr, memory), weights}, m_timeline), 1);
    return memory;
}

QWidget *TunePage::makeVariants()
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_variants = new VariantPanel(
        m_variantModel, tr("Measured variants"),
        tr("What was measured is listed here. A plan that is left alone is measured by itself."), m_tabs);
    m_recipe = new VariantPanel(m_recipeModel, tr("Steps of the recipe"),
                                tr("The EdgeFlex recipe prunes the MLPs, stores in FP16 and quantizes with AWQ, and "
                                   "measures each step."),
                                m_tabs);
    m_tabs->addTab(m_variants, tr("V&ariants"));
    m_tabs->addTab(m_recipe, tr("Rec&ipe"));
    m_effects = new EffectPanel(m_document, tr("What each edit buys and costs"),
                                tr("Select layers: here is what each edit of them would buy and cost."), m_tabs);
    m_effects->setSource([this] { return editsOf(*m_document, m_view->layers()); });
    m_tabs->addTab(m_effects, tr("What an Edit Buys"));
    for (VariantPanel *panel : {m_variants, m_recipe}) {
        connect(panel, &VariantPanel::variantChosen, m_view, &ViewState::setVariant);
        connect(panel, &VariantPanel::planWanted, m_document, &Document::usePlanOf);
    }
    m_runRecipe = new QPushButton(tr("Run Ed&geFlex Recipe"), this);
    m_loadPlan = new QPushButton(tr("&Use This Plan"), this);
    m_loadPlan->setToolTip(tr("Edit the plan of the selected variant"));
    connect(m_runRecipe, &QPushButton::clicked, this, [this] {
        m_tabs->setCurrentWidget(m_recipe);
        m_workflow->runRecipe();
    });
    connect(m_loadPlan, &QPushButton::clicked, this, [this] { m_document->usePlanOf(m_view->variant()); });
    auto *corner = new QWidget(this);
    auto *buttons = new QHBoxLayout(corner);
    buttons->setContentsMargins(0, 0, 0, 2);
    buttons->setSpacing(6);
    buttons->addWidget(m_loadPlan);
    buttons->addWidget(m_runRecipe);
    m_tabs->setCornerWidget(corner, Qt::TopRightCorner);
    return m_tabs;
}

void TunePage::connectDocument()
{
    connect(m_document, &Document::modelChanged, this, &TunePage::showModel);
    connect(m_document, &Document::sourcesChanged, this, [this] {
        m_model->setBatch(m_document->session().batch);
        showPlan();
    });
    connect(m_document, &Document::planChanged, this, [this] {
        m_model->setPlan(m_document->plan());
        m_gridModel->setPlan(m_document->plan());
    });
    connect(m_document, &Document::knowledgeChanged, this, [this] {
        const Session &session = m_document->session();
        m_model->setTimes(session.profile, session.times);
        m_model->setSensitivity(session.sensitivity);
        m_gridModel->setKnowledge(session.sensitivity, session.times);
    });
    connect(m_document, &Document::predictionChanged, this, &TunePage::showPrediction);
    connect(m_document, &Document::pinsChanged, this, [this] { m_model->setPinned(m_isPinned); });
    connect(m_document, &Document::frontChanged, this, &TunePage::showFront);
    connect(m_memoryPlot, &TradeoffPlot::promiseClicked, m_front, &FrontBar::goTo);
    m_model->setPinned(m_isPinned);
    connect(m_document, &Document::variantsChanged, this, &TunePage::showVariants);
    connect(m_document, &Document::budgetsChanged, this, [this] {
        m_budgets->setBudgets(m_document->session().budgets);
        showPrediction();
        showWork();
    });
    connect(m_workflow, &Workflow::changed, this, &TunePage::showWork);
    connect(m_budgets, &BudgetBox::budgetsEdited, m_document, &Document::setBudgets);
    connect(m_budgets, &BudgetBox::solveAsked, m_workflow, &Workflow::solve);
    connect(m_view, &ViewState::layersChanged, this, [this](const QStringList &layers) {
        m_timeline->highlightLayers(layers);
        m_activations->highlightLayers(layers);
        m_layers->markLayers(layers);
        m_grid->markLayers(layers);
        m_effects->refresh();
    });
    connect(m_view, &ViewState::variantChanged, this, &TunePage::showSelection);
}

void TunePage::showModel()
{
    const Session &session = m_document->session();
    if (m_document->hasModel()) {
        m_model->setSpec(m_document->spec(), session.batch);
        m_gridModel->setSpec(m_document->spec());
    } else {
        m_model->clear();
        m_gridModel->clear();
    }
    m_model->setTimes(session.profile, session.times);
    m_model->setSensitivity(session.sensitivity);
    m_gridModel->setKnowledge(session.sensitivity, session.times);
    m_timeline->highlightLayers({});
    m_activations->highlightLayers({});
    m_budgets->setBudgets(session.budgets);
    showPlan();
    showVariants();
    showFront();
    showWork();
}

void TunePage::showPlan()
{
    if (!m_document->hasModel()) {
        m_timeline->clear();
        m_activations->clear();
        m_budgets->setFigures({});
        return;
    }
    m_model->setPlan(m_document->plan());
    m_gridModel->setPlan(m_document->plan());
    showPrediction();
}

void TunePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        showPrediction();
}

// Everything that moves with the plan; once a frame.
void TunePage::showPrediction()
{
    if (!m_document->hasModel())
        return;
    if (!isVisible()) {
        m_stale = true;
        return;
    }
    m_stale = false;
    const Session &session = m_document->session();
    const PlanFigures &figures = m_document->figures();
    m_timeline->setTimelines(figures.schedule, figures.timeline, figures.original);
    m_activations->setModel(m_document->spec(), figures.planned, session.batch);

    const Variant *measured = m_document->measured();
    m_model->setRefits(measured ? measured->measurement.refits : LayerErrors());
    std::optional<TradeoffPlot::Current> current;
    BudgetFigures stand;
    stand.weightsBytes = figures.timeline.weightBytes;
    stand.originalWeightsBytes = figures.original.weightBytes;
    stand.peakBytes = figures.timeline.peakBytes();
    stand.originalPeakBytes = figures.original.peakBytes();
    if (const std::optional<Prediction> &prediction = m_document->prediction()) {
        current = TradeoffPlot::Current{*prediction, m_document->soFar(), measured ? measured->id : -1};
        stand.latencyRatio = prediction->latencyRatio;
        stand.dropPoints = prediction->dropPoints;
        stand.dropErrorPoints = prediction->dropErrorPoints;
        stand.latencyPredicted = stand.dropPredicted = !m_document->isOriginal();
    }
    if (measured && measured->measurement.againstBaseline) {
        const BaselineComparison &against = *measured->measurement.againstBaseline;
        stand.dropPoints = against.drop.points;
        stand.dropErrorPoints = (against.drop.high - against.drop.low) / 2;
        stand.dropPredicted = false;
        if (measured->measurement.latency) {
            stand.latencyRatio = against.latencyRatio.median;
            stand.latencyPredicted = false;
        }
    }
    m_budgets->setFigures(stand);
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot}) {
        plot->setBudgets(session.budgets);
        plot->setCurrent(current);
    }
}

void TunePage::showVariants()
{
    std::vector<VariantTableModel::Row> rows;
    for (const Variant &variant : m_document->variants())
        rows.push_back({QString::fromStdString(variant.name), variant, false});
    const bool more = static_cast<int>(rows.size()) > m_variantModel->rowCount();
    m_variantModel->setRows(std::move(rows));
    if (more) // the latest is news
        m_variants->table()->scrollToBottom();
    showRecipe();
    const std::vector<int> ids = m_workflow->isRecipeRunning() ? m_workflow->recipeVariants() : m_document->recipe();
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot})
        plot->setVariants(m_document->variants(), ids);
    if (m_document->hasModel())
        showPrediction();
    showSelection(m_view->variant());
}

void TunePage::showRecipe()
{
    const bool running = m_workflow->isRecipeRunning();
    const std::vector<int> ids = running ? m_workflow->recipeVariants() : m_document->recipe();
    std::vector<VariantTableModel::Row> steps;
    for (const int id : ids) {
        if (const Variant *variant = m_document->variant(id))
            steps.push_back({QString::fromStdString(variant->name), *variant, false});
    }
    for (std::size_t i = ids.size(); i < m_workflow->recipeSteps().size(); ++i)
        steps.push_back({stepText(QString::fromStdString(m_workflow->recipeSteps()[i].name)), {}, i == ids.size()});
    m_recipeModel->setRows(std::move(steps));
}

void TunePage::showWork()
{
    const Session &session = m_document->session();
    const bool ready = m_workflow->isReady();
    const QString why = m_workflow->whyNotReady();
    m_budgets->setSolvable(ready && !m_workflow->isSolving(), m_workflow->isSolving() ? tr("Solving…") : why);
    m_runRecipe->setEnabled(ready && !m_workflow->isRecipeRunning());
    m_runRecipe->setToolTip(ready ? tr("Prune, store in FP16, quantize with AWQ, and measure each step") : why);
    QString hint;
    if (m_document->hasModel() && !m_document->baseline()) {
        if (session.calibration.empty())
            hint = tr("Choose calibration images\nto see what layers cost.");
        else if (session.data.empty())
            hint = tr("Choose images to judge on\nto see accuracy.");
        else
            hint = m_workflow->isStopped() ? tr("Stopped before the model was measured.\nPlan, Try Again goes on.")
                                           : tr("The original\nis being measured…");
    }
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot})
        plot->setHint(hint);
    showRecipe();
}

void TunePage::showSelection(int variant)
{
    m_variants->select(variant);
    m_recipe->select(variant);
    m_memoryPlot->setSelected(variant);
    m_latencyPlot->setSelected(variant);
    m_loadPlan->setEnabled(m_document->variant(variant) != nullptr);
}

} // namespace edgeflex
