#include "app/studio/effectpanel.h"

#include "app/studio/document.h"
#include "widgets/tablestyle.h"

#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int restMs = 60; // that the plan must be left alone, so that a drag is not slowed

} // namespace

EffectPanel::EffectPanel(Document *document, const QString &name, const QString &empty, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_model(new EffectTableModel(this)),
      m_table(new QTableView(this)),
      m_empty(new QLabel(empty, this))
{
    m_table->setAccessibleName(name);
    m_table->setModel(m_model);
    styleAsList(m_table, EffectTableModel::Edit);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setEnabled(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_table);
    layout->addWidget(m_empty, 1);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &EffectPanel::predictNext);
    connect(m_table, &QTableView::activated, this, &EffectPanel::activate);
    connect(document, &Document::predictionChanged, this, &EffectPanel::refresh);
    m_table->hide();
}

void EffectPanel::setSource(std::function<std::vector<Effect>()> source)
{
    m_source = std::move(source);
    refresh();
}

void EffectPanel::refresh()
{
    m_stale = true;
    if (isVisible())
        m_next.start(restMs);
}

void EffectPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_stale)
        m_next.start(0);
}

void EffectPanel::predictNext()
{
    if (m_stale) {
        m_stale = false;
        m_row = 0;
        m_model->setEffects(m_document->prediction(),
                            m_source && m_document->hasModel() ? m_source() : std::vector<Effect>());
        m_table->setVisible(m_model->rowCount() > 0);
        m_empty->setVisible(m_model->rowCount() == 0);
    } else if (m_row < m_model->rowCount()) {
        m_model->setPrediction(m_row, m_document->predict(m_model->effect(m_row).plan));
        ++m_row;
    }
    if (m_row < m_model->rowCount())
        m_next.start(0);
}

void EffectPanel::activate(const QModelIndex &row)
{
    if (!row.isValid())
        return;
    const Effect effect = m_model->effect(row.row());
    m_document->setPlan(effect.plan, effect.text);
}

} // namespace edgeflex
