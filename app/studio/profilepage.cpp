#include "app/studio/profilepage.h"

#include "app/studio/document.h"
#include "app/studio/effectpanel.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "plan/linearlayout.h"
#include "widgets/channelmap.h"
#include "widgets/chartcolors.h"
#include "widgets/layerchart.h"
#include "widgets/quantitytext.h"
#include "widgets/risktablemodel.h"
#include "widgets/tablestyle.h"
#include "widgets/tensortablemodel.h"
#include "widgets/timelinechart.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double megabyte = 1e6;
constexpr double million = 1e6;
constexpr int bytesPerFloat = 4;
constexpr double closeToPeak = 0.98; // of the peak: operations that must shrink for it to fall
constexpr double triedKeeps[] = {0.9, 0.75, 0.5, 0.25};

void styleTable(QTableView *table, const QString &name)
{
    styleAsList(table, 0);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setAccessibleName(name);
}

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

// A traffic light before the text: round is safe, a triangle is not quite, a square is not.
class LevelDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const QVariant level = index.data(RiskTableModel::LevelRole);
        if (!level.isValid())
            return;
        const ChartColors colors = chartColors(option.palette);
        const QRectF sign(option.rect.left() + 6, option.rect.center().y() - 3.5, 8, 8);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        switch (static_cast<RiskLevel>(level.toInt())) {
        case RiskLevel::Green:
            painter->setBrush(colors.good);
            painter->drawEllipse(sign);
            break;
        case RiskLevel::Amber:
            painter->setBrush(colors.scratch);
            painter->drawPolygon(QPolygonF{sign.bottomLeft(), sign.bottomRight(), {sign.center().x(), sign.top()}});
            break;
        case RiskLevel::Red:
            painter->setBrush(colors.bad);
            painter->drawRect(sign);
            break;
        }
        painter->restore();
    }
};

// Rows of its input that a layer sees of an image.
std::int64_t rowsOf(const ModelSpec &spec, const LinearSpec &linear)
{
    if (linear.name == spec.patchEmbed.name)
        return spec.patches();
    return linear.name.starts_with("blocks.") ? spec.tokens() : 1;
}

} // namespace

ProfilePage::ProfilePage(Document *document, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_view(view),
      m_tensors(new TensorTableModel(this)),
      m_risks(new RiskTableModel(this)),
      m_sortedRisks(new QSortFilterProxyModel(this))
{
    m_tabs = new QTabWidget(this);
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeMemory(), tr("Memory while one batch runs"));
    m_tabs->addTab(makeChannels(), tr("Channels"));
    m_tabs->addTab(makeRisks(), tr("Ranges and 16-bit formats"));
    auto *splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(makeLayers());
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 4);
    splitter->setStretchFactor(1, 5);
    splitter->setSizes({260, 360});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);

    const auto stale = [this] {
        m_stale = true;
        refresh();
    };
    for (const auto signal : {&Document::modelChanged, &Document::sourcesChanged, &Document::knowledgeChanged,
                              &Document::predictionChanged})
        connect(document, signal, this, stale);
    for (const auto signal : {&Document::modelChanged, &Document::knowledgeChanged})
        connect(document, signal, this, [this] {
            m_profileStale = true;
            refresh();
        });
    connect(view, &ViewState::layersChanged, this, &ProfilePage::selectLayers);
}

QWidget *ProfilePage::makeLayers()
{
    m_chart = new LayerChart(this);
    connect(m_chart, &LayerChart::layersClicked, m_view, &ViewState::setLayers);
    m_figure = new QComboBox(this);
    m_figure->addItem(tr("Weights"), static_cast<int>(Figure::Weights));
    m_figure->addItem(tr("Output"), static_cast<int>(Figure::Activations));
    m_figure->addItem(tr("Time"), static_cast<int>(Figure::Time));
    m_figure->addItem(tr("MACs"), static_cast<int>(Figure::Macs));
    m_figure->setAccessibleName(tr("Figure that is shown of every layer"));
    m_figure->setToolTip(tr("Bytes of the weights, bytes that a layer writes for one batch, milliseconds for one batch "
                            "with each layer alone, or multiply-accumulates"));
    connect(m_figure, &QComboBox::currentIndexChanged, this, &ProfilePage::showLayers);
    auto *sorted = new QCheckBox(tr("Largest first"), this);
    sorted->setToolTip(tr("Sort the layers by the figure instead of by their order"));
    connect(sorted, &QCheckBox::toggled, m_chart, &LayerChart::setSorted);
    m_summary = new QLabel(this);
    m_summary->setEnabled(false);
    m_summary->setToolTip(tr("The wheel zooms, a drag moves, a double click shows all layers"));
    return section(this, {heading(tr("Every layer"), nullptr, this), m_summary, sorted, m_figure}, m_chart);
}

