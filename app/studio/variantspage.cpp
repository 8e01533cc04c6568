#include "app/studio/variantspage.h"

#include "app/studio/document.h"
#include "app/studio/flippanel.h"
#include "app/studio/plandifference.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "plan/linearlayout.h"
#include "widgets/comparebars.h"
#include "widgets/layerchart.h"
#include "widgets/quantitytext.h"
#include "widgets/varianttreemodel.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSplitter>
#include <QTabWidget>
#include <QTreeView>
#include <QTreeWidget>
#include <QVBoxLayout>

#include <cmath>

namespace edgeflex {
namespace {

constexpr int rowPadding = 4; // pixels, above and below a row of the differences together
constexpr int columnGap = 18; // pixels that a state's column is wider than its text
constexpr double megabyte = 1e6;
constexpr int layersRole = Qt::UserRole;
constexpr int statementLines = 4;

// "-74 %", "1.9×".
QString changeText(double a, double b)
{
    if (!(a > 0))
        return {};
    const double percent = 100 * (b / a - 1);
    return (percent < 0 ? QString(QChar(0x2212)) : QString('+')) + QLocale().toString(std::abs(percent), 'f', 1) +
           QChar::Nbsp + '%';
}

} // namespace

VariantsPage::VariantsPage(Document *document, Workflow *workflow, ViewState *view, QWidget *parent)
    : QWidget(parent), m_document(document), m_view(view), m_model(new VariantTreeModel(this))
{
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(makeTree());
    splitter->addWidget(makeComparison(workflow));
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    for (const auto signal : {&Document::modelChanged, &Document::variantsChanged, &Document::budgetsChanged})
        connect(document, signal, this, [this] {
            m_stale = true;
            refresh();
        });
    connect(view, &ViewState::variantChanged, this, &VariantsPage::select);
    connect(view, &ViewState::layersChanged, m_layers, &LayerChart::highlightLayers);
}

QWidget *VariantsPage::makeTree()
{
    m_tree = new QTreeView(this);
    m_tree->setAccessibleName(tr("States"));
    m_tree->setModel(m_model);
    m_tree->setAlternatingRowColors(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setAllColumnsShowFocus(true);
    m_tree->setEditTriggers(QAbstractItemView::EditKeyPressed);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->header()->setStretchLastSection(false);
    m_tree->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_tree->header()->setSectionResizeMode(VariantTreeModel::Name, QHeaderView::Stretch);
    auto *empty = new QLabel(tr("What was measured is listed here. A plan that is left alone is measured by itself."));
    empty->setAlignment(Qt::AlignCenter);
    empty->setWordWrap(true);
    empty->setEnabled(false);
    auto *inside = new QVBoxLayout(m_tree->viewport());
    inside->setContentsMargins(24, 8, 24, 8);
    inside->addWidget(empty);
    connect(m_model, &QAbstractItemModel::modelReset, this, [this, empty] {
        empty->setVisible(m_model->rowCount() == 0);
        m_tree->expandAll();
    });
    connect(m_model, &QAbstractItemModel::rowsInserted, this, [this](const QModelIndex &parent) {
        if (m_model->rowCount(parent) == 1) // the user has not folded it
            m_tree->expand(parent);
    });
    connect(m_model, &VariantTreeModel::nameEdited, m_document, &Document::setVariantName);
    connect(m_model, &VariantTreeModel::starEdited, m_document, &Document::setVariantStarred);
    const auto chosen = [this] {
        return m_document->session().variant(m_view->variant());
    };
    connect(m_tree, &QTreeView::clicked, this, [this](const QModelIndex &index) {
        const Variant *variant = m_document->variant(index.data(VariantTreeModel::VariantRole).toInt());
        if (variant && index.column() == VariantTreeModel::Star)
            m_document->setVariantStarred(variant->id, !variant->starred);
    });
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        if (!m_selecting)
            m_view->setVariant(row.isValid() ? row.data(VariantTreeModel::VariantRole).toInt() : -1);
    });
    connect(m_tree, &QTreeView::doubleClicked, this, [this](const QModelIndex &index) {
        m_document->usePlanOf(index.data(VariantTreeModel::VariantRole).toInt());
    });
    m_use = new QPushButton(tr("Use This Plan"), this);
    m_use->setToolTip(tr("Edit the plan of the selected state; what is measured next becomes its child"));
    connect(m_use, &QPushButton::clicked, this, [this] { m_document->usePlanOf(m_view->variant()); });
    m_star = new QPushButton(tr("Star"), this);
    m_star->setToolTip(tr("Star the selected state, or take the star away"));
    connect(m_star, &QPushButton::clicked, this, [this, chosen] {
        if (const Variant *variant = chosen())
            m_document->setVariantStarred(variant->id, !variant->starred);
    });
    m_rename = new QPushButton(tr("Rename"), this);
    m_rename->setToolTip(tr("Give the selected state another name (F2)"));
    connect(m_rename, &QPushButton::clicked, this, &VariantsPage::renameSelected);
    return section(this, {heading(tr("States, under what they were made from"), m_tree, this), m_star, m_rename, m_use},
                   m_tree);
}

