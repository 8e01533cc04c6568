#include "app/studio/memorypanel.h"

#include "app/studio/document.h"
#include "app/studio/effectpanel.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "widgets/chartcolors.h"
#include "widgets/quantitytext.h"
#include "widgets/tablestyle.h"
#include "widgets/tensortablemodel.h"
#include "widgets/timelinechart.h"

#include <QCheckBox>
#include <QLabel>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr double closeToPeak = 0.98; // of the peak: operations that must shrink for it to fall
constexpr double triedKeeps[] = {0.9, 0.75, 0.5, 0.25};

// A share as a bar behind its text.
class ShareDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QColor color = chartColors(option.palette).tensors;
        color.setAlpha(70);
        QRect bar = option.rect.adjusted(1, 2, -1, -2);
        bar.setWidth(qRound(bar.width() * index.data(TensorTableModel::ShareRole).toDouble()));
        QStyledItemDelegate::paint(painter, option, index);
        painter->fillRect(bar, color);
    }
};

} // namespace

MemoryPanel::MemoryPanel(Document *document, ViewState *view, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent),
      m_document(document),
      m_tensors(new TensorTableModel(this)),
      m_timeline(new TimelineChart(this)),
      m_moment(nullptr),
      m_tensorTable(new QTableView(this)),
      m_lowering(new EffectPanel(document, tr("Edits that lower the peak"),
                                 tr("No single edit that was tried lowers the peak."), this))
{
    setChildrenCollapsible(false);
    setHandleWidth(sectionGap);
    auto *weights = new QCheckBox(tr("Weights"), this);
    weights->setToolTip(tr("Draw the weights, which stay in memory throughout, under what is live"));
    connect(weights, &QCheckBox::toggled, m_timeline, &TimelineChart::setShowWeights);
    connect(m_timeline, &TimelineChart::operationClicked, this, &MemoryPanel::showMoment);
    connect(m_timeline, &TimelineChart::layersClicked, view, &ViewState::setLayers);
    addWidget(section(this, {heading(tr("Click to see what is in memory"), nullptr, this), weights}, m_timeline));
    m_tensorTable->setModel(m_tensors);
    styleAsList(m_tensorTable, 0);
    m_tensorTable->setSelectionMode(QAbstractItemView::NoSelection);
    m_tensorTable->setFocusPolicy(Qt::ClickFocus); // nothing in it is chosen
    m_tensorTable->setAccessibleName(tr("What is in memory"));
    m_tensorTable->setItemDelegateForColumn(TensorTableModel::Share, new ShareDelegate(m_tensorTable));
    m_moment = heading({}, m_tensorTable, this);
    m_moment->setTextFormat(Qt::PlainText);
    m_lowering->setSource([this] { return editsThatLower(); });
    auto *right = new QSplitter(Qt::Vertical, this);
    right->setChildrenCollapsible(false);
    right->setHandleWidth(sectionGap);
    right->addWidget(section(right, {m_moment}, m_tensorTable));
    right->addWidget(
        section(right, {heading(tr("Edits that lower the peak"), m_lowering->table(), right)}, m_lowering));
    right->setSizes({150, 180});
    addWidget(right);
    setStretchFactor(0, 1);
    setStretchFactor(1, 1);
}

void MemoryPanel::showPlan()
{
    if (m_document->hasModel()) {
        const PlanFigures &figures = m_document->figures();
        m_timeline->setTimelines(figures.schedule, figures.timeline, figures.original);
    } else {
        m_timeline->clear();
    }
    showMoment();
}

void MemoryPanel::highlightLayers(const QStringList &layers)
{
    m_timeline->highlightLayers(layers);
}

void MemoryPanel::showMoment()
{
    const int operation = m_timeline->chosenOperation();
    if (!m_document->hasModel() || operation < 0) {
        m_moment->clear();
        m_tensors->setMoment({}, -1);
        return;
    }
    const PlanFigures &figures = m_document->figures();
    const MemoryMoment &moment = figures.timeline.moments[static_cast<std::size_t>(operation)];
    const QString name = QString::fromStdString(figures.schedule.operations[static_cast<std::size_t>(operation)].name);
    const QString bytes = bytesText(figures.timeline.weightBytes + moment.tensorBytes + moment.scratchBytes);
    m_moment->setText(operation == m_timeline->peakOperation() ? tr("The peak, %1 in %2").arg(bytes, name)
                                                               : tr("%1 in %2").arg(bytes, name));
    m_tensors->setMoment(figures.schedule, operation);
}

// The peak falls only when every operation close to it shrinks: so the MLPs of all blocks that are close to it are
// pruned together, or the weights, which are in it, shrink.
std::vector<Effect> MemoryPanel::editsThatLower() const
{
    std::vector<Effect> effects;
    const ModelSpec &spec = m_document->spec();
    const CompressionPlan &now = m_document->plan();
    const PlanFigures &figures = m_document->figures();
    std::vector<bool> close(spec.blocks.size());
    for (const MemoryMoment &moment : figures.timeline.moments) {
        const int block = figures.schedule.operations[static_cast<std::size_t>(moment.operation)].block;
        if (block >= 0 && static_cast<double>(moment.tensorBytes + moment.scratchBytes) >=
                              closeToPeak * static_cast<double>(figures.timeline.peakActivationBytes))
            close[static_cast<std::size_t>(block)] = true;
    }
    const auto add = [&](const QString &text, const CompressionPlan &plan) {
        const ModelSpec planned = plannedSpec(spec, plan);
        const Session &session = m_document->session();
        const MemoryTimeline then =
            makeTimeline(makeSchedule(planned, session.schedule, session.batch, m_document->target()));
        if (then.peakBytes() < figures.timeline.peakBytes())
            effects.push_back({text, plan, false, {}});
    };
    const auto blocks = static_cast<int>(std::ranges::count(close, true));
    for (const double keep : triedKeeps) {
        CompressionPlan plan = now;
        for (std::size_t i = 0; i < close.size(); ++i) {
            if (close[i])
                plan.blocks[i].mlpKeep = std::min(plan.blocks[i].mlpKeep, keep);
        }
        if (blocks > 0)
            add(blocks == 1 ? tr("MLP kept: %1 % in 1 block").arg(qRound(100 * keep))
                            : tr("MLP kept: %1 % in %2 blocks").arg(qRound(100 * keep)).arg(blocks),
                plan);
    }
    for (const NumberFormat format : {NumberFormat::Fp16, NumberFormat::Int8, NumberFormat::Int4}) {
        CompressionPlan plan = now;
        for (const LinearSpec *linear : spec.linears())
            plan.formats[linear->name] = format;
        add(tr("All weights in %1").arg(formatText(format)), plan);
    }
    return effects;
}

} // namespace edgeflex
