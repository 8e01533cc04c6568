#include "app/studio/windowmenus.h"

#include "app/studio/blockactions.h"
#include "app/studio/document.h"
#include "app/studio/sessionstore.h"
#include "app/studio/shortcutsdialog.h"
#include "app/studio/tunepage.h"
#include "app/studio/variantspage.h"
#include "app/studio/viewstate.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "widgets/layertreeview.h"
#include "widgets/quantitytext.h"
#include "widgets/sensitivitygrid.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

#include <algorithm>
#include <tuple>

namespace edgeflex {

WindowMenus::WindowMenus(Document *document, Workflow *workflow, WorkPage *page, QMainWindow *window)
    : QObject(window), m_document(document), m_workflow(workflow), m_page(page), m_window(window)
{
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makePlanMenu();
    makeReportMenu();
    makeHelpMenu();
    for (QAction *top : m_window->menuBar()->actions())
        top->menu()->setToolTipsVisible(true);
    connect(workflow, &Workflow::changed, this, &WindowMenus::update);
    for (const auto signal : {&Document::modelChanged, &Document::planChanged, &Document::budgetsChanged})
        connect(document, signal, this, &WindowMenus::update);
    connect(page, &WorkPage::selectionChanged, this, &WindowMenus::update);
    update();
}

QAction *WindowMenus::add(QMenu *menu, const QString &text, const QString &tip, const QKeySequence &key,
                          std::function<void()> act)
{
    QAction *action = menu->addAction(text, this, std::move(act));
    action->setToolTip(tip);
    action->setStatusTip(tip);
    if (!key.isEmpty())
        action->setShortcut(key);
    return action;
}

void WindowMenus::makeFileMenu()
{
    QMenu *file = m_window->menuBar()->addMenu(tr("&File"));
    add(file, tr("&Open Model Folder…"), tr("A folder with a model and its configuration"), QKeySequence::Open,
        [this] { Q_EMIT modelFolderWanted(); });
    add(file, tr("Open Model &File…"), tr("A .safetensors, .pth, .pt or .bin file"), QKeySequence("Ctrl+Shift+O"),
        [this] { Q_EMIT modelFileWanted(); });
    add(file, tr("&Calibration Images…"), tr("What the model's activations and sensitivity are measured on"), {},
        [this] { Q_EMIT calibrationWanted(); });
    add(file, tr("&Judging Images…"), tr("What accuracy is measured on; images that calibration has not seen"), {},
        [this] { Q_EMIT dataWanted(); });
    file->addSeparator();
    add(file, tr("Open S&ession…"), tr("A folder that was saved here or written by “edgeflex session”"), {},
        [this] { Q_EMIT sessionWanted(); });
    m_recent = file->addMenu(tr("&Recent Sessions"));
    m_recent->menuAction()->setToolTip(tr("Sessions that were opened or saved last"));
    connect(m_recent, &QMenu::aboutToShow, this, &WindowMenus::fillRecent);
    add(file, tr("Try the &Demo"), tr("A small Vision Transformer that comes with the program"), {},
        [this] { Q_EMIT demoWanted(); });
    m_save = add(file, tr("&Save Session"), tr("Everything but the weights, as a folder"), QKeySequence::Save,
                 [this] { Q_EMIT saveWanted(); });
    m_saveAs = add(file, tr("Save Session &As…"), tr("Save the session as another folder"),
                   QKeySequence("Ctrl+Shift+S"), [this] { Q_EMIT saveAsWanted(); });
    file->addSeparator();
    m_export = add(file, tr("E&xport Plan…"), tr("Compress to final quality and write ONNX or safetensors"),
                   QKeySequence("Ctrl+E"), [this] { Q_EMIT exportWanted(); });
    file->addSeparator();
    add(file, tr("&Quit"), tr("Close the window"), QKeySequence::Quit, [this] { m_window->close(); });
}

void WindowMenus::makeEditMenu()
{
    QMenu *edit = m_window->menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_document->undoStack()->createUndoAction(m_window, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setToolTip(tr("Take the last edit back"));
    QAction *redo = m_document->undoStack()->createRedoAction(m_window, tr("&Redo"));
    redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
    redo->setToolTip(tr("Do again what was taken back"));
    edit->addActions({undo, redo});
    edit->addSeparator();
    m_find = add(edit, tr("&Find Layers"), tr("Show only the layers with a text in their name or format"),
                 QKeySequence::Find, [this] {
                     m_page->showPage(WorkPage::Tune);
                     m_page->tune()->findLayer();
                 });
    m_similar = add(edit, tr("&Apply to Similar Layers"),
                    tr("Give what the selected layers have to the same layers of every block"), QKeySequence("Ctrl+D"),
                    [this] { m_document->applyToSimilar(m_page->view()->layers()); });
    m_reset = add(edit, tr("Re&set Selected Layers"), tr("Make the selected layers whole and FP32 again"),
                  QKeySequence("Ctrl+Backspace"), [this] { m_document->resetLayers(m_page->view()->layers()); });
    edit->addSeparator();
    add(edit, tr("S&ettings…"), tr("Colours, and how long is measured without being asked"), QKeySequence("Ctrl+,"),
        [this] { Q_EMIT settingsWanted(); });
}

void WindowMenus::makeViewMenu()
{
    QMenu *view = m_window->menuBar()->addMenu(tr("&View"));
    for (int i = 0; i < WorkPage::PageCount; ++i) {
        const auto page = static_cast<WorkPage::Page>(i);
        QAction *action = add(view, WorkPage::pageName(page), WorkPage::pageTip(page),
                              QKeySequence(QString("Alt+%1").arg(i + 1)), [this, page] { m_page->showPage(page); });
        action->setCheckable(true);
        m_pageActions += action;
    }
    connect(m_page, &WorkPage::pageShown, this, &WindowMenus::update);
    view->addSeparator();
    m_showGrid = add(view, tr("Sensitivity as a &Grid"),
                     tr("Every choice there is, by how much it changes the answers"), QKeySequence("Ctrl+G"), [this] {
                         m_page->showPage(WorkPage::Tune);
                         m_page->tune()->showGrid(m_showGrid->isChecked());
                     });
    m_showGrid->setCheckable(true);
    m_showWork =
        add(view, tr("&Work and Log"), tr("The jobs of the engine, and what happened"), QKeySequence("Ctrl+J"), [] {});
    m_showWork->setCheckable(true);
    connect(m_showWork, &QAction::toggled, this, &WindowMenus::workShown);
    view->addSeparator();
    QAction *full = add(view, tr("&Full Screen"), tr("Use the whole screen"), QKeySequence(Qt::Key_F11), [] {});
    full->setCheckable(true);
    connect(full, &QAction::toggled, this, [this](bool on) {
        m_window->setWindowState(on ? m_window->windowState() | Qt::WindowFullScreen
                                    : m_window->windowState() & ~Qt::WindowFullScreen);
    });
}

void WindowMenus::makePlanMenu()
{
    QMenu *plan = m_window->menuBar()->addMenu(tr("&Plan"));
    QMenu *formats = plan->addMenu(tr("&Format of the Selected Layers"));
    formats->menuAction()->setToolTip(tr("How the selected layers are stored and multiplied"));
    formats->setToolTipsVisible(true);
    for (const NumberFormat format : allNumberFormats()) {
        m_formats +=
            add(formats, formatText(format), tr("Store and multiply the selected layers in %1").arg(formatText(format)),
                QKeySequence(QString("Ctrl+%1").arg(1 + static_cast<int>(format))),
                [this, format] { m_document->setFormat(m_page->view()->layers(), format); });
    }
    m_blocks = new BlockActions(m_document, m_page->view(), plan);
    m_pin = add(plan, tr("&Pin Selected Layers"), tr("Solving leaves the selected layers as they are"),
                QKeySequence("Ctrl+P"), [this] {
                    const QStringList &layers = m_page->view()->layers();
                    m_document->setPinned(layers, !std::ranges::all_of(layers, [this](const QString &layer) {
                                              return m_document->isPinned(layer);
                                          }));
                });
    m_measure = add(plan, tr("&Measure"), tr("Carry the plan out and judge it on the images"), QKeySequence("Ctrl+M"),
                    [this] { m_workflow->measurePlan(); });
    m_solve = add(plan, tr("&Solve for the Budgets"), tr("Find the plan that loses least within the budgets"),
                  QKeySequence("Ctrl+Return"), [this] { m_workflow->solve(); });
    m_recipe =
        add(plan, tr("Run the &EdgeFlex Recipe"), tr("Prune, store in FP16, quantize with AWQ, and measure each step"),
            QKeySequence("Ctrl+R"), [this] { m_workflow->runRecipe(); });
    plan->addSeparator();
    m_usePlan = add(plan, tr("&Use the Selected Variant's Plan"), tr("Edit the plan of the selected variant"),
                    QKeySequence("Ctrl+L"), [this] { m_page->loadSelectedVariant(); });
    m_star = add(plan, tr("S&tar the Selected Variant"), tr("Star the selected state, or take the star away"),
                 QKeySequence("Ctrl+B"), [this] {
                     const Variant *variant = m_document->variant(m_page->view()->variant());
                     if (variant)
                         m_document->setVariantStarred(variant->id, !variant->starred);
                 });
    m_rename = add(plan, tr("Re&name the Selected Variant"), tr("Give the selected state another name"),
                   QKeySequence("Shift+F2"), [this] {
                       m_page->showPage(WorkPage::Variants);
                       m_page->variants()->renameSelected();
                   });
    m_original = add(plan, tr("&Keep Everything"), tr("The whole model in FP32"), {},
                     [this] { m_document->setPlan(identityPlan(m_document->spec()), tr("Keep everything")); });
    m_lint = add(plan, tr("C&heck How Images Are Prepared"),
                 tr("Judge usual ways of preparing images on at most 200 of the search images, or of one "
                    "calibration image in five"),
                 {}, [this] {
                     m_page->showPage(WorkPage::Setup);
                     m_workflow->lintPreprocessing();
                 });
    plan->addSeparator();
    m_cancel = add(plan, tr("&Cancel What Runs"), tr("Stop the job that runs"), QKeySequence(Qt::Key_Escape),
                   [this] { m_workflow->cancelRunning(); });
    add(plan, tr("&Try Again What Failed"), tr("Ask again for what was stopped or failed"), QKeySequence(Qt::Key_F5),
        [this] { Q_EMIT retryWanted(); });
    makeLayersMenu(formats->menuAction());
}

// What the menus have for selected layers, where these are selected.
void WindowMenus::makeLayersMenu(QAction *formats)
{
    auto *menu = new QMenu(m_page);
    menu->setToolTipsVisible(true);
    menu->addAction(formats);
    menu->addActions(m_blocks->actions());
    menu->addSeparator();
    menu->addActions({m_pin, m_similar, m_reset});
    for (QAbstractItemView *view : {static_cast<QAbstractItemView *>(m_page->tune()->layers()),
                                    static_cast<QAbstractItemView *>(m_page->tune()->grid())}) {
        view->setContextMenuPolicy(Qt::CustomContextMenu);
        connect(view, &QWidget::customContextMenuRequested, this,
                [view, menu](const QPoint &at) { menu->popup(view->viewport()->mapToGlobal(at)); });
    }
}

void WindowMenus::makeReportMenu()
{
    m_reports = m_window->menuBar()->addMenu(tr("&Report"));
    const std::tuple<ReportFormat, QString, QString> kinds[] = {
        {ReportFormat::Pdf, tr("&PDF…"), tr("A document to print or to send")},
        {ReportFormat::Html, tr("&HTML…"), tr("One page for a browser")},
        {ReportFormat::Markdown, tr("&Markdown…"), tr("Text for a repository")},
        {ReportFormat::Csv, tr("&CSV…"), tr("The tables, for a spreadsheet")},
        {ReportFormat::Json, tr("&JSON…"), tr("Everything, for a program")}};
    for (const auto &[format, text, tip] : kinds)
        add(m_reports, text, tip, {}, [this, kind = format] { Q_EMIT reportWanted(kind); });
}

void WindowMenus::makeHelpMenu()
{
    QMenu *help = m_window->menuBar()->addMenu(tr("&Help"));
    add(help, tr("&Keyboard Shortcuts"), tr("Every key there is"), QKeySequence(Qt::Key_F1),
        [this] { ShortcutsDialog(m_window->menuBar(), m_window).exec(); });
    add(help, tr("&About EdgeFlex Studio"), tr("Versions and licence"), {}, [this] { Q_EMIT aboutWanted(); });
    add(help, tr("About &Qt"), tr("The toolkit of this window"), {}, [] { QApplication::aboutQt(); });
}

void WindowMenus::fillRecent()
{
    m_recent->clear();
    const QStringList sessions = recentSessions();
    for (const QString &folder : sessions) {
        m_recent->addAction(QDir::toNativeSeparators(folder), this, [this, folder] { Q_EMIT recentWanted(folder); });
    }
    if (sessions.isEmpty())
        m_recent->addAction(tr("None yet"))->setEnabled(false);
}

void WindowMenus::update()
{
    const bool model = m_document->hasModel();
    const bool ready = m_workflow->isReady();
    m_save->setEnabled(model);
    m_saveAs->setEnabled(model);
    m_export->setEnabled(model && !m_workflow->isOpening() &&
                         (m_document->isOriginal() || !m_document->session().calibration.empty()));
    m_measure->setEnabled(ready && !m_document->measured() && !m_workflow->isMeasuringPlan());
    m_solve->setEnabled(ready && !m_workflow->isSolving() && m_document->session().budgets.any());
    m_recipe->setEnabled(ready && !m_workflow->isRecipeRunning());
    for (QAction *action : {m_usePlan, m_star, m_rename})
        action->setEnabled(m_page->hasSelectedVariant());
    m_lint->setEnabled(model && !m_document->session().calibration.empty() && !m_workflow->isLinting());
    m_original->setEnabled(model && !m_document->isOriginal());
    m_cancel->setEnabled(m_workflow->queue()->state().has_value());
    m_reports->setEnabled(model);
    const bool selected = model && !m_page->view()->layers().isEmpty();
    for (QAction *action : m_formats + QList<QAction *>{m_similar, m_reset, m_pin})
        action->setEnabled(selected);
    m_blocks->update();
    m_find->setEnabled(model);
    m_showGrid->setEnabled(model);
    m_showGrid->setChecked(m_page->tune()->showsGrid());
    for (qsizetype i = 0; i < m_pageActions.size(); ++i) {
        m_pageActions[i]->setEnabled(model);
        m_pageActions[i]->setChecked(m_page->page() == static_cast<WorkPage::Page>(i));
    }
}

} // namespace edgeflex
