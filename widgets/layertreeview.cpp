#include "widgets/layertreeview.h"

#include "widgets/chartcolors.h"
#include "widgets/halffigures.h"
#include "widgets/layerdelegates.h"
#include "widgets/layertreemodel.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTimer>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr int rowPadding = 8;        // pixels above and below the text together
constexpr int leastSliderWidth = 40; // pixels
constexpr int tipOffset = 12;        // pixels right of the pointer

// Rows with room around their text.
class RowDelegate : public QStyledItemDelegate
{
public:
    RowDelegate(int padding, QObject *parent) : QStyledItemDelegate(parent), m_padding(padding) {}

    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QSize size = QStyledItemDelegate::sizeHint(option, index);
        size.setHeight(option.fontMetrics.height() + m_padding);
        return size;
    }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const int pinned = index.data(LayerTreeModel::PinnedRole).toInt();
        if (index.column() != LayerTreeModel::Layer || pinned == Qt::Unchecked)
            return;
        // A padlock at the right; faint where only some of the block is locked.
        QColor color =
            option.palette.color(option.state & QStyle::State_Selected ? QPalette::HighlightedText : QPalette::Text);
        color.setAlphaF(pinned == Qt::Checked ? 0.8F : 0.35F);
        const QRectF body(option.rect.right() - 12, option.rect.center().y() - 1, 8, 6);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(color, 1.3));
        painter->setBrush(Qt::NoBrush);
        painter->drawArc(QRectF(body.left() + 1.5, body.top() - 4.5, 5, 8), 0, 180 * 16);
        painter->setPen(Qt::NoPen);
        painter->setBrush(color);
        painter->drawRoundedRect(body, 1, 1);
        painter->restore();
    }

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        if (!index.data(LayerTreeModel::RemovedRole).toBool())
            return;
        for (const auto &[text, behind] :
             {std::pair(QPalette::Text, QPalette::Base), std::pair(QPalette::HighlightedText, QPalette::Highlight)})
            option->palette.setColor(text, blend(option->palette.color(behind), option->palette.color(text), 0.6));
    }

private:
    int m_padding;
};

} // namespace

LayerTreeView::LayerTreeView(QWidget *parent) : QTreeView(parent)
{
    setAccessibleName(tr("Layers"));
    setSelectionBehavior(SelectRows);
    setSelectionMode(ExtendedSelection);
    setAlternatingRowColors(true);
    setUniformRowHeights(true);
    setAllColumnsShowFocus(true);
    setTabKeyNavigation(false);      // Tab leaves the table, arrows move in it
    setEditTriggers(NoEditTriggers); // the keys and clicks below open editors
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setIndentation(14);
    setFrameShape(QFrame::NoFrame);
    setItemDelegate(new RowDelegate(rowPadding, this));
    setItemDelegateForColumn(LayerTreeModel::Keep, new KeepDelegate(this));
    setItemDelegateForColumn(LayerTreeModel::Format, new FormatDelegate(this));
    setItemDelegateForColumn(LayerTreeModel::Weights, new BytesDelegate(this));
    header()->setStretchLastSection(false);
    header()->setSectionsMovable(false);
    header()->setMinimumSectionSize(24);
}

void LayerTreeView::setLayerModel(LayerTreeModel *model)
{
    m_layers = model;
    setModel(model);
    connect(model, &LayerTreeModel::keepEdited, this, [this](const QModelIndex &row, double keep) {
        const bool attention = row.data(LayerTreeModel::PartRole).toInt() == LayerTreeModel::AttentionPart;
        QList<int> blocks = blocksToEdit(row);
        // A linear half has nothing to keep a share of.
        blocks.removeIf([&](int block) { return m_layers->isLinear(block, attention); });
        Q_EMIT(this->*(attention ? &LayerTreeView::attentionKeepChosen : &LayerTreeView::keepChosen))
        (blocks, keep, m_dragged.isValid() ? m_gesture : 0);
    });
    connect(model, &LayerTreeModel::headsEdited, this,
            [this](const QModelIndex &row, int heads) { Q_EMIT headsChosen(blocksToEdit(row), heads); });
    connect(model, &LayerTreeModel::formatEdited, this, [this](const QModelIndex &row, NumberFormat format) {
        const QStringList selected = selectedLayers();
        const QStringList edited = row.data(LayerTreeModel::LayersRole).toStringList();
        const bool inSelection = selectionModel()->isRowSelected(row.row(), row.parent());
        Q_EMIT formatChosen(inSelection && !selected.isEmpty() ? selected : edited, format);
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_marking)
            Q_EMIT layerChosen(selectedLayers());
    });
    connect(model, &QAbstractItemModel::dataChanged, this, &LayerTreeView::fitColumnsSoon);
    connect(model, &QAbstractItemModel::modelReset, this, &LayerTreeView::fitColumns);
    connect(model, &QAbstractItemModel::headerDataChanged, this, &LayerTreeView::fitColumns);
    fitColumns();
}

