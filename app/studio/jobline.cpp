#include "app/studio/jobline.h"

#include "app/studio/jobqueue.h"
#include "widgets/quantitytext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace edgeflex {
namespace {

constexpr int barWidth = 150; // pixels
constexpr int fineSteps = 1000;

} // namespace

JobLine::JobLine(JobQueue *queue, QWidget *parent)
    : QWidget(parent),
      m_queue(queue),
      m_title(new QLabel(this)),
      m_bar(new QProgressBar(this)),
      m_left(new QLabel(this)),
      m_waiting(new QLabel(this)),
      m_cancel(new QPushButton(tr("Cancel (Esc)"), this))
{
    m_bar->setFixedWidth(barWidth);
    m_bar->setTextVisible(false);
    m_bar->setMaximumHeight(10);
    m_cancel->setFlat(false);
    m_cancel->setAutoDefault(false);
    m_cancel->setToolTip(tr("Stop the job that runs"));
    m_waiting->setEnabled(false); // grey
    connect(m_cancel, &QPushButton::pressed, this, [this] { m_meant = m_queue->meant(); });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_meant)
            m_queue->cancel(*m_meant);
    });
    connect(queue, &JobQueue::changed, this, &JobLine::showState);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_title);
    layout->addWidget(m_bar);
    layout->addWidget(m_left);
    layout->addWidget(m_cancel);
    layout->addWidget(m_waiting);
    layout->addStretch(1);
    // The line keeps its height whether there is a button in it or not.
    setFixedHeight(m_cancel->sizeHint().height());
    showState();
}

void JobLine::setResting(const QString &text)
{
    m_resting = text;
    showState();
}

void JobLine::showState()
{
    const std::optional<JobQueue::State> &state = m_queue->state();
    for (QWidget *widget : std::initializer_list<QWidget *>{m_bar, m_left, m_cancel, m_waiting})
        widget->setVisible(state.has_value());
    if (!state) {
        m_title->setText(m_resting);
        return;
    }
    m_title->setText(state->text());
    if (state->total > 0) {
        m_bar->setRange(0, fineSteps);
        m_bar->setValue(
            static_cast<int>(fineSteps * static_cast<double>(state->done) / static_cast<double>(state->total)));
    } else {
        m_bar->setRange(0, 0);
    }
    m_bar->setAccessibleName(state->title);
    m_left->setText(state->secondsLeft ? tr("%1 left").arg(durationText(*state->secondsLeft)) : QString());
    m_left->setVisible(!m_left->text().isEmpty());
    m_waiting->setText(state->waiting.isEmpty() ? QString() : tr("Then: %1").arg(state->waiting.join(", ")));
}

} // namespace edgeflex
