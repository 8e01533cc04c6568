#include "app/studio/workpage.h"

#include "app/studio/document.h"
#include "app/studio/profilepage.h"
#include "app/studio/setuppage.h"
#include "app/studio/sourcebar.h"
#include "app/studio/tradeoffpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "app/studio/workflow.h"
#include "widgets/quantitytext.h"
#include "widgets/verdictline.h"

#include <QFrame>
#include <QPushButton>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace edgeflex {

WorkPage::WorkPage(Document *document, Workflow *workflow, QWidget *parent)
    : QWidget(parent),
      m_document(document),
      m_workflow(workflow),
      m_view(new ViewState(this)),
      m_sources(new SourceBar(document, workflow, this)),
      m_tabs(new QTabBar(this)),
      m_pages(new QStackedWidget(this)),
      m_setup(new SetupPage(document, workflow, this)),
      m_tune(new TunePage(document, workflow, m_view, this)),
      m_tradeoff(new TradeoffPage(document, workflow, m_view, this)),
      m_profile(new ProfilePage(document, m_view, this)),
      m_variants(new VariantsPage(document, workflow, m_view, this))
{
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setAccessibleName(tr("Pages"));
    for (QWidget *page : std::initializer_list<QWidget *>{m_setup, m_tune, m_tradeoff, m_profile, m_variants}) {
        const auto which = static_cast<Page>(m_pages->addWidget(page));
        m_tabs->addTab(pageName(which).remove('&'));
        m_tabs->setTabToolTip(which, pageTip(which));
    }
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int page) {
        m_pages->setCurrentIndex(page);
        Q_EMIT pageShown(static_cast<Page>(page));
    });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 2, 10, 4);
    layout->setSpacing(6);
    auto *top = new QHBoxLayout;
    top->setSpacing(24);
    top->addWidget(m_tabs, 0, Qt::AlignBottom);
    top->addWidget(m_sources, 1);
    layout->addLayout(top);
    layout->addWidget(makeVerdict());
    layout->addWidget(m_pages, 1);

    connect(m_document, &Document::modelChanged, this, &WorkPage::showModel);
    connect(m_document, &Document::predictionChanged, this, &WorkPage::showVerdict);
    connect(m_document, &Document::budgetsChanged, this, &WorkPage::showVerdict);
    connect(m_document, &Document::variantsChanged, this, [this] {
        if (!m_document->variant(m_view->variant()))
            m_view->setVariant(-1);
        showVerdict();
    });
    connect(m_workflow, &Workflow::changed, this, &WorkPage::showWork);
    connect(m_view, &ViewState::variantChanged, this, &WorkPage::selectionChanged);
    connect(m_view, &ViewState::layersChanged, this, &WorkPage::selectionChanged);
    showPage(Tune);
    showModel();
}

LayerTreeView *WorkPage::layers() const
{
    return m_tune->layers();
}

WorkPage::Page WorkPage::page() const
{
    return static_cast<Page>(m_pages->currentIndex());
}

void WorkPage::showPage(Page page)
{
    m_tabs->setCurrentIndex(page);
}

QString WorkPage::pageName(Page page)
{
    switch (page) {
    case Setup:
        return tr("&Setup");
    case Tradeoff:
        return tr("Trade-&off");
    case Profile:
        return tr("&Profile");
    case Variants:
        return tr("&Variants");
    default:
        return tr("&Tune");
    }
}

QString WorkPage::pageTip(Page page)
{
    switch (page) {
    case Setup:
        return tr("What was recognised of the model, and how its images are prepared");
    case Tradeoff:
        return tr("What was measured, from all sides: accuracy, memory and latency");
    case Profile:
        return tr("Where the bytes and the time go: layers, memory, channels, 16-bit formats");
    case Variants:
        return tr("The history of what was measured, and any two states side by side");
    default:
        return tr("Make a plan: sliders, formats, budgets, and the plots that move with them");
    }
}

QWidget *WorkPage::makeVerdict()
{
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::StyledPanel);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Base);
    m_verdict = new VerdictLine(line);
    m_measure = new QPushButton(tr("Measure Pla&n"), line);
    connect(m_measure, &QPushButton::clicked, m_workflow, &Workflow::measurePlan);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(10, 4, 6, 4);
    layout->addWidget(m_verdict, 1);
    layout->addWidget(m_measure);
    return line;
}

void WorkPage::showModel()
{
    m_view->setLayers({});
    m_view->setVariant(-1);
    showVerdict();
    showWork();
}

void WorkPage::showVerdict()
{
    if (!m_document->hasModel())
        return;
    const Budgets &budgets = m_document->session().budgets;
    Verdict verdict;
    if (const std::optional<Prediction> &prediction = m_document->prediction()) {
        verdict = verdictOf(*prediction, m_document->soFar(), budgets);
        verdict.original = m_document->isOriginal();
    }
    if (const Variant *measured = m_document->measured()) {
        const std::optional<double> predicted = verdict.latencyRatio;
        verdict = verdictOf(measured->measurement, budgets);
        if (!verdict.latencyRatio && !verdict.original) {
            verdict.latencyRatio = predicted;
            verdict.latencyPredicted = predicted.has_value();
        }
    }
    m_verdict->setVerdict(verdict);
}

void WorkPage::showWork()
{
    const bool ready = m_workflow->isReady();
    const bool measured = m_document->hasModel() && m_document->measured();
    m_measure->setEnabled(ready && !measured && !m_workflow->isMeasuringPlan() && !m_workflow->isRecipeRunning());
    m_measure->setText(m_workflow->waitsForButton()
                           ? tr("Measure Pla&n (%1)").arg(durationText(m_workflow->draftSeconds().value_or(0)))
                           : tr("Measure Pla&n"));
    m_measure->setToolTip(!ready     ? m_workflow->whyNotReady()
                          : measured ? tr("This plan is measured already")
                                     : tr("Carry the plan out and judge it on the images"));
}

bool WorkPage::hasSelectedVariant() const
{
    return m_document->variant(m_view->variant()) != nullptr;
}

void WorkPage::loadSelectedVariant()
{
    m_document->usePlanOf(m_view->variant());
}

} // namespace edgeflex