QWidget *ProfilePage::makeMemory()
{
    auto *memory = new QSplitter(Qt::Horizontal, this);
    memory->setChildrenCollapsible(false);
    memory->setHandleWidth(sectionGap);
    m_timeline = new TimelineChart(memory);
    m_timeline->setToolTip({});
    auto *weights = new QCheckBox(tr("Weights"), memory);
    weights->setToolTip(tr("Draw the weights, which stay in memory throughout, under what is live"));
    connect(weights, &QCheckBox::toggled, m_timeline, &TimelineChart::setShowWeights);
    connect(m_timeline, &TimelineChart::operationClicked, this, &ProfilePage::showMemory);
    connect(m_timeline, &TimelineChart::layersClicked, m_view, &ViewState::setLayers);
    memory->addWidget(
        section(memory, {heading(tr("Click to see what is in memory"), nullptr, memory), weights}, m_timeline));
    m_tensorTable = new QTableView(memory);
    m_tensorTable->setModel(m_tensors);
    m_tensorTable->setSelectionMode(QAbstractItemView::NoSelection);
    styleTable(m_tensorTable, tr("What is in memory"));
    m_tensorTable->setItemDelegateForColumn(TensorTableModel::Share, new ShareDelegate(m_tensorTable));
    m_moment = heading({}, m_tensorTable, memory);
    m_moment->setTextFormat(Qt::PlainText);
    m_lowering = new EffectPanel(m_document, tr("Edits that lower the peak"),
                                 tr("No single edit that was tried lowers the peak."), memory);
    m_lowering->setSource([this] { return editsThatLower(); });
    auto *right = new QSplitter(Qt::Vertical, memory);
    right->setChildrenCollapsible(false);
    right->addWidget(section(right, {m_moment}, m_tensorTable));
    right->addWidget(
        section(right, {heading(tr("Edits that lower the peak"), m_lowering->table(), right)}, m_lowering));
    memory->addWidget(right);
    memory->setStretchFactor(0, 1);
    memory->setStretchFactor(1, 1);
    return memory;
}

QWidget *ProfilePage::makeChannels()
{
    m_channels = new ChannelMap(this);
    connect(m_channels, &ChannelMap::layersClicked, m_view, &ViewState::setLayers);
    m_suffix = new QComboBox(this);
    m_suffix->addItem(tr("MLP channels (inputs of fc2)"), "mlp.fc2");
    m_suffix->addItem(tr("Inputs of fc1"), "mlp.fc1");
    m_suffix->addItem(tr("Inputs of qkv"), "attn.qkv");
    m_suffix->addItem(tr("Inputs of proj"), "attn.proj");
    m_suffix->setAccessibleName(tr("Channels that are shown"));
    m_channelFigure = new QComboBox(this);
    m_channelFigure->addItem(tr("Mean"), static_cast<int>(ChannelMap::Figure::Mean));
    m_channelFigure->addItem(tr("Largest"), static_cast<int>(ChannelMap::Figure::Largest));
    m_channelFigure->setAccessibleName(tr("Figure that is shown of every channel"));
    for (QComboBox *box : {m_suffix, m_channelFigure}) {
        box->setToolTip(tr("Seen over the calibration images; what is faint hardly matters, what glows is an outlier"));
        connect(box, &QComboBox::currentIndexChanged, this, [this] {
            m_profileStale = true;
            refresh();
        });
    }
    return section(this,
                   {heading(tr("How large every channel's inputs are"), nullptr, this), m_suffix, m_channelFigure},
                   m_channels);
}

QWidget *ProfilePage::makeRisks()
{
    m_sortedRisks->setSourceModel(m_risks);
    m_sortedRisks->setSortRole(RiskTableModel::SortRole);
    m_riskTable = new QTableView(this);
    m_riskTable->setModel(m_sortedRisks);
    m_riskTable->setSortingEnabled(true);
    m_riskTable->sortByColumn(RiskTableModel::Layer, Qt::AscendingOrder);
    styleTable(m_riskTable, tr("Ranges of the layers' inputs and risks of 16-bit formats"));
    m_riskTable->setItemDelegateForColumn(RiskTableModel::Overflow, new LevelDelegate(m_riskTable));
    m_riskTable->horizontalHeader()->setMinimumSectionSize(90);
    connect(m_riskTable->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_marking)
            return;
        QStringList layers;
        for (const QModelIndex &row : m_riskTable->selectionModel()->selectedRows())
            layers += row.data(RiskTableModel::LayerRole).toString();
        m_view->setLayers(layers);
    });
    return section(this, {heading(tr("What the calibration images showed"), m_riskTable, this)}, m_riskTable);
}

