#include "app/studio/tradeoffpage.h"

#include "app/studio/document.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "app/studio/workflow.h"
#include "widgets/tradeoffplot.h"
#include "widgets/variantpanel.h"
#include "widgets/varianttablemodel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace edgeflex {

TradeoffPage::TradeoffPage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent)
    : QWidget(parent), m_document(document), m_workflow(workflow), m_view(view), m_model(new VariantTableModel(this))
{
    using Cost = TradeoffPlot::Cost;
    auto *plots = new QWidget(this);
    auto *row = new QHBoxLayout(plots);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(sectionGap);
    auto *memory = new QComboBox(plots);
    memory->addItem(tr("Weights"), static_cast<int>(Cost::Weights));
    memory->addItem(tr("Peak memory"), static_cast<int>(Cost::Peak));
    memory->setAccessibleName(tr("Memory that is shown in both plots of it"));
    memory->setToolTip(tr("Bytes of the weights, or the most memory in use at any time"));
    const auto add = [&](const QString &title, Cost cost, std::optional<Cost> over, QWidget *control) {
        auto *plot = new TradeoffPlot(cost, plots);
        plot->setOver(over);
        plot->setBrushing(true);
        connect(plot, &TradeoffPlot::variantClicked, m_view, &ViewState::setVariant);
        connect(plot, &TradeoffPlot::variantActivated, m_document, &Document::usePlanOf);
        connect(plot, &TradeoffPlot::brushed, this, &TradeoffPage::filter);
        m_plots += plot;
        auto *head = heading(title, nullptr, plots);
        head->setMinimumHeight(memory->sizeHint().height());
        row->addWidget(section(plots, control ? QList<QWidget *>{head, control} : QList<QWidget *>{head}, plot), 1);
        return plot;
    };
    TradeoffPlot *overMemory = add(tr("Accuracy and memory"), Cost::Weights, {}, memory);
    add(tr("Accuracy and latency"), Cost::Latency, {}, nullptr);
    TradeoffPlot *latencyOverMemory = add(tr("Memory and latency"), Cost::Weights, Cost::Latency, nullptr);
    connect(memory, &QComboBox::currentIndexChanged, this, [memory, overMemory, latencyOverMemory] {
        const auto cost = static_cast<Cost>(memory->currentData().toInt());
        overMemory->setCost(cost);
        latencyOverMemory->setCost(cost);
    });

    m_table = new VariantPanel(m_model, tr("Measured variants"),
                               tr("What was measured is listed here. A plan that is left alone is measured by itself."),
                               this);
    connect(m_table, &VariantPanel::variantChosen, m_view, &ViewState::setVariant);
    connect(m_table, &VariantPanel::planWanted, m_document, &Document::usePlanOf);
    m_count = new QLabel(this);
    m_count->setEnabled(false);
    m_all = new QPushButton(tr("Show All"), this);
    m_all->setToolTip(tr("Take the filter away"));
    connect(m_all, &QPushButton::clicked, this, [this] { filter({}); });
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(plots);
    splitter->addWidget(
        section(splitter, {heading(tr("Variants"), m_table->table(), splitter), m_count, m_all}, m_table));
    splitter->setSizes({400, 220});
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    for (const auto signal : {&Document::modelChanged, &Document::variantsChanged})
        connect(document, signal, this, [this] {
            m_stale = true;
            if (isVisible())
                refresh();
        });
    for (const auto signal : {&Document::predictionChanged, &Document::budgetsChanged})
        connect(document, signal, this, [this] {
            if (isVisible())
                showPlan();
        });
    connect(document, &Document::modelChanged, this, [this] { m_filtered.clear(); });
    connect(view, &ViewState::variantChanged, this, &TradeoffPage::select);
}

void TradeoffPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        refresh();
    else
        showPlan();
}

void TradeoffPage::filter(const QList<int> &variants)
{
    m_filtered = variants;
    refresh();
}

void TradeoffPage::refresh()
{
    m_stale = false;
    const std::vector<Variant> &variants = m_document->variants();
    std::vector<VariantTableModel::Row> rows;
    for (const Variant &variant : variants) {
        if (m_filtered.isEmpty() || m_filtered.contains(variant.id))
            rows.push_back({QString::fromStdString(variant.name), variant, false});
    }
    m_count->setText(m_filtered.isEmpty() ? tr("Click a point to take its plan up, drag a frame to look at some")
                                          : tr("%1 of %2, those in the frame").arg(rows.size()).arg(variants.size()));
    m_all->setVisible(!m_filtered.isEmpty());
    m_model->setRows(std::move(rows));
    for (TradeoffPlot *plot : m_plots) {
        plot->setVariants(variants, m_document->recipe());
        plot->setEmphasized(m_filtered);
    }
    showPlan();
    select(m_view->variant());
}

// What moves with the plan; once a frame.
void TradeoffPage::showPlan()
{
    std::optional<TradeoffPlot::Current> current;
    const Variant *measured = m_document->hasModel() ? m_document->measured() : nullptr;
    if (const std::optional<Prediction> &prediction = m_document->prediction())
        current = TradeoffPlot::Current{*prediction, m_document->soFar(), measured ? measured->id : -1};
    for (TradeoffPlot *plot : m_plots) {
        plot->setBudgets(m_document->session().budgets);
        plot->setCurrent(current);
        plot->setHint(m_document->baseline() ? QString() : m_workflow->whyNotReady());
    }
}

void TradeoffPage::select(int variant)
{
    m_table->select(variant);
    for (TradeoffPlot *plot : m_plots)
        plot->setSelected(variant);
}

} // namespace edgeflex