QWidget *VariantsPage::makeComparison(Workflow *workflow)
{
    auto *part = new QWidget(this);
    m_a = new QComboBox(part);
    m_b = new QComboBox(part);
    m_a->setAccessibleName(tr("State A"));
    m_b->setAccessibleName(tr("State B"));
    for (QComboBox *box : {m_a, m_b}) {
        box->setToolTip(tr("One of the two states that are compared"));
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(14);
        connect(box, &QComboBox::currentIndexChanged, this, &VariantsPage::showComparison);
    }
    m_bars = new CompareBars(part);
    m_statement = new QLabel(part);
    m_statement->setWordWrap(true);
    m_statement->setTextFormat(Qt::PlainText);
    m_statement->setContentsMargins(10, 2, 10, 8);
    m_statement->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    // A layout does not ask a wrapped text how high it is before it is too late.
    m_statement->setMinimumHeight(statementLines * m_statement->fontMetrics().lineSpacing() + 10);
    auto *figures = new QWidget(part);
    figures->setAutoFillBackground(true);
    figures->setBackgroundRole(QPalette::Base);
    auto *inside = new QVBoxLayout(figures);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    inside->addWidget(m_bars);
    inside->addWidget(m_statement);
    m_differences = new QTreeWidget(part);
    m_differences->setAccessibleName(tr("What the plans do differently"));
    m_differences->setHeaderLabels({tr("Layers"), tr("A"), tr("B")});
    for (const int state : {1, 2})
        m_differences->headerItem()->setTextAlignment(state, Qt::AlignRight | Qt::AlignVCenter);
    m_differences->setRootIsDecorated(false);
    m_differences->setAlternatingRowColors(true);
    m_differences->setFrameShape(QFrame::NoFrame);
    m_differences->header()->setStretchLastSection(false);
    m_differences->header()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_differences->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    connect(m_differences, &QTreeWidget::currentItemChanged, this, [this](QTreeWidgetItem *item) {
        if (item)
            m_view->setLayers(item->data(0, layersRole).toStringList());
    });
    m_layers = new LayerChart(part);
    m_layers->setAccessibleName(tr("Weights of every layer in both states"));
    connect(m_layers, &LayerChart::layersClicked, m_view, &ViewState::setLayers);
    auto *head = new QWidget(part);
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(new QLabel(tr("A"), head));
    row->addWidget(m_a, 1);
    row->addSpacing(sectionGap);
    row->addWidget(new QLabel(tr("B"), head));
    row->addWidget(m_b, 1);
    auto *splitter = new QSplitter(Qt::Vertical, part);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(section(splitter, {heading(tr("Compare"), m_a, splitter), head}, figures));
    m_flips = new FlipPanel(m_document, workflow, m_view, part);
    m_details = new QTabWidget(splitter);
    m_details->setDocumentMode(true);
    m_details->addTab(m_differences, tr("Plans"));
    m_details->addTab(m_layers, tr("Weights"));
    m_details->addTab(m_flips, tr("Changed Answers"));
    m_details->setTabToolTip(0, tr("What the plans do differently"));
    m_details->setTabToolTip(1, tr("Weights by layer: B as bars, A in outline"));
    m_details->setTabToolTip(2, tr("The images whose answer changed, with both answers"));
    splitter->addWidget(m_details);
    splitter->setStretchFactor(1, 1);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    return part;
}

void VariantsPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    select(m_view->variant()); // it may have been chosen elsewhere
}

void VariantsPage::refresh()
{
    if (!m_stale || !isVisible())
        return;
    m_stale = false;
    m_model->setVariants(m_document->variants());
    fillBoxes();
    select(m_view->variant());
    showComparison();
}

void VariantsPage::fillBoxes()
{
    for (QComboBox *box : {m_a, m_b}) {
        const QSignalBlocker blocker(box);
        const QVariant before = box->currentData();
        box->clear();
        for (const Variant &variant : m_document->variants())
            box->addItem(QString::fromStdString(variant.name), variant.id);
        const int known = box->findData(before);
        box->setCurrentIndex(known >= 0 ? known : box == m_a ? 0 : box->count() - 1);
    }
}

void VariantsPage::compare(int a, int b)
{
    m_a->setCurrentIndex(m_a->findData(a));
    m_b->setCurrentIndex(m_b->findData(b));
}

void VariantsPage::renameSelected()
{
    m_tree->setFocus();
    m_tree->edit(m_model->indexOf(m_view->variant()));
}

void VariantsPage::select(int variant)
{
    if (!isVisible())
        return;
    const bool any = m_document->variant(variant) != nullptr;
    for (QPushButton *button : {m_use, m_star, m_rename})
        button->setEnabled(any);
    m_selecting = true;
    const QModelIndex row = m_model->indexOf(variant);
    m_tree->setCurrentIndex(row);
    if (!row.isValid())
        m_tree->clearSelection();
    m_selecting = false;
    if (any && m_b->findData(variant) >= 0 && variant != m_a->currentData().toInt())
        m_b->setCurrentIndex(m_b->findData(variant));
}

void VariantsPage::showComparison()
{
    const Variant *a = m_document->variant(m_a->currentData().toInt());
    const Variant *b = m_document->variant(m_b->currentData().toInt());
    m_differences->clear();
    m_flips->compare(a ? a->id : -1, b ? b->id : -1);
    if (!a || !b) {
        m_bars->setRows({});
        m_layers->setBars({}, {});
        m_statement->setText(tr("What was measured can be compared here, once there is something."));
        return;
    }
    const Measurement &left = a->measurement;
    const Measurement &right = b->measurement;
    std::vector<CompareBars::Row> rows;
    const auto bytes = [&](const QString &title, std::int64_t before, std::int64_t after) {
        if (before >= 0 && after >= 0)
            rows.push_back({title, static_cast<double>(before), static_cast<double>(after), bytesText(before),
                            bytesText(after), changeText(static_cast<double>(before), static_cast<double>(after))});
    };
    bytes(tr("Weights"), left.weightsBytes, right.weightsBytes);
    bytes(tr("Peak memory"), left.peakMemory.allocatorBytes, right.peakMemory.allocatorBytes);
    bytes(tr("Process peak"), left.peakMemory.processBytes, right.peakMemory.processBytes);
    // As shares of the original's in the same run: milliseconds of different runs do not compare.
    const auto ratio = [](const Measurement &measurement) -> std::optional<double> {
        if (!measurement.latency)
            return std::nullopt;
        return measurement.againstBaseline ? measurement.againstBaseline->latencyRatio.median : 1.0;
    };
    const auto share = [](const std::optional<double> &value) {
        return value ? shareText(*value) : QString(QChar(0x2013));
    };
    const std::optional<double> before = ratio(left);
    const std::optional<double> after = ratio(right);
    rows.push_back({tr("Latency"), before, after, share(before), share(after),
                    before && after ? changeText(*before, *after) : QString()});
    if (left.images > 0 && right.images > 0)
        rows.push_back({tr("Top-1"), left.top1.rate, right.top1.rate, shareText(left.top1.rate),
                        shareText(right.top1.rate),
                        tr("%1 points")
                            .arg((right.top1.rate < left.top1.rate ? QString(QChar(0x2212)) : QString('+')) +
                                 QLocale().toString(100 * std::abs(right.top1.rate - left.top1.rate), 'f', 2))});
    m_bars->setRows(std::move(rows));
    m_statement->setText(statement(*a, *b));

    const ModelSpec &spec = m_document->spec();
    for (const PlanDifference &difference : planDifferences(spec, a->plan, b->plan)) {
        auto *item = new QTreeWidgetItem(m_differences, {difference.where, difference.a, difference.b});
        item->setSizeHint(0, {0, m_differences->fontMetrics().height() + rowPadding});
        for (const int state : {1, 2}) {
            item->setTextAlignment(state, Qt::AlignRight | Qt::AlignVCenter);
            item->setSizeHint(state,
                              {m_differences->fontMetrics().horizontalAdvance(item->text(state)) + columnGap, 0});
        }
        item->setData(0, layersRole, difference.layers);
    }
    if (m_differences->topLevelItemCount() == 0)
        new QTreeWidgetItem(m_differences, {tr("Nothing: both do the same"), {}, {}});
    const ModelSpec ofA = plannedSpec(spec, a->plan);
    const ModelSpec ofB = plannedSpec(spec, b->plan);
    const auto linearsA = ofA.linears();
    const auto linearsB = ofB.linears();
    std::vector<LayerChart::Bar> bars;
    for (std::size_t i = 0; i < linearsA.size(); ++i) {
        const std::int64_t inA = weightBytes(*linearsA[i]);
        const std::int64_t inB = weightBytes(*linearsB[i]);
        bars.push_back({QString::fromStdString(linearsA[i]->name), static_cast<double>(inA) / megabyte,
                        static_cast<double>(inB) / megabyte, tr("A %1, B %2").arg(bytesText(inA), bytesText(inB))});
    }
    m_layers->setBars(std::move(bars), tr("Weights, MB"));
    m_layers->highlightLayers(m_view->layers());
}

