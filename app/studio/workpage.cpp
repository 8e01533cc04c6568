#include "app/studio/workpage.h"

#include "app/studio/document.h"
#include "app/studio/sourcebar.h"
#include "app/studio/stagetext.h"
#include "app/studio/workflow.h"
#include "plan/memorytimeline.h"
#include "widgets/activationchart.h"
#include "widgets/budgetbox.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"
#include "widgets/quantitytext.h"
#include "widgets/timelinechart.h"
#include "widgets/tradeoffplot.h"
#include "widgets/variantpanel.h"
#include "widgets/verdictline.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int gap = 8; // pixels between the parts

QLabel *heading(const QString &text, QWidget *buddy, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setBuddy(buddy);
    return label;
}

// A part of the page: a line with its heading and what belongs there, and the view under it.
QWidget *section(QWidget *parent, const QList<QWidget *> &head, QWidget *view)
{
    auto *part = new QWidget(parent);
    auto *line = new QHBoxLayout;
    line->setSpacing(gap);
    for (qsizetype i = 0; i < head.size(); ++i) {
        line->addWidget(head[i]);
        if (i == 0)
            line->addStretch(1);
    }
    auto *frame = new QFrame(part);
    frame->setFrameShape(QFrame::StyledPanel);
    auto *inside = new QVBoxLayout(frame);
    inside->setContentsMargins(1, 1, 1, 1);
    inside->addWidget(view);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(3);
    layout->addLayout(line);
    layout->addWidget(frame, 1);
    return part;
}

} // namespace

WorkPage::WorkPage(Document *document, Workflow *workflow, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_workflow(workflow),
      m_sources(new SourceBar(document, workflow, this)),
      m_model(new LayerTreeModel(this)),
      m_variantModel(new VariantTableModel(this)),
      m_recipeModel(new VariantTableModel(this))
{
    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 0, 0);
    leftLayout->setSpacing(gap);
    leftLayout->addWidget(makeLayers(), 1);
    m_budgets = new BudgetBox(left);
    leftLayout->addWidget(m_budgets);

    auto *right = new QSplitter(Qt::Vertical, this);
    right->setChildrenCollapsible(false);
    right->setHandleWidth(gap);
    right->addWidget(makePlots());
    right->addWidget(makeMemory());
    right->addWidget(makeVariants());
    right->setStretchFactor(0, 5);
    right->setStretchFactor(1, 4);
    right->setStretchFactor(2, 3);
    right->setSizes({260, 205, 150});

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(gap + 2);
    splitter->addWidget(left);
    splitter->addWidget(right);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({560, 690});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 6, 10, 4);
    layout->setSpacing(gap);
    layout->addWidget(m_sources);
    layout->addWidget(makeVerdict());
    layout->addWidget(splitter, 1);
    connectDocument();
    showModel();
}

QWidget *WorkPage::makeLayers()
{
    m_layers = new LayerTreeView(this);
    m_layers->setLayerModel(m_model);
    connect(m_layers, &LayerTreeView::keepChosen, m_document, &Document::setMlpKeep);
    connect(m_layers, &LayerTreeView::formatChosen, m_document, &Document::setFormat);
    connect(m_layers, &LayerTreeView::layerChosen, this, [this](const QStringList &layers) {
        m_timeline->highlightLayers(layers);
        m_activations->highlightLayers(layers);
    });
    auto *expand = new QCheckBox(tr("E&very layer"), this);
    expand->setToolTip(tr("Show the layers of each block, not only the blocks"));
    connect(expand, &QCheckBox::toggled, this,
            [this](bool on) { on ? m_layers->expandAll() : m_layers->collapseAll(); });
    connect(m_model, &QAbstractItemModel::modelReset, this, [this, expand] {
        if (expand->isChecked())
            m_layers->expandAll();
    });
    return section(this, {heading(tr("Plan by la&yer"), m_layers, this), expand}, m_layers);
}

QWidget *WorkPage::makePlots()
{
    m_memoryPlot = new TradeoffPlot(TradeoffPlot::Cost::Weights, this);
    m_latencyPlot = new TradeoffPlot(TradeoffPlot::Cost::Latency, this);
    m_memoryCost = new QComboBox(this);
    m_memoryCost->addItem(tr("Weights"), static_cast<int>(TradeoffPlot::Cost::Weights));
    m_memoryCost->addItem(tr("Peak memory"), static_cast<int>(TradeoffPlot::Cost::Peak));
    m_memoryCost->setAccessibleName(tr("Memory that is shown"));
    connect(m_memoryCost, &QComboBox::currentIndexChanged, this,
            [this] { m_memoryPlot->setCost(static_cast<TradeoffPlot::Cost>(m_memoryCost->currentData().toInt())); });
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot}) {
        connect(plot, &TradeoffPlot::variantClicked, this, &WorkPage::selectVariant);
        connect(plot, &TradeoffPlot::variantActivated, this, &WorkPage::loadVariant);
    }
    auto *plots = new QWidget(this);
    auto *layout = new QHBoxLayout(plots);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gap);
    layout->addWidget(section(plots, {heading(tr("Accuracy and memory"), nullptr, plots), m_memoryCost}, m_memoryPlot),
                      1);
    auto *latencyHeading = heading(tr("Accuracy and latency"), nullptr, plots);
    latencyHeading->setMinimumHeight(m_memoryCost->sizeHint().height());
    layout->addWidget(section(plots, {latencyHeading}, m_latencyPlot), 1);
    return plots;
}

