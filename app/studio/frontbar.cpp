#include "app/studio/frontbar.h"

#include "app/studio/document.h"
#include "widgets/quantitytext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>
#include <cstdlib>

namespace edgeflex {

FrontBar::FrontBar(Document *document, QWidget *parent)
    : QWidget(parent), m_document(document), m_slider(new QSlider(Qt::Horizontal, this)), m_text(new QLabel(this))
{
    m_slider->setAccessibleName(tr("Place on the solver's front"));
    m_slider->setToolTip(tr("Go along the plans that solving found to be the best of their size"));
    m_text->setMinimumWidth(m_text->fontMetrics().horizontalAdvance("00.0 MB"));
    connect(m_slider, &QSlider::sliderPressed, this, [this] { m_gesture = m_document->newGesture(); });
    connect(m_slider, &QSlider::valueChanged, this, &FrontBar::goTo);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(new QLabel(tr("Solver's front: smaller"), this));
    layout->addWidget(m_slider, 1);
    layout->addWidget(new QLabel(tr("more accurate"), this));
    layout->addWidget(m_text);
    connect(document, &Document::modelChanged, this, &FrontBar::showFront);
    connect(document, &Document::frontChanged, this, &FrontBar::showFront);
    connect(document, &Document::planChanged, this, &FrontBar::follow);
    showFront();
}

void FrontBar::showFront()
{
    const std::vector<ParetoPoint> &front = m_document->front();
    setVisible(front.size() > 1);
    {
        const QSignalBlocker blocker(m_slider);
        m_slider->setRange(0, std::max(0, static_cast<int>(front.size()) - 1));
    }
    follow();
}

// Puts the slider where the front's plan is the nearest to this one in size.
void FrontBar::follow()
{
    const std::vector<ParetoPoint> &front = m_document->front();
    if (front.empty() || m_slider->isSliderDown())
        return;
    const std::int64_t now = m_document->figures().timeline.weightBytes;
    const auto nearest = std::ranges::min_element(
        front, {}, [now](const ParetoPoint &point) { return std::abs(point.weightsBytes - now); });
    const QSignalBlocker blocker(m_slider);
    m_slider->setValue(static_cast<int>(nearest - front.begin()));
    m_text->setText(bytesText(nearest->weightsBytes));
}

void FrontBar::goTo(int index)
{
    const std::vector<ParetoPoint> &front = m_document->front();
    if (index < 0 || static_cast<std::size_t>(index) >= front.size())
        return;
    const ParetoPoint &point = front[static_cast<std::size_t>(index)];
    m_text->setText(bytesText(point.weightsBytes));
    m_document->setPlan(point.plan, tr("Along the solver's front"), m_slider->isSliderDown() ? m_gesture : 0);
}

} // namespace edgeflex