void ProfilePage::showFigure(Figure figure)
{
    m_figure->setCurrentIndex(m_figure->findData(static_cast<int>(figure)));
}

void ProfilePage::showTab(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void ProfilePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void ProfilePage::refresh()
{
    if (!isVisible())
        return;
    if (m_stale) {
        m_stale = false;
        if (m_document->hasModel()) {
            const PlanFigures &figures = m_document->figures();
            m_timeline->setTimelines(figures.schedule, figures.timeline, figures.original);
        } else {
            m_timeline->clear();
        }
        showLayers();
        showMemory();
    }
    if (m_profileStale) {
        m_profileStale = false;
        showProfile();
    }
    selectLayers(m_view->layers());
}

void ProfilePage::showLayers()
{
    if (!m_document->hasModel()) {
        m_chart->setBars({}, {});
        return;
    }
    const auto figure = static_cast<Figure>(m_figure->currentData().toInt());
    const Session &session = m_document->session();
    const ModelSpec &spec = m_document->spec();
    const ModelSpec &planned = m_document->figures().planned;
    const auto valueOf = [&](const ModelSpec &model, const LinearSpec &linear) -> double {
        const std::int64_t rows = session.batch * rowsOf(spec, linear);
        switch (figure) {
        case Figure::Weights:
            return static_cast<double>(weightBytes(linear));
        case Figure::Activations:
            return static_cast<double>(rows * linear.outFeatures * bytesPerFloat);
        case Figure::Macs:
            return static_cast<double>(macs(linear, rows));
        default:
            break;
        }
        try {
            return session.times ? session.times->milliseconds(model, linear) : 0;
        } catch (const std::out_of_range &) { // not measured in this format
            return 0;
        }
    };
    const auto words = [&](double value) {
        switch (figure) {
        case Figure::Macs:
            return countText(std::llround(value));
        case Figure::Time:
            return millisecondsText(value);
        default:
            return bytesText(std::llround(value));
        }
    };
    const double unit = figure == Figure::Time ? 1 : figure == Figure::Macs ? million : megabyte;
    std::vector<LayerChart::Bar> bars;
    const auto linears = std::as_const(spec).linears();
    const auto plannedLinears = std::as_const(planned).linears();
    for (std::size_t i = 0; i < linears.size(); ++i) {
        const double before = valueOf(spec, *linears[i]);
        const double now = valueOf(planned, *plannedLinears[i]);
        bars.push_back({QString::fromStdString(linears[i]->name), before / unit, now / unit,
                        before == now ? words(now) : tr("%1 now, %2 before").arg(words(now), words(before))});
    }
    m_chart->setBars(std::move(bars), figure == Figure::Time   ? tr("Time, ms")
                                      : figure == Figure::Macs ? tr("MACs, millions")
                                                               : tr("%1, MB").arg(m_figure->currentText()));
    m_summary->setText(figure == Figure::Time && !session.times
                           ? tr("Choose calibration images: then the layers are timed.")
                           : m_chart->summary());
}

void ProfilePage::showMemory()
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

void ProfilePage::showProfile()
{
    const ActivationProfile *profile = m_document->session().profile ? &*m_document->session().profile : nullptr;
    m_channels->setProfile(profile, m_suffix->currentData().toString(),
                           static_cast<ChannelMap::Figure>(m_channelFigure->currentData().toInt()));
    m_risks->setProfile(profile);
}

void ProfilePage::selectLayers(const QStringList &layers)
{
    if (!isVisible())
        return;
    m_chart->highlightLayers(layers);
    m_timeline->highlightLayers(layers);
    m_channels->highlightLayers(layers);
    m_marking = true;
    QItemSelection rows;
    for (int row = 0; row < m_sortedRisks->rowCount(); ++row) {
        const QModelIndex index = m_sortedRisks->index(row, 0);
        if (layers.contains(index.data(RiskTableModel::LayerRole).toString()))
            rows.select(index, index.siblingAtColumn(RiskTableModel::ColumnCount - 1));
    }
    m_riskTable->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (!rows.isEmpty())
        m_riskTable->scrollTo(rows.first().topLeft());
    m_marking = false;
}

// The peak falls only when every operation close to it shrinks: so the MLPs of all blocks that are close to it are
// pruned together, or the weights, which are in it, shrink.
std::vector<Effect> ProfilePage::editsThatLower() const
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
            add(tr("Keep %1 % of the MLP in the %n blocks at the peak", nullptr, blocks).arg(qRound(100 * keep)), plan);
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