QWidget *WorkPage::makeMemory()
{
    m_activations = new ActivationChart(this);
    m_timeline = new TimelineChart(this);
    auto *weights = new QCheckBox(tr("Weigh&ts"), this);
    weights->setToolTip(tr("Draw the weights, which stay in memory throughout, under what is live"));
    connect(weights, &QCheckBox::toggled, m_timeline, &TimelineChart::setShowWeights);
    auto *memory = new QWidget(this);
    auto *layout = new QHBoxLayout(memory);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(gap);
    auto *activationHeading = heading(tr("Activations by layer"), nullptr, memory);
    activationHeading->setMinimumHeight(weights->sizeHint().height());
    layout->addWidget(section(memory, {activationHeading}, m_activations), 1);
    layout->addWidget(
        section(memory, {heading(tr("Memory while one batch runs"), nullptr, memory), weights}, m_timeline), 1);
    return memory;
}

QWidget *WorkPage::makeVariants()
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
    for (VariantPanel *panel : {m_variants, m_recipe}) {
        connect(panel, &VariantPanel::variantChosen, this, &WorkPage::selectVariant);
        connect(panel, &VariantPanel::planWanted, this, &WorkPage::loadVariant);
    }
    m_runRecipe = new QPushButton(tr("Run Ed&geFlex Recipe"), this);
    m_loadPlan = new QPushButton(tr("&Use This Plan"), this);
    m_loadPlan->setToolTip(tr("Edit the plan of the selected variant"));
    connect(m_runRecipe, &QPushButton::clicked, this, [this] {
        m_tabs->setCurrentWidget(m_recipe);
        m_workflow->runRecipe();
    });
    connect(m_loadPlan, &QPushButton::clicked, this, &WorkPage::loadSelectedVariant);
    auto *corner = new QWidget(this);
    auto *buttons = new QHBoxLayout(corner);
    buttons->setContentsMargins(0, 0, 0, 2);
    buttons->setSpacing(6);
    buttons->addWidget(m_loadPlan);
    buttons->addWidget(m_runRecipe);
    m_tabs->setCornerWidget(corner, Qt::TopRightCorner);
    return m_tabs;
}

QWidget *WorkPage::makeVerdict()
{
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::StyledPanel);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Base);
    m_verdict = new VerdictLine(line);
    m_measure = new QPushButton(tr("Measure Pla&n"), line);
    connect(m_measure, &QPushButton::clicked, m_workflow, &Workflow::measurePlan);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(10, 4, 6, 4);
    layout->addWidget(m_verdict, 1);
    layout->addWidget(m_measure);
    return line;
}

void WorkPage::connectDocument()
{
    connect(m_document, &Document::modelChanged, this, &WorkPage::showModel);
    connect(m_document, &Document::sourcesChanged, this, [this] {
        if (m_document->hasModel())
            m_model->setSpec(m_document->spec(), m_document->session().batch);
        showPlan();
        m_model->setTimes(m_document->session().profile, m_document->session().times);
    });
    connect(m_document, &Document::planChanged, this, [this] { m_model->setPlan(m_document->plan()); });
    connect(m_document, &Document::knowledgeChanged, this,
            [this] { m_model->setTimes(m_document->session().profile, m_document->session().times); });
    connect(m_document, &Document::predictionChanged, this, &WorkPage::showPrediction);
    connect(m_document, &Document::variantsChanged, this, &WorkPage::showVariants);
    connect(m_document, &Document::budgetsChanged, this, [this] {
        m_budgets->setBudgets(m_document->session().budgets);
        showPrediction();
        showWork();
    });
    connect(m_workflow, &Workflow::changed, this, &WorkPage::showWork);
    connect(m_budgets, &BudgetBox::budgetsEdited, m_document, &Document::setBudgets);
    connect(m_budgets, &BudgetBox::solveAsked, m_workflow, &Workflow::solve);
}

void WorkPage::showModel()
{
    m_selected = -1;
    if (m_document->hasModel())
        m_model->setSpec(m_document->spec(), m_document->session().batch);
    else
        m_model->clear();
    m_model->setTimes(m_document->session().profile, m_document->session().times);
    m_timeline->highlightLayers({});
    m_activations->highlightLayers({});
    m_budgets->setBudgets(m_document->session().budgets);
    showPlan();
    showVariants();
    showWork();
}