QStringList LayerTreeView::selectedLayers() const
{
    QStringList layers;
    for (const QModelIndex &row : selectionModel()->selectedRows())
        layers += row.data(LayerTreeModel::LayersRole).toStringList();
    layers.removeDuplicates();
    return layers;
}

QList<int> LayerTreeView::selectedBlocks() const
{
    QList<int> blocks;
    for (const QModelIndex &row : selectionModel()->selectedRows()) {
        const int block = row.data(LayerTreeModel::BlockRole).toInt();
        if (block >= 0 && !blocks.contains(block))
            blocks += block;
    }
    std::ranges::sort(blocks);
    return blocks;
}

void LayerTreeView::markLayers(const QStringList &layers)
{
    if (layers == selectedLayers())
        return;
    QItemSelection rows;
    const auto named = [](const QModelIndex &row) {
        return row.data(LayerTreeModel::LayersRole).toStringList();
    };
    const auto add = [&](const QModelIndex &row) {
        rows.select(row, row.siblingAtColumn(LayerTreeModel::ColumnCount - 1));
    };
    for (int row = 0; row < m_layers->rowCount(); ++row) {
        const QModelIndex top = m_layers->index(row, 0);
        if (std::ranges::all_of(named(top), [&](const QString &layer) { return layers.contains(layer); })) {
            add(top);
            continue;
        }
        for (int child = 0; child < m_layers->rowCount(top); ++child) {
            const QModelIndex layer = m_layers->index(child, 0, top);
            if (layers.contains(named(layer).first())) {
                expand(top);
                add(layer);
            }
        }
    }
    m_marking = true;
    selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (!rows.isEmpty()) {
        selectionModel()->setCurrentIndex(rows.first().topLeft(), QItemSelectionModel::NoUpdate);
        scrollTo(rows.first().topLeft());
    }
    m_marking = false;
}

QList<int> LayerTreeView::blocksToEdit(const QModelIndex &row) const
{
    const int block = row.data(LayerTreeModel::BlockRole).toInt();
    if (!selectionModel()->isRowSelected(row.row(), row.parent()))
        return {block};
    // Blocks as a whole, and rows of the same half.
    QList<int> blocks;
    for (const QModelIndex &selected : selectionModel()->selectedRows()) {
        const int other = selected.data(LayerTreeModel::BlockRole).toInt();
        const bool same = selected.data(LayerTreeModel::PartRole) == row.data(LayerTreeModel::PartRole);
        if (other >= 0 && !blocks.contains(other) && (same || !selected.parent().isValid()))
            blocks += other;
    }
    return blocks.isEmpty() ? QList<int>{block} : blocks;
}

QPoint LayerTreeView::sliderPoint(const QModelIndex &row, double keep) const
{
    const QRect track = KeepDelegate::track(visualRect(row.siblingAtColumn(LayerTreeModel::Keep)), fontMetrics());
    return {track.left() + qRound(keep * track.width()), track.center().y()};
}

