#include "widgets/sensitivitygrid.h"

#include "widgets/chartcolors.h"
#include "widgets/quantitytext.h"
#include "widgets/sensitivitygridmodel.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLocale>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>
#include <cmath>

namespace edgeflex {
namespace {

constexpr double smallText = 0.85; // of the window's font
constexpr int groupGap = 3;        // pixels between the columns of one layer and the next
constexpr int leastRow = 10;       // pixels
constexpr int greatestRow = 26;

// Paler where it is only estimated.
QColor shade(const QPalette &palette, double position, bool estimated)
{
    const ChartColors colors = chartColors(palette);
    return blend(colors.background, colors.plan, (0.06 + 0.94 * position) * (estimated ? 0.5 : 1));
}

QFont smallFont(const QWidget *widget)
{
    QFont font = widget->font();
    font.setPointSizeF(font.pointSizeF() * smallText);
    return font;
}

void paintSlower(QPainter &painter, const QRectF &cell, const QColor &color)
{
    painter.setPen(QPen(color, 1));
    painter.drawLine(cell.bottomLeft() + QPointF(2, -2), cell.topRight() + QPointF(-2, 2));
}

void paintChosen(QPainter &painter, const QRectF &cell, const QColor &ink, const QColor &halo)
{
    const double radius = std::clamp(std::min(cell.width(), cell.height()) * 0.24, 2.5, 5.0);
    painter.setPen(QPen(halo, 1.5));
    painter.setBrush(ink);
    painter.drawEllipse(cell.center(), radius, radius);
}

class CellDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const SensitivityGridModel *>(index.model());
        if (index.data(SensitivityGridModel::LayersRole).toStringList().isEmpty())
            return; // the row has no such layer
        const ChartColors colors = chartColors(option.palette);
        const int part = index.data(SensitivityGridModel::PartRole).toInt();
        const bool last = index.column() + 1 == model->columnCount() ||
                          model->index(index.row(), index.column() + 1).data(SensitivityGridModel::PartRole) != part;
        const QRectF cell = QRectF(option.rect).adjusted(0.5, 0.5, last ? -0.5 - groupGap : -0.5, -0.5);
        const QVariant loss = index.data(SensitivityGridModel::LossRole);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        if (loss.isValid()) {
            painter->fillRect(cell, shade(option.palette, model->position(loss.toDouble()), model->isEstimated()));
            painter->setPen(QPen(colors.grid, 1, model->isEstimated() ? Qt::DashLine : Qt::SolidLine));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(cell);
        } else {
            painter->setPen(QPen(colors.grid, 1, Qt::DotLine));
            painter->drawRect(cell);
        }
        if (index.data(SensitivityGridModel::SlowerRole).toBool())
            paintSlower(*painter, cell, colors.faded);
        if (index.data(SensitivityGridModel::ChosenRole).toBool())
            paintChosen(*painter, cell, colors.text, colors.background);
        if (option.state & QStyle::State_HasFocus) {
            painter->setPen(QPen(option.palette.color(QPalette::Highlight), 2));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(cell);
        }
        painter->restore();
    }
};

// The choice written upwards, and above it the layer whose columns these are.
class GroupHeader : public QHeaderView
{
public:
    GroupHeader(SensitivityGridModel *model, QWidget *parent) : QHeaderView(Qt::Horizontal, parent), m_grid(model)
    {
        setSectionsClickable(true);
        setHighlightSections(false);
        setMinimumSectionSize(8);
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(smallFont(this));
        return {100, metrics.height() + metrics.horizontalAdvance("INT8") + 14};
    }

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override
    {
        painter->save();
        painter->setFont(smallFont(this));
        const QFontMetrics metrics(painter->font());
        painter->fillRect(rect, palette().color(QPalette::Base));
        painter->setPen(palette().color(QPalette::Text));
        const bool last = section + 1 == m_grid->columnCount() || m_grid->part(section + 1) != m_grid->part(section);
        painter->translate(rect.center().x() + 1 - (last ? groupGap / 2.0 : 0), rect.bottom() - 3);
        painter->rotate(-90);
        painter->drawText(QRect(0, -metrics.height() / 2, rect.height(), metrics.height()),
                          Qt::AlignLeft | Qt::AlignVCenter, m_grid->headerData(section, Qt::Horizontal).toString());
        painter->restore();
    }
    void paintEvent(QPaintEvent *event) override
    {
        QHeaderView::paintEvent(event);
        if (count() == 0)
            return;
        QPainter painter(viewport());
        QFont bold = smallFont(this);
        bold.setBold(true);
        painter.setFont(bold);
        painter.setPen(palette().color(QPalette::Text));
        for (int first = 0; first < count();) {
            int end = first + 1;
            while (end < count() && m_grid->part(end) == m_grid->part(first))
                ++end;
            const int left = sectionViewportPosition(first);
            const int right = sectionViewportPosition(end - 1) + sectionSize(end - 1) - groupGap;
            const QRect group(left, 1, right - left, painter.fontMetrics().height());
            painter.drawText(group, Qt::AlignCenter | Qt::TextDontClip,
                             SensitivityGridModel::partName(m_grid->part(first)));
            painter.drawLine(left + 1, group.bottom() + 2, right - 1, group.bottom() + 2);
            first = end;
        }
    }

private:
    SensitivityGridModel *m_grid;
};

} // namespace