void WorkPage::showPlan()
{
    if (!m_document->hasModel()) {
        m_timeline->clear();
        m_activations->clear();
        return;
    }
    m_model->setPlan(m_document->plan());
    showPrediction();
}

// Everything that moves with the plan; once a frame.
void WorkPage::showPrediction()
{
    if (!m_document->hasModel())
        return;
    const Session &session = m_document->session();
    const ModelSpec planned = plannedSpec(m_document->spec(), m_document->plan());
    const auto timelineOf = [&](const ModelSpec &spec) {
        return makeSchedule(spec, session.schedule, session.batch, m_document->target());
    };
    const Schedule schedule = timelineOf(planned);
    m_timeline->setBaseline(makeTimeline(timelineOf(m_document->spec())));
    m_timeline->setTimeline(schedule, makeTimeline(schedule));
    m_activations->setModel(m_document->spec(), planned, session.batch);

    const Variant *measured = m_document->measured();
    const std::optional<AccuracySoFar> soFar = m_document->soFar();
    std::optional<TradeoffPlot::Current> current;
    Verdict verdict;
    if (const std::optional<Prediction> &prediction = m_document->prediction()) {
        current = TradeoffPlot::Current{*prediction, soFar, measured ? measured->id : -1};
        verdict = verdictOf(*prediction, soFar, session.budgets);
        verdict.original = m_document->isOriginal();
    }
    if (measured) {
        const std::optional<double> predicted = verdict.latencyRatio;
        verdict = verdictOf(measured->measurement, session.budgets);
        if (!verdict.latencyRatio && !verdict.original) {
            verdict.latencyRatio = predicted;
            verdict.latencyPredicted = predicted.has_value();
        }
    }
    m_verdict->setVerdict(verdict);
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot}) {
        plot->setBudgets(session.budgets);
        plot->setCurrent(current);
    }
}

void WorkPage::showVariants()
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
    selectVariant(m_document->variant(m_selected) ? m_selected : -1);
}

void WorkPage::showRecipe()
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

void WorkPage::showWork()
{
    const Session &session = m_document->session();
    const bool ready = m_workflow->isReady();
    QString why;
    if (session.calibration.empty())
        why = tr("Choose calibration images first");
    else if (session.data.empty())
        why = tr("Choose images to judge on first");
    else if (!ready)
        why = tr("The model is still being measured");
    m_budgets->setSolvable(ready && !m_workflow->isSolving(), m_workflow->isSolving() ? tr("Solving…") : why);
    m_runRecipe->setEnabled(ready && !m_workflow->isRecipeRunning());
    m_runRecipe->setToolTip(ready ? tr("Prune, store in FP16, quantize with AWQ, and measure each step") : why);
    const bool measured = m_document->hasModel() && m_document->measured();
    m_measure->setEnabled(ready && !measured && !m_workflow->isMeasuringPlan() && !m_workflow->isRecipeRunning());
    m_measure->setText(m_workflow->waitsForButton()
                           ? tr("Measure Pla&n (%1)").arg(durationText(m_workflow->draftSeconds().value_or(0)))
                           : tr("Measure Pla&n"));
    m_measure->setToolTip(!ready     ? why
                          : measured ? tr("This plan is measured already")
                                     : tr("Carry the plan out and judge it on the images"));

    QString hint;
    if (m_document->hasModel() && !m_document->baseline()) {
        if (session.calibration.empty())
            hint = tr("Choose calibration images\nto see what layers cost.");
        else if (session.data.empty())
            hint = tr("Choose images to judge on\nto see accuracy.");
        else
            hint = m_workflow->isStopped() ? tr("Stopped before the model was measured.\nPlan, Try Again goes on.")
                                           : tr("The original is being measured…");
    }
    for (TradeoffPlot *plot : {m_memoryPlot, m_latencyPlot})
        plot->setHint(hint);
    showRecipe();
}

void WorkPage::selectVariant(int id)
{
    m_selected = id;
    m_variants->select(id);
    m_recipe->select(id);
    m_memoryPlot->setSelected(id);
    m_latencyPlot->setSelected(id);
    m_loadPlan->setEnabled(m_document->variant(id) != nullptr);
    Q_EMIT selectionChanged();
}

bool WorkPage::hasSelectedVariant() const
{
    return m_document->variant(m_selected) != nullptr;
}

void WorkPage::loadSelectedVariant()
{
    loadVariant(m_selected);
}

void WorkPage::loadVariant(int id)
{
    if (const Variant *variant = m_document->variant(id))
        m_document->setPlan(variant->plan, tr("Plan of %1").arg(QString::fromStdString(variant->name)));
}

} // namespace edgeflex
