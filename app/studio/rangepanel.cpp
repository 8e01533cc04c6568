#include "app/studio/rangepanel.h"

#include "app/studio/document.h"
#include "app/studio/section.h"
#include "app/studio/viewstate.h"
#include "widgets/channelmap.h"
#include "widgets/chartcolors.h"
#include "widgets/rangechart.h"
#include "widgets/risktablemodel.h"
#include "widgets/tablestyle.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace edgeflex {
namespace {

constexpr int mostTableWidth = 740;      // pixels
constexpr std::size_t outliersNamed = 8; // of a layer; more are only counted

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

} // namespace

RangePanel::RangePanel(Document *document, ViewState *view, QWidget *parent)
    : QSplitter(Qt::Horizontal, parent),
      m_document(document),
      m_risks(new RiskTableModel(this)),
      m_sorted(new QSortFilterProxyModel(this)),
      m_table(new QTableView(this)),
      m_chart(new RangeChart(this)),
      m_outliers(new QLabel(this))
{
    setChildrenCollapsible(false);
    setHandleWidth(sectionGap);
    m_sorted->setSourceModel(m_risks);
    m_sorted->setSortRole(RiskTableModel::SortRole);
    m_table->setModel(m_sorted);
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(RiskTableModel::Layer, Qt::AscendingOrder);
    styleAsList(m_table, RiskTableModel::SafeHalf);
    m_table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_table->setAccessibleName(tr("Ranges of the layers' inputs and risks of 16-bit formats"));
    m_table->setItemDelegateForColumn(RiskTableModel::Overflow, new LevelDelegate(m_table));
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this, view] {
        if (m_marking)
            return;
        QStringList layers;
        for (const QModelIndex &row : m_table->selectionModel()->selectedRows())
            layers += row.data(RiskTableModel::LayerRole).toString();
        view->setLayers(layers);
    });
    addWidget(section(this, {heading(tr("What the calibration images showed"), m_table, this)}, m_table));

    m_outliers->setWordWrap(true);
    m_outliers->setTextFormat(Qt::PlainText);
    m_outliers->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_outliers->setContentsMargins(10, 2, 10, 6);
    auto *spread = new QWidget(this);
    spread->setAutoFillBackground(true);
    spread->setBackgroundRole(QPalette::Base);
    auto *layout = new QVBoxLayout(spread);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_chart, 1);
    layout->addWidget(m_outliers);
    m_chartTitle = heading({}, nullptr, this);
    m_chartTitle->setTextFormat(Qt::PlainText);
    addWidget(section(this, {m_chartTitle}, spread));
    setStretchFactor(0, 3);
    setStretchFactor(1, 2);
    setSizes({720, 520});
    highlightLayers({});
}

void RangePanel::showProfile()
{
    const ActivationProfile *profile = m_document->session().profile ? &*m_document->session().profile : nullptr;
    m_marking = true; // what was selected goes with the rows
    m_risks->setProfile(profile);
    m_marking = false;
    // Its names and figures are whole; the chart takes what is left.
    m_table->horizontalHeader()->resizeSections(QHeaderView::ResizeToContents);
    const int wanted = m_table->horizontalHeader()->length() + m_table->verticalScrollBar()->sizeHint().width();
    m_table->setMinimumWidth(std::min(wanted, mostTableWidth));
    m_chart->setProfile(profile);
}

void RangePanel::highlightLayers(const QStringList &layers)
{
    m_chart->highlightLayers(layers);
    m_chartTitle->setText(layers.isEmpty()     ? tr("How the inputs of all layers are spread")
                          : layers.size() == 1 ? tr("How the inputs of %1 are spread").arg(layers.first())
                                               : tr("How the inputs of the selected layers are spread"));
    showOutliers(layers);
    QItemSelection rows;
    bool marked = true; // already, as where they were chosen here: the table stays where it is
    for (int row = 0; row < m_sorted->rowCount(); ++row) {
        const QModelIndex index = m_sorted->index(row, 0);
        const bool wanted = layers.contains(index.data(RiskTableModel::LayerRole).toString());
        if (wanted)
            rows.select(index, index.siblingAtColumn(RiskTableModel::ColumnCount - 1));
        marked = marked && wanted == m_table->selectionModel()->isRowSelected(row);
    }
    if (marked)
        return;
    m_marking = true;
    m_table->selectionModel()->select(rows, QItemSelectionModel::ClearAndSelect);
    if (!rows.isEmpty()) {
        m_table->selectionModel()->setCurrentIndex(rows.first().topLeft(), QItemSelectionModel::NoUpdate);
        m_table->scrollTo(rows.first().topLeft());
    }
    m_marking = false;
}

QString RangePanel::outlierText() const
{
    return m_outliers->text();
}

// By name where there is one layer: of several the table counts them.
void RangePanel::showOutliers(const QStringList &layers)
{
    const auto &profile = m_document->session().profile;
    QString text = tr("Choose one layer to see its outlier channels.");
    if (profile && layers.size() == 1) {
        const auto layer = std::ranges::find(profile->layers, layers.first().toStdString(), &LayerProfile::name);
        if (layer != profile->layers.end()) {
            const std::vector<int> outliers = outlierChannels(*layer);
            QStringList named;
            for (std::size_t i = 0; i < std::min(outliers.size(), outliersNamed); ++i)
                named +=
                    QString("%1 (%2)")
                        .arg(outliers[i])
                        .arg(QLocale().toString(layer->inputMaxAbs[static_cast<std::size_t>(outliers[i])], 'g', 3));
            if (outliers.size() > outliersNamed)
                named += QString(QChar(0x2026));
            text = outliers.empty() ? tr("No channel's largest input is more than 6 times the median channel's.")
                                    : tr("Outlier channels, with their largest input: %1").arg(named.join(", "));
        }
    }
    m_outliers->setText(profile ? text : QString());
}

} // namespace edgeflex