void LayerTreeView::mousePressEvent(QMouseEvent *event)
{
    const QModelIndex index = indexAt(event->pos());
    const bool plain = event->button() == Qt::LeftButton && event->modifiers() == Qt::NoModifier && index.isValid();
    const bool slider = index.column() == LayerTreeModel::Keep && index.data(LayerTreeModel::KeepRole).isValid();
    const bool list = (index.flags() & Qt::ItemIsEditable) && !slider;
    if (!plain || (!slider && !list)) {
        QTreeView::mousePressEvent(event);
        return;
    }
    // An edit of a selected row is one of the whole selection, so the click must not change it.
    setFocus(Qt::MouseFocusReason);
    const bool selected = selectionModel()->isRowSelected(index.row(), index.parent());
    selectionModel()->setCurrentIndex(index, selected
                                                 ? QItemSelectionModel::NoUpdate
                                                 : QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    if (slider) {
        const QRect track = KeepDelegate::track(visualRect(index), fontMetrics());
        if (event->pos().x() > track.right() + 12) { // on the percentage
            edit(index);
            return;
        }
        m_dragged = index;
        ++m_gesture;
        m_lastKeep = index.data(LayerTreeModel::KeepRole).toDouble();
        dragTo(event->pos().x());
    } else {
        openList(index);
    }
}

void LayerTreeView::openList(const QModelIndex &cell)
{
    edit(cell);
    if (auto *box = qobject_cast<QComboBox *>(indexWidget(cell)))
        box->showPopup();
}

void LayerTreeView::mouseMoveEvent(QMouseEvent *event)
{
    if (m_dragged.isValid() && event->buttons() & Qt::LeftButton)
        dragTo(event->pos().x());
    else if (!m_dragged.isValid())
        QTreeView::mouseMoveEvent(event);
}

void LayerTreeView::mouseReleaseEvent(QMouseEvent *event)
{
    if (!m_dragged.isValid()) {
        QTreeView::mouseReleaseEvent(event);
        return;
    }
    m_dragged = QPersistentModelIndex();
    QToolTip::hideText();
}

void LayerTreeView::dragTo(int x)
{
    const QRect track = KeepDelegate::track(visualRect(m_dragged), fontMetrics());
    const double keep = KeepDelegate::keepAt(x, track, m_dragged.data(LayerTreeModel::KeepStepRole).toDouble());
    if (keep == m_lastKeep)
        return;
    m_lastKeep = keep;
    m_layers->setData(m_dragged, keep, LayerTreeModel::KeepRole);
    // The width that it snaps to, and why.
    QToolTip::showText(viewport()->mapToGlobal(QPoint(x + tipOffset, visualRect(m_dragged).bottom())),
                       m_dragged.data(Qt::ToolTipRole).toString(), this);
}

void LayerTreeView::stepKeep(int steps)
{
    const QModelIndex current = currentIndex().siblingAtColumn(LayerTreeModel::Keep);
    const QVariant keep = current.data(LayerTreeModel::KeepRole);
    if (current.data(LayerTreeModel::HeadsRole).isValid())
        stepHeads(current, steps);
    if (!keep.isValid())
        return;
    const double step = current.data(LayerTreeModel::KeepStepRole).toDouble();
    const double wanted = std::clamp((std::round(keep.toDouble() / step) + steps) * step, step, 1.0);
    if (wanted != keep.toDouble())
        m_layers->setData(current, wanted, LayerTreeModel::KeepRole);
}

void LayerTreeView::stepHeads(const QModelIndex &cell, int steps)
{
    const int heads = cell.data(LayerTreeModel::HeadsRole).toInt();
    const int most = cell.data(LayerTreeModel::HeadCountsRole).value<QList<int>>().first();
    const int wanted = std::clamp(heads + steps, 1, most);
    if (heads > 0 && wanted != heads)
        m_layers->setData(cell, wanted, LayerTreeModel::HeadsRole);
}

void LayerTreeView::keyPressEvent(QKeyEvent *event)
{
    if (event->modifiers() & (Qt::ControlModifier | Qt::AltModifier) || !currentIndex().isValid()) {
        QTreeView::keyPressEvent(event);
        return;
    }
    if (state() == EditingState) // what a cell's editor leaves over is no order to the table: Return ends the editor
        return;
    const QModelIndex keep = currentIndex().siblingAtColumn(LayerTreeModel::Keep);
    const QModelIndex format = currentIndex().siblingAtColumn(LayerTreeModel::Format);
    switch (event->key()) {
    case Qt::Key_Plus:
        stepKeep(1);
        return;
    case Qt::Key_Minus:
        stepKeep(-1);
        return;
    case Qt::Key_F2:
    case Qt::Key_Return:
    case Qt::Key_Enter:
        openList(currentIndex().column() == LayerTreeModel::Keep && keep.data(LayerTreeModel::HeadsRole).isValid()
                     ? keep
                     : format);
        return;
    default:
        break;
    }
    if (event->key() >= Qt::Key_0 && event->key() <= Qt::Key_9 && keep.data(LayerTreeModel::KeepRole).isValid()) {
        edit(keep);
        // The view selects what the field holds only when it is idle; the digit is to replace that.
        QTimer::singleShot(0, this, [this, at = QPersistentModelIndex(keep), key = event->key(), text = event->text()] {
            QKeyEvent typed(QEvent::KeyPress, key, Qt::NoModifier, text);
            if (QWidget *field = indexWidget(at))
                QCoreApplication::sendEvent(field, &typed);
        });
        return;
    }
    QTreeView::keyPressEvent(event);
}

// Once for the many changes that a plan brings.
void LayerTreeView::fitColumnsSoon()
{
    if (m_fitting)
        return;
    m_fitting = true;
    QMetaObject::invokeMethod(
        this,
        [this] {
            m_fitting = false;
            fitColumns();
        },
        Qt::QueuedConnection);
}

// What the cells hold decides the widths; the sliders take what is left.
void LayerTreeView::fitColumns()
{
    if (!m_layers)
        return;
    const QFontMetrics metrics = fontMetrics();
    const auto headerWidth = [&](int column) {
        return metrics.horizontalAdvance(m_layers->headerData(column, Qt::Horizontal).toString()) + 18;
    };
    const auto wide = [&](int column, const QString &sample, int more) {
        return std::max(headerWidth(column), metrics.horizontalAdvance(sample) + more);
    };
    const QString share = QString("100") + QChar::Nbsp + '%';
    const int leastLayer = wide(LayerTreeModel::Layer, "patch_embed", 30);
    int layer = leastLayer; // more where blocks say more of themselves and there is room
    for (int row = 0; row < m_layers->rowCount(); ++row) {
        const QString name = m_layers->index(row, LayerTreeModel::Layer).data().toString();
        layer = std::max(layer, metrics.horizontalAdvance(name) + indentation() + 24);
    }
    const int format = wide(LayerTreeModel::Format, "mixed", 34);
    const int weights = wide(LayerTreeModel::Weights, "0.00 MB" + share, 24);
    const int output = wide(LayerTreeModel::Activations, "0.00 MB", 12);
    const int time = wide(LayerTreeModel::Time, "0.00 ms", 12);
    const int refit = m_layers->hadRefits() ? wide(LayerTreeModel::Refit, "+00.0", 12) : 0;
    const int leastKeep = std::max(leastSliderWidth + metrics.horizontalAdvance(share) + 30,
                                   metrics.horizontalAdvance(headsText(0, 0)) + 30);
    layer = std::max(leastLayer, std::min(layer, viewport()->width() - format - weights - time - refit - leastKeep));
    const int room = viewport()->width() - layer - format - weights - time - refit;
    // The refit is news; what the layer writes never changes but with its width.
    const bool narrow = refit > 0 && room - output < leastKeep;
    setColumnHidden(LayerTreeModel::Refit, refit == 0);
    setColumnHidden(LayerTreeModel::Activations, narrow);
    const int keep = std::max(leastKeep, room - (narrow ? 0 : output));
    header()->resizeSection(LayerTreeModel::Layer, layer);
    header()->resizeSection(LayerTreeModel::Keep, keep);
    header()->resizeSection(LayerTreeModel::Format, format);
    header()->resizeSection(LayerTreeModel::Weights, weights);
    header()->resizeSection(LayerTreeModel::Activations, output);
    header()->resizeSection(LayerTreeModel::Time, time);
    if (refit > 0)
        header()->resizeSection(LayerTreeModel::Refit, refit);
}

void LayerTreeView::resizeEvent(QResizeEvent *event)
{
    QTreeView::resizeEvent(event);
    fitColumns();
}

bool LayerTreeView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::Resize) // also when a scroll bar comes or goes
        QMetaObject::invokeMethod(this, &LayerTreeView::fitColumns, Qt::QueuedConnection);
    return QTreeView::viewportEvent(event);
}

void LayerTreeView::changeEvent(QEvent *event)
{
    QTreeView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LanguageChange)
        fitColumns();
}

} // namespace edgeflex
