#include "app/studio/setuppage.h"

#include "app/studio/document.h"
#include "app/studio/firstpictures.h"
#include "app/studio/modelfacts.h"
#include "app/studio/section.h"
#include "app/studio/sourceform.h"
#include "app/studio/trialtext.h"
#include "app/studio/workflow.h"
#include "widgets/picturestrip.h"
#include "widgets/quantitytext.h"
#include "widgets/trialchart.h"

#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSplitter>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int factsWidth = 340; // pixels

} // namespace

SetupPage::SetupPage(Document *document, Workflow *workflow, QWidget *parent)
    : QWidget(parent), m_document(document), m_workflow(workflow), m_first(new FirstPictures(document, workflow, this))
{
    auto *left = new QWidget(this);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(sectionGap);
    column->addWidget(makeFacts(), 1);
    column->addWidget(makeForm());
    auto *splitter = new QSplitter(Qt::Horizontal, this);
    splitter->setChildrenCollapsible(false);
    splitter->setHandleWidth(sectionGap);
    splitter->addWidget(left);
    splitter->addWidget(makeImages());
    splitter->setStretchFactor(1, 1);
    splitter->setSizes({factsWidth, 900});
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(splitter);
    connect(document, &Document::modelChanged, this, &SetupPage::showModel);
    connect(document, &Document::sourcesChanged, this, &SetupPage::showLint);
    connect(workflow, &Workflow::changed, this, &SetupPage::showLint);
    connect(document, &Document::sourcesChanged, this, &SetupPage::showPictures);
    connect(m_first, &FirstPictures::changed, this, &SetupPage::showPictures);
    showModel();
}

QWidget *SetupPage::makeFacts()
{
    auto *scroll = new QScrollArea(this);
    auto *inside = new QWidget(scroll);
    m_facts = new QFormLayout(inside);
    m_facts->setContentsMargins(10, 8, 10, 8);
    m_facts->setHorizontalSpacing(16);
    m_facts->setVerticalSpacing(4);
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("What was recognised"));
    inside->setAutoFillBackground(true);
    inside->setBackgroundRole(QPalette::Base);
    return section(this, {heading(tr("What was recognised"), nullptr, this)}, scroll);
}

QWidget *SetupPage::makeForm()
{
    auto *part = new QWidget(this);
    m_form = new SourceForm(part);
    m_formError = new QLabel(part);
    m_formError->setWordWrap(true);
    m_formError->setTextFormat(Qt::PlainText);
    m_apply = new QPushButton(tr("Open Again Like This"), part);
    m_apply->setToolTip(tr("Read the model with what is given here; what was measured of it is forgotten"));
    connect(m_form, &SourceForm::edited, this, &SetupPage::showForm);
    connect(m_apply, &QPushButton::clicked, this, [this] { Q_EMIT sourceWanted(m_form->source()); });
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(10, 8, 10, 8);
    layout->addWidget(m_form);
    layout->addWidget(m_formError);
    layout->addWidget(m_apply, 0, Qt::AlignRight);
    return section(this, {heading(tr("What the files do not say, or say wrongly"), nullptr, this)}, part);
}

QWidget *SetupPage::makeImages()
{
    auto *part = new QWidget(this);
    m_strip = new PictureStrip(tr("Images as the model sees them"), part);
    m_trials = new TrialChart(tr("Ways of preparing images"), part);
    m_verdict = new QLabel(part);
    m_verdict->setWordWrap(true);
    m_verdict->setTextFormat(Qt::PlainText);
    m_check = new QPushButton(tr("Check"), part);
    connect(m_check, &QPushButton::clicked, m_workflow, &Workflow::lintPreprocessing);
    m_use = new QPushButton(tr("Use the Better One"), part);
    m_use->setToolTip(tr("Read the model with that way of preparing images; what was measured of it is forgotten"));
    connect(m_use, &QPushButton::clicked, this, &SetupPage::useBetter);
    auto *trials = new QWidget(part);
    auto *inside = new QVBoxLayout(trials);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->setSpacing(0);
    auto *line = new QHBoxLayout;
    line->setContentsMargins(10, 6, 6, 6);
    line->addWidget(m_verdict, 1);
    line->addWidget(m_use);
    inside->addLayout(line);
    inside->addWidget(m_trials, 1);
    trials->setAutoFillBackground(true);
    trials->setBackgroundRole(QPalette::Base);
    auto *layout = new QVBoxLayout(part);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(sectionGap);
    layout->addWidget(section(part, {heading(tr("Images as the model sees them"), nullptr, part)}, m_strip));
    layout->addWidget(
        section(part, {heading(tr("Does another way of preparing them suit it better?"), nullptr, part), m_check},
                trials),
        1);
    return part;
}

