#include "app/studio/plantools.h"

#include "app/studio/document.h"
#include "app/studio/viewstate.h"
#include "widgets/quantitytext.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>

#include <algorithm>

namespace edgeflex {

PlanTools::PlanTools(Document *document, ViewState *view, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_view(view),
      m_allKeep(new QSlider(Qt::Horizontal, this)),
      m_allKeepText(new QLabel(this)),
      m_allFormats(new QComboBox(this))
{
    m_allKeep->setRange(5, 100);
    m_allKeep->setPageStep(5);
    m_allKeep->setAccessibleName(tr("Share of all MLP channels that stay, percent"));
    m_allKeep->setToolTip(tr("Share of all MLP channels that stays: the blocks that bear it best give up most"));
    m_allKeepText->setMinimumWidth(m_allKeepText->fontMetrics().horizontalAdvance(QString("100") + QChar::Nbsp + '%'));
    connect(m_allKeep, &QSlider::sliderPressed, this, [this] { m_gesture = m_document->newGesture(); });
    connect(m_allKeep, &QSlider::valueChanged, this, [this](int percent) {
        m_document->setAverageKeep(percent / 100.0, m_allKeep->isSliderDown() ? m_gesture : 0);
    });
    m_allFormats->setAccessibleName(tr("Format of all layers"));
    m_allFormats->setToolTip(tr("How all layers are stored and multiplied"));
    for (const NumberFormat format : allNumberFormats())
        m_allFormats->addItem(formatText(format), static_cast<int>(format));
    m_allFormats->setPlaceholderText(tr("mixed"));
    connect(m_allFormats, &QComboBox::activated, this, [this] {
        QStringList layers;
        for (const LinearSpec *linear : m_document->spec().linears())
            layers += QString::fromStdString(linear->name);
        m_document->setFormat(layers, static_cast<NumberFormat>(m_allFormats->currentData().toInt()));
    });
    auto *similar = new QPushButton(tr("Apply to Similar"), this);
    similar->setToolTip(tr("Give what the selected layers have to the same layers of every block (Ctrl+D)"));
    connect(similar, &QPushButton::clicked, this, [this] { m_document->applyToSimilar(m_view->layers()); });
    auto *reset = new QPushButton(tr("Reset"), this);
    reset->setToolTip(tr("Make the selected layers whole and FP32 again (Ctrl+Backspace)"));
    connect(reset, &QPushButton::clicked, this, [this] { m_document->resetLayers(m_view->layers()); });
    auto *pin = new QPushButton(tr("Pin"), this);
    pin->setCheckable(true);
    pin->setToolTip(tr("Solving leaves the selected layers as they are (Ctrl+P)"));
    connect(pin, &QPushButton::clicked, this, [this](bool on) { m_document->setPinned(m_view->layers(), on); });
    const auto enable = [this, similar, reset, pin] {
        const QStringList &layers = m_view->layers();
        const bool any = m_document->hasModel() && !layers.isEmpty();
        similar->setEnabled(any);
        reset->setEnabled(any);
        pin->setEnabled(any);
        pin->setChecked(
            any && std::ranges::all_of(layers, [this](const QString &layer) { return m_document->isPinned(layer); }));
    };
    connect(m_view, &ViewState::layersChanged, this, enable);
    connect(m_document, &Document::modelChanged, this, enable);
    connect(m_document, &Document::pinsChanged, this, enable);
    enable();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 3, 6, 3);
    layout->setSpacing(6);
    layout->addWidget(new QLabel(tr("All blocks"), this));
    layout->addWidget(m_allKeep, 1);
    layout->addWidget(m_allKeepText);
    layout->addWidget(m_allFormats);
    layout->addSpacing(8);
    layout->addWidget(pin);
    layout->addWidget(similar);
    layout->addWidget(reset);
    connect(m_document, &Document::planChanged, this, &PlanTools::showPlan);
    connect(m_document, &Document::modelChanged, this, &PlanTools::showPlan);
    showPlan();
}

void PlanTools::showPlan()
{
    if (!m_document->hasModel())
        return;
    const std::optional<double> keep = m_document->averageKeep();
    const int percent = qRound(100 * keep.value_or(0));
    const QSignalBlocker blocker(m_allKeep);
    m_allKeep->setEnabled(keep.has_value()); // else every MLP is linear
    if (!m_allKeep->isSliderDown())
        m_allKeep->setValue(percent);
    m_allKeepText->setText(keep ? QLocale().toString(percent) + QChar::Nbsp + '%' : QString(QChar(0x2013)));
    const ModelSpec &planned = m_document->figures().planned;
    const NumberFormat first = planned.patchEmbed.format;
    const bool same = std::ranges::all_of(
        planned.linears(), [&](const LinearSpec *linear) { return linear->isAbsent() || linear->format == first; });
    m_allFormats->setCurrentIndex(same ? m_allFormats->findData(static_cast<int>(first)) : -1);
}

} // namespace edgeflex