SensitivityGrid::SensitivityGrid(SensitivityGridModel *model, QWidget *parent) : QTableView(parent), m_grid(model)
{
    setAccessibleName(tr("Sensitivity of every choice"));
    setHorizontalHeader(new GroupHeader(model, this));
    setModel(model);
    setItemDelegate(new CellDelegate(this));
    setEditTriggers(NoEditTriggers);
    setSelectionMode(ExtendedSelection);
    setSelectionBehavior(SelectRows);
    setShowGrid(false);
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setFrameShape(NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalHeader()->setMinimumSectionSize(leastRow);
    verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex &cell) { choose({cell}); });
    connect(horizontalHeader(), &QHeaderView::sectionClicked, this, [this](int column) {
        QList<QModelIndex> cells;
        const QModelIndexList rows = selectionModel()->selectedRows();
        for (int row = 0; row < m_grid->rowCount(); ++row) {
            if (rows.size() < 2 || selectionModel()->isRowSelected(row))
                cells += m_grid->index(row, column);
        }
        choose(cells);
    });
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (m_marking)
            return;
        QStringList layers;
        for (const QModelIndex &row : selectionModel()->selectedRows()) {
            for (int column = 0; column < m_grid->columnCount(); ++column)
                layers += m_grid->index(row.row(), column).data(SensitivityGridModel::LayersRole).toStringList();
        }
        layers.removeDuplicates();
        Q_EMIT layerChosen(layers);
    });
    connect(model, &QAbstractItemModel::modelReset, this, &SensitivityGrid::fitSections);
    fitSections();
}

QSize SensitivityGrid::minimumSizeHint() const
{
    return {200, 120};
}

void SensitivityGrid::markLayers(const QStringList &layers)
{
    m_marking = true;
    QItemSelection rows;
    for (const int row : m_grid->rowsOf(layers))
        rows.select(m_grid->index(row, 0), m_grid->index(row, m_grid->columnCount() - 1));
    selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    m_marking = false;
}

// All cells are of one column. One that the plan has is taken back; of several, all when the plan has all.
void SensitivityGrid::choose(const QList<QModelIndex> &cells)
{
    QStringList layers;
    QList<int> blocks;
    NumberFormat format = NumberFormat::Fp32;
    double keep = 1;
    int heads = -1;
    bool all = true;
    for (const QModelIndex &cell : cells) {
        const QStringList named = cell.data(SensitivityGridModel::LayersRole).toStringList();
        if (named.isEmpty())
            continue;
        all = all && cell.data(SensitivityGridModel::ChosenRole).toBool();
        if (const QVariant share = cell.data(SensitivityGridModel::KeepRole); share.isValid()) {
            blocks += cell.data(SensitivityGridModel::BlockRole).toInt();
            keep = share.toDouble();
        } else if (const QVariant count = cell.data(SensitivityGridModel::HeadsRole); count.isValid()) {
            blocks += cell.data(SensitivityGridModel::BlockRole).toInt();
            heads = count.toInt();
        } else {
            layers += named;
            format = static_cast<NumberFormat>(cell.data(SensitivityGridModel::FormatRole).toInt());
        }
    }
    if (heads >= 0)
        Q_EMIT headsChosen(blocks, all ? m_grid->heads() : heads);
    else if (!blocks.isEmpty())
        Q_EMIT keepChosen(blocks, all ? 1.0 : keep, 0);
    else if (!layers.isEmpty())
        Q_EMIT formatChosen(layers, all ? NumberFormat::Fp32 : format);
}

void SensitivityGrid::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Space && currentIndex().isValid()) {
        QList<QModelIndex> cells{currentIndex()};
        for (const QModelIndex &row : selectionModel()->selectedRows()) {
            if (row.row() != currentIndex().row() && selectionModel()->isRowSelected(currentIndex().row()))
                cells += m_grid->index(row.row(), currentIndex().column());
        }
        choose(cells);
        return;
    }
    QTableView::keyPressEvent(event);
}