void SetupPage::showModel()
{
    while (m_facts->rowCount() > 0)
        m_facts->removeRow(0);
    if (m_document->hasModel()) {
        for (const Fact &fact : modelFacts(m_document->session().summary)) {
            auto *value = new QLabel(fact.value);
            value->setWordWrap(true);
            value->setTextFormat(Qt::PlainText); // names come out of files
            value->setTextInteractionFlags(Qt::TextSelectableByMouse);
            auto *name = new QLabel(fact.name);
            name->setEnabled(false);
            m_facts->addRow(name, value);
        }
        m_form->setStated(m_document->spec().preprocessing, m_document->spec().heads);
    }
    m_form->setSource(m_document->session().model);
    showForm();
    showLint();
    showPictures();
}

void SetupPage::showForm()
{
    const QString error = m_form->error();
    m_formError->setText(error);
    m_formError->setVisible(!error.isEmpty());
    m_apply->setEnabled(m_document->hasModel() && error.isEmpty() && m_form->source() != m_document->session().model);
}

void SetupPage::showLint()
{
    const bool images = !m_document->session().calibration.empty();
    m_check->setEnabled(m_document->hasModel() && images && !m_workflow->isLinting());
    m_check->setToolTip(images
                            ? tr("Judge usual ways of preparing images on at most 200 of the search images, or of one "
                                 "calibration image in five")
                            : tr("Choose calibration images first"));
    const std::optional<PreprocessingLintResult> &lint = m_workflow->lint();
    const std::optional<std::size_t> better = lint ? lint->better() : std::nullopt;
    m_use->setVisible(better.has_value());
    m_check->setText(m_workflow->isLinting() ? tr("Checking…") : tr("Check"));
    QFont font = this->font();
    font.setBold(better.has_value());
    m_verdict->setFont(font);
    if (!lint || lint->trials.empty()) {
        m_trials->setRows({});
        m_trials->setHint({});
        m_verdict->setText(m_document->hasModel() && !m_document->spec().preprocessing.stated
                               ? tr("The files do not say how images are normalised: no accuracy can be measured until "
                                    "it is given at the left.")
                           : !images ? tr("Choose calibration images first.")
                           : m_workflow->isLinting()
                               ? tr("Usual ways of preparing images are judged…")
                               : tr("Press Check: usual ways of preparing images are judged on at "
                                    "most 200 of the search images, or of one calibration image "
                                    "in five."));
        return;
    }
    std::vector<TrialChart::Row> rows;
    for (std::size_t i = 0; i < lint->trials.size(); ++i) {
        const PreprocessingTrial &trial = lint->trials[i];
        rows.push_back({trialText(trial, m_document->spec().channels), shareText(trial.top1.rate), -trial.drop.points,
                        -trial.drop.high, -trial.drop.low, better == i});
    }
    m_trials->setRows(std::move(rows));
    m_verdict->setText(lintText(*lint, m_document->spec().channels));
}

void SetupPage::showPictures()
{
    if (isVisible())
        m_first->want();
    m_strip->setPictures(m_first->pictures(), m_first->captions());
    m_strip->setHint(m_document->session().calibration.empty() ? tr("Choose calibration images first.")
                     : m_first->areComing()                    ? tr("The first images are being prepared…")
                                                               : tr("The images cannot be shown."));
}

void SetupPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    showPictures();
}

void SetupPage::useBetter()
{
    const std::optional<PreprocessingLintResult> &lint = m_workflow->lint();
    if (!lint || !lint->better())
        return;
    const Preprocessing &way = lint->trials[*lint->better()].preprocessing;
    ModelSource source = m_document->session().model;
    source.mean = std::vector<double>(way.mean.begin(), way.mean.end());
    source.std = std::vector<double>(way.std.begin(), way.std.end());
    source.resize = way.resizeShorter;
    source.interpolation = way.interpolation;
    Q_EMIT sourceWanted(source);
}

} // namespace edgeflex
