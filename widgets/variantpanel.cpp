#include "widgets/variantpanel.h"

#include "widgets/chartcolors.h"
#include "widgets/tablestyle.h"
#include "widgets/varianttablemodel.h"

#include <QHeaderView>
#include <QPainter>
#include <QTableView>
#include <QVBoxLayout>

namespace edgeflex {

VariantPanel::VariantPanel(VariantTableModel *model, const QString &name, const QString &empty, QWidget *parent)
    : QWidget(parent), m_model(model), m_table(new QTableView(this)), m_empty(empty)
{
    m_table->setAccessibleName(name);
    m_table->setModel(model);
    styleAsList(m_table, VariantTableModel::Name);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &row) {
        if (!m_selecting)
            Q_EMIT variantChosen(row.isValid() ? row.data(VariantTableModel::VariantRole).toInt() : -1);
    });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &row) {
        if (const int id = row.data(VariantTableModel::VariantRole).toInt(); id >= 0)
            Q_EMIT planWanted(id);
    });
    connect(model, &QAbstractItemModel::modelReset, this, &VariantPanel::showEmpty);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    showEmpty();
}

void VariantPanel::select(int variantId)
{
    m_selecting = true;
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    for (int row = 0; variantId >= 0 && row < m_model->rowCount(); ++row) {
        if (m_model->index(row, 0).data(VariantTableModel::VariantRole).toInt() == variantId)
            m_table->selectRow(row);
    }
    m_selecting = false;
}

void VariantPanel::showEmpty()
{
    m_table->setVisible(m_model->rowCount() > 0);
    m_table->setColumnHidden(VariantTableModel::Process, !m_model->hasProcessPeaks());
    update();
}

// The table ends with a whole row; where it is scrolled to the end, so it begins.
void VariantPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const int row = m_table->verticalHeader()->defaultSectionSize();
    const int room = height() - m_table->horizontalHeader()->sizeHint().height();
    layout()->setContentsMargins(0, 0, 0, room > row ? room % row : 0);
}

void VariantPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    if (m_model->rowCount() > 0)
        return;
    painter.setPen(chartColors(palette()).faded);
    painter.drawText(rect().adjusted(24, 8, -24, -8), Qt::AlignCenter | Qt::TextWordWrap, m_empty);
}

} // namespace edgeflex