// All columns in the width, all rows in the height as far as they can be told apart.
void SensitivityGrid::fitSections()
{
    const int columns = m_grid->columnCount();
    const int rows = m_grid->rowCount();
    if (rows == 0)
        return;
    const QFont small = smallFont(this);
    verticalHeader()->setFont(small);
    verticalHeader()->setFixedWidth(QFontMetrics(small).horizontalAdvance("patch_embed") + 10);
    const int height = this->height() - horizontalHeader()->sizeHint().height() - 2;
    const int row = std::clamp(height / rows, std::max(leastRow, QFontMetrics(small).height() - 3), greatestRow);
    verticalHeader()->setDefaultSectionSize(row);
    const bool scrolls = row * rows > height;
    const int width = this->width() - verticalHeader()->width() - (scrolls ? 16 : 0) - 2;
    for (int column = 0; column < columns; ++column) // what rounding leaves is spread
        horizontalHeader()->resizeSection(column, width * (column + 1) / columns - width * column / columns);
}

void SensitivityGrid::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    fitSections();
}

void SensitivityGrid::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitSections();
}

void SensitivityGrid::paintEvent(QPaintEvent *event)
{
    // Selected rows are marked behind the cells, which keep their shades.
    QPainter painter(viewport());
    for (const QModelIndex &row : selectionModel()->selectedRows()) {
        const QRect band(0, rowViewportPosition(row.row()), viewport()->width(), rowHeight(row.row()));
        painter.fillRect(band, chartColors(palette()).selection);
    }
    painter.end();
    QTableView::paintEvent(event);
    if (m_grid->rowCount() > 0 && !m_grid->isKnown()) {
        QPainter hint(viewport());
        hint.setPen(chartColors(palette()).faded);
        hint.drawText(viewport()->rect(), Qt::AlignCenter | Qt::TextWordWrap,
                      tr("Choose calibration images: then it is measured\nwhat each choice changes."));
    }
}

SensitivityLegend::SensitivityLegend(SensitivityGridModel *model, QWidget *parent) : QWidget(parent), m_grid(model)
{
    setAccessibleName(tr("What the shades mean"));
    setToolTip(tr("How much the model's answers change when this alone is done: Kullback-Leibler divergence of the "
                  "logits on the search images, on a logarithmic axis"));
    connect(model, &QAbstractItemModel::modelReset, this, qOverload<>(&QWidget::update));
    connect(model, &QAbstractItemModel::dataChanged, this, qOverload<>(&QWidget::update));
}

QSize SensitivityLegend::sizeHint() const
{
    return {300, fontMetrics().height() + 4};
}

QString SensitivityLegend::text() const
{
    return !m_grid->isKnown() ? QString()
                              : (m_grid->isEstimated() ? tr("%1 nats, estimated") : tr("%1 nats"))
                                    .arg(scientificText(m_grid->range().second));
}

void SensitivityLegend::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(smallFont(this));
    const ChartColors colors = chartColors(palette());
    const QFontMetrics metrics(painter.font());
    const auto text = [&](double x, const QString &words) {
        painter.setPen(colors.text);
        painter.drawText(QRectF(x, 0, width(), height()), Qt::AlignLeft | Qt::AlignVCenter, words);
        return x + metrics.horizontalAdvance(words) + 6;
    };
    double x = 2;
    if (m_grid->isKnown()) {
        x = text(x, scientificText(m_grid->range().first));
        const QRectF bar(x, (height() - 10) / 2.0, 70, 10);
        QLinearGradient gradient(bar.topLeft(), bar.topRight());
        gradient.setColorAt(0, shade(palette(), 0, m_grid->isEstimated()));
        gradient.setColorAt(1, shade(palette(), 1, m_grid->isEstimated()));
        painter.fillRect(bar, gradient);
        painter.setPen(QPen(colors.grid, 1));
        painter.drawRect(bar);
        x = text(bar.right() + 6, this->text()) + 10;
    }
    paintChosen(painter, QRectF(x, 0, 12, height()), colors.text, colors.background);
    x = text(x + 16, tr("in the plan")) + 10;
    const QRectF cell(x, (height() - 12) / 2.0, 14, 12);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(colors.grid, 1));
    painter.drawRect(cell);
    paintSlower(painter, cell, colors.faded);
    text(cell.right() + 5, tr("not faster here"));
}

} // namespace edgeflex
