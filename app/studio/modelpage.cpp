#include "app/studio/modelpage.h"

#include "app/studio/modelfacts.h"
#include "plan/memorytimeline.h"
#include "plan/schedule.h"
#include "widgets/layertablemodel.h"
#include "widgets/timelinechart.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFormLayout>
#include <QHeaderView>
#include <QLabel>
#include <QSortFilterProxyModel>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

// Larger batches are no use on an edge device, and their schedules are as long.
constexpr int maxBatch = 1024;

QLabel *heading(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    return label;
}

} // namespace

ModelPage::ModelPage(QWidget *parent)
    : QWidget(parent),
      m_title(new QLabel(this)),
      m_layers(new LayerTableModel(this)),
      m_sortedLayers(new QSortFilterProxyModel(this))
{
    m_title->setTextFormat(Qt::PlainText);
    m_sortedLayers->setSourceModel(m_layers);
    m_sortedLayers->setSortRole(LayerTableModel::SortRole);

    auto *left = new QWidget(this);
    auto *leftLayout = new QVBoxLayout(left);
    leftLayout->setContentsMargins(0, 0, 6, 0);
    leftLayout->setSpacing(8);
    leftLayout->addWidget(makeFacts());
    leftLayout->addWidget(makeLayers(), 1);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->addWidget(left);
    splitter->addWidget(makeMemory());
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({500, 760});

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 10, 12, 8);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(splitter, 1);
    retitle();
}

void ModelPage::setModel(const ModelSummary &summary, const ExecutionTarget &target)
{
    m_summary = summary;
    m_target = target;
    m_title->setText(QString::fromStdString(summary.spec.name));
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    for (const Fact &fact : modelFacts(summary)) {
        auto *value = new QLabel(fact.value, this);
        value->setTextFormat(Qt::PlainText);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setWordWrap(true);
        value->setAccessibleName(fact.name + ": " + fact.value);
        m_facts->addRow(fact.name, value);
    }
    m_layers->setSpec(summary.spec);
    m_table->sortByColumn(LayerTableModel::Name, Qt::AscendingOrder);
    m_chart->highlightLayer({});
    updateTimeline();
}

QWidget *ModelPage::makeFacts()
{
    auto *facts = new QWidget(this);
    facts->setAccessibleName(tr("Facts about the model"));
    m_facts = new QFormLayout(facts);
    m_facts->setContentsMargins(0, 0, 0, 0);
    m_facts->setVerticalSpacing(3);
    m_facts->setHorizontalSpacing(16);
    m_facts->setLabelAlignment(Qt::AlignLeft);
    return facts;
}

QWidget *ModelPage::makeLayers()
{
    auto *layers = new QWidget(this);
    m_table = new QTableView(layers);
    m_table->setAccessibleName(tr("Layers"));
    m_table->setModel(m_sortedLayers);
    m_table->setSortingEnabled(true);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false); // Tab leaves the table, arrows move in it
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(LayerTableModel::Name, QHeaderView::Stretch);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        m_chart->highlightLayer(row.data(LayerTableModel::LayerNameRole).toString());
    });

    auto *title = heading(tr("&Layers"), layers);
    title->setBuddy(m_table);
    auto *layout = new QVBoxLayout(layers);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(title);
    layout->addWidget(m_table, 1);
    return layers;
}

QWidget *ModelPage::makeMemory()
{
    auto *memory = new QWidget(this);
    m_schedule = new QComboBox(memory);
    m_schedule->addItem(tr("Tight"), QVariant::fromValue(static_cast<int>(ScheduleKind::Tight)));
    m_schedule->addItem(tr("Eager"), QVariant::fromValue(static_cast<int>(ScheduleKind::Eager)));
    m_schedule->setItemData(0, tr("In place, attention image by image, the MLP in tiles"), Qt::ToolTipRole);
    m_schedule->setItemData(1, tr("One tensor an operation, as PyTorch runs it"), Qt::ToolTipRole);
    m_schedule->setAccessibleName(tr("Schedule"));
    m_batch = new QSpinBox(memory);
    m_batch->setRange(1, maxBatch);
    m_batch->setAccessibleName(tr("Batch, images"));
    m_peak = new QLabel(memory);
    m_peak->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_peak->setWordWrap(true);
    m_chart = new TimelineChart(memory);
    connect(m_schedule, &QComboBox::currentIndexChanged, this, &ModelPage::updateTimeline);
    connect(m_batch, &QSpinBox::valueChanged, this, &ModelPage::updateTimeline);

    auto *weights = new QCheckBox(tr("Show &weights"), memory);
    weights->setToolTip(tr("Draw the weights, which stay in memory throughout, under what is live"));
    connect(weights, &QCheckBox::toggled, m_chart, &TimelineChart::setShowWeights);

    auto *scheduleLabel = new QLabel(tr("&Schedule:"), memory);
    scheduleLabel->setBuddy(m_schedule);
    auto *batchLabel = new QLabel(tr("&Batch:"), memory);
    batchLabel->setBuddy(m_batch);
    auto *controls = new QHBoxLayout;
    controls->setSpacing(8);
    controls->addWidget(heading(tr("Memory while one batch runs"), memory));
    controls->addStretch(1);
    controls->addWidget(weights);
    controls->addSpacing(8);
    controls->addWidget(scheduleLabel);
    controls->addWidget(m_schedule);
    controls->addSpacing(8);
    controls->addWidget(batchLabel);
    controls->addWidget(m_batch);

    auto *layout = new QVBoxLayout(memory);
    layout->setContentsMargins(6, 0, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(controls);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_peak);
    return memory;
}

void ModelPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        retitle();
}

void ModelPage::retitle()
{
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.5);
    large.setBold(true);
    m_title->setFont(large);
}

void ModelPage::updateTimeline()
{
    if (m_summary.spec.blocks.empty())
        return;
    const Schedule schedule = makeSchedule(m_summary.spec, static_cast<ScheduleKind>(m_schedule->currentData().toInt()),
                                           m_batch->value(), m_target);
    m_chart->setTimeline(schedule, makeTimeline(schedule));
    m_peak->setText(tr("%1. Predicted; the images themselves and the logits are not counted.").arg(m_chart->summary()));
}

} // namespace edgeflex