// What may be claimed of B's accuracy: only what a test of the same images' answers proves.
QString VariantsPage::statement(const Variant &a, const Variant &b) const
{
    if (a.id == b.id)
        return tr("Choose two different states.");
    const std::optional<JudgedAnswers> &left = a.measurement.answers;
    const std::optional<JudgedAnswers> &right = b.measurement.answers;
    if (left && right && left->sameImages(*right))
        return proofText(pairedDrop(*left, *right), left->judged(), a, b);
    // Of older sessions only what each state lost against the original is known.
    if (a.isBaseline() && b.measurement.againstBaseline)
        return proofText(b.measurement.againstBaseline->drop, b.measurement.images, a, b);
    if (b.isBaseline() && a.measurement.againstBaseline)
        return proofText(a.measurement.againstBaseline->drop, a.measurement.images, b, a);
    return tr("Both were compared with the original on the same images, not with each other: of the difference "
              "between their accuracies nothing is proven.");
}

// What `variant` loses against `reference`.
QString VariantsPage::proofText(const PairedDrop &drop, std::int64_t images, const Variant &reference,
                                const Variant &variant) const
{
    const QLocale locale;
    const QString name = QString::fromStdString(variant.name);
    QString text =
        tr("On the same %L1 images “%2” loses %3 points against “%4” (95\u00a0%: %5 to %6; exact McNemar p = %7).")
            .arg(static_cast<qlonglong>(images))
            .arg(name, numberText(drop.points, 2), QString::fromStdString(reference.name), numberText(drop.low, 2),
                 numberText(drop.high, 2), scientificText(drop.mcnemarP));
    text += ' ' + (drop.mcnemarP < 0.05 ? tr("The difference is beyond chance.") : tr("The difference may be chance."));
    text += ' ' + tr("Proven: at most %1 points lost.").arg(locale.toString(std::max(0.0, drop.upperBound), 'f', 2));
    if (const auto &most = m_document->session().budgets.maxDropPoints; most && drop.upperBound > *most)
        text += ' ' + tr("That at most %1 are lost is not proven.").arg(locale.toString(*most, 'g', 3));
    return text;
}

} // namespace edgeflex
