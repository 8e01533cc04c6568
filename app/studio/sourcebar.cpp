#include "app/studio/sourcebar.h"

#include "app/studio/document.h"
#include "app/studio/modelfacts.h"
#include "app/studio/workflow.h"
#include "widgets/chartcolors.h"

#include <QComboBox>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>

namespace edgeflex {
namespace {

// Larger batches are no use on an edge device, and their schedules are as long.
constexpr int maxBatch = 1024;
constexpr int longestName = 260;   // pixels
constexpr int shortestName = 90;   // pixels, that are left of a name in a narrow window
constexpr int controlsWidth = 190; // pixels that the schedule and the batch take, gaps included
constexpr double smallText = 0.85;

QLabel *caption(const QString &text, QWidget *buddy, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    QFont font = label->font();
    font.setPointSizeF(font.pointSizeF() * smallText);
    label->setFont(font);
    label->setBuddy(buddy);
    label->setObjectName("caption");
    return label;
}

} // namespace

SourceBar::SourceBar(Document *document, Workflow *workflow, QWidget *parent)
    : QWidget(parent), m_document(document), m_workflow(workflow)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(24);
    m_model = addSource(tr("&Model"), tr("Model"));
    m_calibration = addSource(tr("&Calibration images"), tr("Calibration images"));
    m_data = addSource(tr("&Judging images"), tr("Judging images"));
    m_calibration->setToolTip(tr("What the model's activations are measured on"));
    connect(m_model, &QPushButton::clicked, this, &SourceBar::modelWanted);
    connect(m_calibration, &QPushButton::clicked, this, &SourceBar::calibrationWanted);
    connect(m_data, &QPushButton::clicked, this, &SourceBar::dataWanted);
    layout->addStretch(1);

    m_schedule = new QComboBox(this);
    m_schedule->addItem(tr("Tight"), static_cast<int>(ScheduleKind::Tight));
    m_schedule->addItem(tr("Eager"), static_cast<int>(ScheduleKind::Eager));
    m_schedule->setItemData(0, tr("In place, attention image by image, the MLP in tiles"), Qt::ToolTipRole);
    m_schedule->setItemData(1, tr("One tensor an operation, as PyTorch runs it"), Qt::ToolTipRole);
    m_schedule->setAccessibleName(tr("Schedule"));
    m_batch = new QSpinBox(this);
    m_batch->setRange(1, maxBatch);
    m_batch->setKeyboardTracking(false);
    m_batch->setAccessibleName(tr("Batch, images"));
    m_batch->setToolTip(tr("Images that the model takes at a time: latency and peak memory are of one such batch"));
    m_schedule->setToolTip(tr("In which order the operations run, which decides about the peak memory"));
    const auto addControl = [&](const QString &text, QWidget *control) {
        auto *column = new QVBoxLayout;
        column->setSpacing(1);
        column->addWidget(caption(text, control, this));
        column->addWidget(control);
        layout->addLayout(column);
    };
    addControl(tr("Sche&dule"), m_schedule);
    addControl(tr("&Batch"), m_batch);
    connect(m_schedule, &QComboBox::activated, this,
            [this] { m_document->setSchedule(static_cast<ScheduleKind>(m_schedule->currentData().toInt())); });
    connect(m_batch, &QSpinBox::valueChanged, m_document, &Document::setBatch);
    connect(document, &Document::modelChanged, this, &SourceBar::showSources);
    connect(document, &Document::sourcesChanged, this, &SourceBar::showSources);
    connect(workflow, &Workflow::changed, this, &SourceBar::showSources);
    showSources();
}

QPushButton *SourceBar::addSource(const QString &text, const QString &name)
{
    auto *button = new QPushButton(this);
    // Flush with its caption; what can be clicked shows it when pointed at.
    button->setStyleSheet("QPushButton { border: none; padding: 2px 0px; text-align: left; }"
                          "QPushButton:hover, QPushButton:focus { text-decoration: underline; }");
    button->setCursor(Qt::PointingHandCursor);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setObjectName(name);
    auto *column = new QVBoxLayout;
    column->setSpacing(1);
    column->addWidget(caption(text, button, this));
    column->addWidget(button, 0, Qt::AlignLeft | Qt::AlignVCenter);
    static_cast<QHBoxLayout *>(layout())->addLayout(column);
    return button;
}

SourceBar::Place SourceBar::placeAt(const QPoint &position) const
{
    // The caption belongs to its button.
    for (const auto &[button, place] : {std::pair(m_model, Place::Model), std::pair(m_calibration, Place::Calibration),
                                        std::pair(m_data, Place::Data)}) {
        const QRect area(button->x(), 0, button->width(), height());
        if (area.contains(position))
            return place;
    }
    return Place::None;
}

void SourceBar::setSource(QPushButton *button, const QString &text, bool missing, const QString &tip)
{
    QFont bold = font();
    bold.setBold(true);
    button->setFont(bold);
    button->setText(QFontMetrics(bold).elidedText(text, Qt::ElideMiddle, m_nameWidth));
    button->setToolTip(tip);
    button->setAccessibleName(button->objectName() + ": " + text);
    QPalette colors = palette();
    if (missing)
        colors.setColor(QPalette::ButtonText, chartColors(palette()).plan);
    button->setPalette(colors);
}

void SourceBar::showSources()
{
    const Session &session = m_document->session();
    QStringList facts;
    if (m_document->hasModel()) {
        for (const Fact &fact : modelFacts(session.summary))
            facts += fact.name + ": " + fact.value;
    }
    facts.prepend(QString::fromStdString(session.model.path));
    // Three sources share what the controls leave.
    m_nameWidth = std::clamp((width() - controlsWidth) / 3 - 24, shortestName, longestName);
    setSource(m_model, QString::fromStdString(session.summary.spec.name), false, facts.join('\n'));
    const auto images = [this](QPushButton *button, const std::string &path, const std::optional<DataSummary> &summary,
                               const QString &use) {
        if (path.empty()) {
            setSource(button, tr("Choose…"), true, use);
            return;
        }
        const QString whole = QString::fromStdString(path);
        QString text = QFileInfo(whole).fileName();
        if (summary)
            text += QString(" ") + QChar(0xb7) + ' ' + QLocale().toString(static_cast<qlonglong>(summary->images));
        setSource(button, text, false, whole + '\n' + use);
    };
    images(m_calibration, session.calibration, m_document->calibrationSummary(),
           tr("What the model's activations and sensitivity are measured on"));
    images(m_data, session.data, m_document->dataSummary(),
           tr("What accuracy is measured on; images that calibration has not seen"));
    const QSignalBlocker schedule(m_schedule);
    const QSignalBlocker batch(m_batch);
    m_schedule->setCurrentIndex(m_schedule->findData(static_cast<int>(session.schedule)));
    m_batch->setValue(session.batch);
}

void SourceBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    showSources();
}

void SourceBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        showSources();
}

} // namespace edgeflex
