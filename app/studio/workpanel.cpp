#include "app/studio/workpanel.h"

#include "app/studio/jobtablemodel.h"
#include "app/studio/section.h"
#include "app/studio/workflow.h"
#include "widgets/quantitytext.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QTime>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int linesAtMost = 5000; // of the log
constexpr int usualHeight = 170;  // pixels: some jobs, and the plots above keep theirs

class ProgressDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        const QVariant share = index.data(JobTableModel::ShareRole);
        if (!share.isValid() || share.toDouble() < 0) {
            QStyledItemDelegate::paint(painter, option, index);
            return;
        }
        QStyleOptionProgressBar bar;
        bar.rect = option.rect.adjusted(2, 2, -2, -2);
        bar.palette = option.palette;
        bar.fontMetrics = option.fontMetrics;
        bar.state = QStyle::State_Enabled | QStyle::State_Horizontal;
        bar.minimum = 0;
        bar.maximum = 1000;
        bar.progress = qRound(1000 * share.toDouble());
        bar.text = index.data().toString();
        bar.textVisible = true;
        bar.textAlignment = Qt::AlignCenter;
        option.widget->style()->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
    }
};

} // namespace

WorkPanel::WorkPanel(Workflow *workflow, QWidget *parent)
    : QWidget(parent),
      m_workflow(workflow),
      m_model(new JobTableModel(this)),
      m_table(new QTableView(this)),
      m_log(new QPlainTextEdit(this)),
      m_engine(new QLabel(this)),
      m_stop(new QPushButton(tr("Stop"), this)),
      m_again(new QPushButton(tr("Try Again"), this))
{
    m_table->setAccessibleName(tr("Jobs"));
    m_table->setModel(m_model);
    m_table->setItemDelegateForColumn(JobTableModel::Progress, new ProgressDelegate(m_table));
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setAlternatingRowColors(true);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_table->fontMetrics().height() + 6);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(JobTableModel::Title, QHeaderView::Stretch);
    m_table->horizontalHeader()->resizeSection(JobTableModel::State, 150);
    m_table->horizontalHeader()->resizeSection(JobTableModel::Progress, 110);
    m_table->horizontalHeader()->resizeSection(JobTableModel::Time, 90);
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setMaximumBlockCount(linesAtMost);
    m_log->setFrameShape(QFrame::NoFrame);
    m_log->setTabChangesFocus(true);
    m_log->setPlaceholderText(tr("What happens is written here."));
    auto *copy = new QPushButton(tr("Copy"), this);
    copy->setToolTip(tr("Copy the whole log"));
    connect(copy, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(logText()); });
    m_stop->setToolTip(tr("Stop the chosen job; where none is chosen, the one that runs (Esc)"));
    m_again->setToolTip(tr("Ask again for what was stopped or failed"));
    connect(m_stop, &QPushButton::pressed, this, [this] {
        const QModelIndex row = m_table->currentIndex();
        m_meant = row.isValid() ? row.data(JobTableModel::NumberRole).toInt() : m_workflow->queue()->meant();
    });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        if (m_meant)
            m_workflow->queue()->cancel(*m_meant);
    });
    connect(m_again, &QPushButton::clicked, m_workflow, &Workflow::retry);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &WorkPanel::showButtons);
    connect(m_workflow->queue(), &JobQueue::changed, this, &WorkPanel::showJobs);
    connect(m_workflow->queue(), &JobQueue::jobEnded, this, [this](const JobQueue::Item &item) {
        using State = JobQueue::Item::State;
        log(item.state == State::Done        ? tr("%1: done in %2").arg(item.title, durationText(item.seconds))
            : item.state == State::Cancelled ? tr("%1: stopped").arg(item.title)
                                             : tr("%1: failed. %2").arg(item.title, item.error));
    });
    connect(m_workflow->queue(), &JobQueue::interrupted, this, [this](const QString &title) {
        log(tr("The engine ended during “%1”, which is done once more.").arg(title));
    });
    connect(m_workflow, &Workflow::changed, this, &WorkPanel::showButtons);
    connect(m_workflow, &Workflow::told, this, &WorkPanel::log);

    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(
        section(splitter, {heading(tr("Work"), m_table, splitter), m_engine, m_stop, m_again}, m_table));
    splitter->addWidget(section(splitter, {heading(tr("Log"), m_log, splitter), copy}, m_log));
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 4, 10, 4);
    layout->addWidget(splitter);
    showJobs();
    showButtons();
}

QSize WorkPanel::sizeHint() const
{
    return {900, usualHeight};
}

void WorkPanel::setEngineState(const QString &text, bool failed)
{
    if (m_engine->text() == text)
        return;
    m_engine->setText(text);
    QFont font = this->font();
    font.setBold(failed);
    m_engine->setFont(font);
    log(text);
}

void WorkPanel::log(const QString &line)
{
    m_log->appendPlainText(QTime::currentTime().toString("HH:mm:ss") + "  " + line);
}

QString WorkPanel::logText() const
{
    return m_log->toPlainText();
}

void WorkPanel::showJobs()
{
    m_model->setItems(m_workflow->queue()->items());
    showButtons();
}

void WorkPanel::showButtons()
{
    const QModelIndex row = m_table->currentIndex();
    m_stop->setEnabled(row.isValid() ? row.data(JobTableModel::CanStopRole).toBool()
                                     : m_workflow->queue()->state().has_value());
    m_again->setEnabled(m_workflow->isStopped());
}

} // namespace edgeflex
