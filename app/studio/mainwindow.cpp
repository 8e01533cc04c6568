#include "app/studio/mainwindow.h"

#include "app/studio/autosave.h"
#include "app/studio/demofiles.h"
#include "app/studio/document.h"
#include "app/studio/exportdialog.h"
#include "app/studio/jobline.h"
#include "app/studio/sessionstore.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/setuppage.h"
#include "app/studio/shortcutsdialog.h"
#include "app/studio/sourcebar.h"
#include "app/studio/sourceform.h"
#include "app/studio/startpage.h"
#include "app/studio/tunepage.h"
#include "app/studio/viewstate.h"
#include "app/studio/windowcolors.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "app/studio/workpanel.h"
#include "plan/error.h"
#include "widgets/errorbanner.h"
#include "widgets/layertreeview.h"
#include "widgets/quantitytext.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDialogButtonBox>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <tuple>

namespace edgeflex {
namespace {

QString localFile(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.first().isLocalFile() ? urls.first().toLocalFile() : QString();
}

} // namespace

MainWindow::MainWindow(const QString &engineProgram, QWidget *parent)
    : QMainWindow(parent),
      m_engine(new EngineClient(engineProgram, {"engine"}, this)),
      m_document(new Document(this)),
      m_workflow(new Workflow(m_document, m_engine, this)),
      m_banner(new ErrorBanner(this)),
      m_pages(new QStackedWidget(this)),
      m_start(new StartPage(this)),
      m_page(new WorkPage(m_document, m_workflow, this)),
      m_jobs(new JobLine(m_workflow->queue(), this)),
      m_engineState(new QToolButton(this)),
      m_autosave(new Autosave(m_document, Autosave::defaultRoot(), this)),
      m_work(new WorkPanel(m_workflow, this))
{
    setAcceptDrops(true);
    resize(1280, 800);
    makeDock();
    makeMenus();

    m_pages->addWidget(m_start);
    m_pages->addWidget(m_page);
    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);
    setCentralWidget(central);
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(6, 0, 10, 0);
    statusBar()->addWidget(m_jobs, 1);
    statusBar()->addPermanentWidget(m_engineState);
    m_engineState->setAutoRaise(true);
    m_engineState->setFocusPolicy(Qt::TabFocus);
    m_engineState->setToolTip(tr("Show or hide the jobs and the log"));
    connect(m_engineState, &QToolButton::clicked, m_showWork, &QAction::toggle);

    m_workflow->setMayReplace([this] { return mayDiscard(); });
    connectWork();
    showTitle();
    showPage();
    showActions();
    showEngineState();
    showLeft();
    m_start->showRecent(recentSessions());
    m_start->setDemo(findDemo(QApplication::applicationDirPath()).any()
                         ? QString()
                         : tr("The demo's model is not beside the program"));
    m_workflow->setPatience(readSettings().patienceSeconds);
    m_engine->start();
}

MainWindow::~MainWindow()
{
    // Its news would reach views that are half gone.
    m_engine->disconnect();
    m_workflow->disconnect();
    m_document->disconnect();
}

void MainWindow::connectWork()
{
    connect(m_engine, &EngineClient::stateChanged, this, &MainWindow::showEngineState);
    connect(m_engine, &EngineClient::crashed, this, &MainWindow::showFailure);
    connect(m_engine, &EngineClient::crashed, m_work, &WorkPanel::log);
    connect(m_engine, &EngineClient::note, m_work, [this](qint64, const QString &text) { m_work->log(text); });
    connect(m_workflow->queue(), &JobQueue::interrupted, this, [this](const QString &title) {
        m_banner->show(
            tr("The engine ended and was started again. Nothing is lost: “%1” is done once more.").arg(title));
    });
    connect(m_workflow, &Workflow::failed, this, &MainWindow::showFailure);
    connect(m_workflow, &Workflow::told, this, [this](const QString &sentence) { m_jobs->setResting(sentence); });
    connect(m_workflow, &Workflow::opened, this, &MainWindow::opened);
    connect(m_workflow, &Workflow::settled, this, &MainWindow::settled);
    connect(m_workflow, &Workflow::changed, this, &MainWindow::showActions);
    connect(m_workflow, &Workflow::changed, this, &MainWindow::showPage);
    connect(m_workflow, &Workflow::modelMissing, this, [this](const QString &sentence) {
        m_banner->showWithAction(sentence, tr("Locate the Model…"), [this] { locateModel(); });
    });
    connect(m_workflow, &Workflow::weightsChanged, this, [this](const QString &sentence) {
        m_banner->showWithAction(sentence, tr("Locate the Model…"), [this] { locateModel(); });
    });
    connect(m_workflow, &Workflow::notOpened, this, [this](const ModelSource &source, const QString &sentence) {
        if (m_engine->state() == EngineClient::State::Failed)
            showFailure(sentence);
        else
            m_banner->showWithAction(sentence, tr("Say More About the Model…"), [this, source] { askSource(source); });
    });
    connect(m_page->setup(), &SetupPage::sourceWanted, this, &MainWindow::openAgain);
    connect(m_workflow, &Workflow::imagesRoleWanted, this, &MainWindow::askImagesRole);
    connect(m_document, &Document::modelChanged, this, [this] {
        m_jobs->setResting({});
        m_page->layers()->setFocus();
        showPage();
        showTitle();
        showActions();
    });
    connect(m_document, &Document::modifiedChanged, this, &MainWindow::showTitle);
    connect(m_document, &Document::planChanged, this, &MainWindow::showActions);
    connect(m_start, &StartPage::folderWanted, this, &MainWindow::chooseModelFolder);
    connect(m_start, &StartPage::fileWanted, this, &MainWindow::chooseModelFile);
    connect(m_start, &StartPage::sessionWanted, this, &MainWindow::chooseSession);
    connect(m_start, &StartPage::demoWanted, this, &MainWindow::openDemo);
    connect(m_start, &StartPage::recentWanted, this, &MainWindow::openSession);
    connect(m_start, &StartPage::leftWanted, this, [this](const Autosave::Left &left) {
        openSession(left.folder);
        if (!m_document->hasModel())
            return;
        m_document->recovered(left.origin);
        m_autosave->takeOver(left.folder);
    });
    connect(m_start, &StartPage::leftDiscarded, this, [this](const Autosave::Left &left) {
        Autosave::discard(left.folder);
        showLeft();
    });
    connect(m_page->sources(), &SourceBar::modelWanted, this, &MainWindow::chooseModelFolder);
    connect(m_page->sources(), &SourceBar::calibrationWanted, this, &MainWindow::chooseCalibration);
    connect(m_page->sources(), &SourceBar::dataWanted, this, &MainWindow::chooseData);
    connect(m_page, &WorkPage::selectionChanged, this, &MainWindow::showActions);
}

QAction *MainWindow::add(QMenu *menu, const QString &text, const QString &tip, const QKeySequence &key,
                         std::function<void()> act)
{
    QAction *action = menu->addAction(text, this, std::move(act));
    action->setToolTip(tip);
    action->setStatusTip(tip);
    if (!key.isEmpty())
        action->setShortcut(key);
    return action;
}

void MainWindow::makeDock()
{
    m_dock = new QDockWidget(tr("Work"), this);
    m_dock->setObjectName("work");
    m_dock->setTitleBarWidget(new QWidget(m_dock)); // the panel has headings of its own
    m_dock->setFeatures(QDockWidget::DockWidgetClosable);
    m_dock->setWidget(m_work);
    addDockWidget(Qt::BottomDockWidgetArea, m_dock);
    m_dock->hide();
}

void MainWindow::makeMenus()
{
    makeFileMenu();
    makeEditMenu();
    makeViewMenu();
    makePlanMenu();
    makeReportMenu();
    makeHelpMenu();
    for (QAction *top : menuBar()->actions())
        top->menu()->setToolTipsVisible(true);
}

void MainWindow::makeFileMenu()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    add(file, tr("&Open Model Folder…"), tr("A folder with a model and its configuration"), QKeySequence::Open,
        [this] { chooseModelFolder(); });
    add(file, tr("Open Model &File…"), tr("A .safetensors, .pth, .pt or .bin file"), QKeySequence("Ctrl+Shift+O"),
        [this] { chooseModelFile(); });
    add(file, tr("&Calibration Images…"), tr("What the model's activations and sensitivity are measured on"), {},
        [this] { chooseCalibration(); });
    add(file, tr("&Judging Images…"), tr("What accuracy is measured on; images that calibration has not seen"), {},
        [this] { chooseData(); });
    file->addSeparator();
    add(file, tr("Open S&ession…"), tr("A folder that was saved here or written by “edgeflex session”"), {},
        [this] { chooseSession(); });
    m_recent = file->addMenu(tr("&Recent Sessions"));
    m_recent->menuAction()->setToolTip(tr("Sessions that were opened or saved last"));
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    add(file, tr("Try the &Demo"), tr("A small Vision Transformer that comes with the program"), {}, [this] {
        if (mayDiscard())
            openDemo();
    });
    m_save = add(file, tr("&Save Session"), tr("Everything but the weights, as a folder"), QKeySequence::Save,
                 [this] { save(); });
    m_saveAs = add(file, tr("Save Session &As…"), tr("Save the session as another folder"),
                   QKeySequence("Ctrl+Shift+S"), [this] { saveAs(); });
    file->addSeparator();
    m_export = add(file, tr("E&xport Plan…"), tr("Compress to final quality and write ONNX or safetensors"),
                   QKeySequence("Ctrl+E"), [this] { exportModel(); });
    file->addSeparator();
    add(file, tr("&Quit"), tr("Close the window"), QKeySequence::Quit, [this] { close(); });
}

void MainWindow::makeEditMenu()
{
    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_document->undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    undo->setToolTip(tr("Take the last edit back"));
    QAction *redo = m_document->undoStack()->createRedoAction(this, tr("&Redo"));
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
        [this] { editSettings(); });
}

void MainWindow::makeViewMenu()
{
    QMenu *view = menuBar()->addMenu(tr("&View"));
    for (int i = 0; i < WorkPage::PageCount; ++i) {
        const auto page = static_cast<WorkPage::Page>(i);
        QAction *action = add(view, WorkPage::pageName(page), WorkPage::pageTip(page),
                              QKeySequence(QString("Alt+%1").arg(i + 1)), [this, page] { m_page->showPage(page); });
        action->setCheckable(true);
        m_pageActions += action;
    }
    connect(m_page, &WorkPage::pageShown, this, &MainWindow::showActions);
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
    connect(m_showWork, &QAction::toggled, m_dock, &QDockWidget::setVisible);
    view->addSeparator();
    QAction *full = add(view, tr("&Full Screen"), tr("Use the whole screen"), QKeySequence(Qt::Key_F11), [] {});
    full->setCheckable(true);
    connect(full, &QAction::toggled, this, [this](bool on) {
        setWindowState(on ? windowState() | Qt::WindowFullScreen : windowState() & ~Qt::WindowFullScreen);
    });
}

void MainWindow::makePlanMenu()
{
    QMenu *plan = menuBar()->addMenu(tr("&Plan"));
    QMenu *formats = plan->addMenu(tr("&Format of the Selected Layers"));
    formats->menuAction()->setToolTip(tr("How the selected layers are stored and multiplied"));
    formats->setToolTipsVisible(true);
    for (const NumberFormat format : allNumberFormats()) {
        m_formats +=
            add(formats, formatText(format), tr("Store and multiply the selected layers in %1").arg(formatText(format)),
                QKeySequence(QString("Ctrl+%1").arg(1 + static_cast<int>(format))),
                [this, format] { m_document->setFormat(m_page->view()->layers(), format); });
    }
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
    m_original = add(plan, tr("&Keep Everything"), tr("The whole model in FP32"), {},
                     [this] { m_document->setPlan(identityPlan(m_document->spec()), tr("Keep everything")); });
    plan->addSeparator();
    m_cancel = add(plan, tr("&Cancel What Runs"), tr("Stop the job that runs"), QKeySequence(Qt::Key_Escape),
                   [this] { m_workflow->cancelRunning(); });
    add(plan, tr("&Try Again What Failed"), tr("Ask again for what was stopped or failed"), QKeySequence(Qt::Key_F5),
        [this] {
            m_banner->hide();
            m_workflow->retry();
        });
    connect(m_jobs, &JobLine::cancelAsked, m_workflow, &Workflow::cancelRunning);
}

void MainWindow::makeReportMenu()
{
    m_reports = menuBar()->addMenu(tr("&Report"));
    const std::tuple<ReportFormat, QString, QString> kinds[] = {
        {ReportFormat::Pdf, tr("&PDF…"), tr("A document to print or to send")},
        {ReportFormat::Html, tr("&HTML…"), tr("One page for a browser")},
        {ReportFormat::Markdown, tr("&Markdown…"), tr("Text for a repository")},
        {ReportFormat::Csv, tr("&CSV…"), tr("The tables, for a spreadsheet")},
        {ReportFormat::Json, tr("&JSON…"), tr("Everything, for a program")}};
    for (const auto &[format, text, tip] : kinds)
        add(m_reports, text, tip, {}, [this, kind = format] { writeReport(kind); });
}

void MainWindow::makeHelpMenu()
{
    QMenu *help = menuBar()->addMenu(tr("&Help"));
    add(help, tr("&Keyboard Shortcuts"), tr("Every key there is"), QKeySequence(Qt::Key_F1),
        [this] { ShortcutsDialog(menuBar(), this).exec(); });
    add(help, tr("&About EdgeFlex Studio"), tr("Versions and licence"), {}, [this] { showAbout(); });
    add(help, tr("About &Qt"), tr("The toolkit of this window"), {}, [] { QApplication::aboutQt(); });
}

void MainWindow::showAbout()
{
    QStringList versions{tr("EdgeFlex Studio %1").arg(EDGEFLEX_VERSION), tr("Qt %1").arg(qVersion()),
                         tr("Protocol %1").arg(protocolVersion)};
    if (m_engine->state() == EngineClient::State::Ready) {
        const InitializeResult &engine = m_engine->engine();
        versions +=
            tr("Engine: %1, %2, threads: %3")
                .arg(QString::fromStdString(engine.engine), QString::fromStdString(engine.target.instructionSet))
                .arg(engine.target.threads);
    }
    if (const Variant *measured = m_document->baseline()) {
        const Conditions &conditions = measured->measurement.conditions;
        versions += tr("oneDNN %1, LibTorch %2")
                        .arg(QString::fromStdString(conditions.oneDnnVersion),
                             QString::fromStdString(conditions.libTorchVersion));
    }
    QMessageBox::about(this, tr("About EdgeFlex Studio"),
                       tr("Fits a Vision Transformer on an edge device and shows what it costs.") + "\n\n" +
                           versions.join('\n') + "\n\n" +
                           tr("Free software under the GNU General Public License, version 3 or later."));
}

void MainWindow::editSettings()
{
    auto *dialog = new SettingsDialog(readSettings(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &SettingsDialog::changed, this, [this](const StudioSettings &settings) {
        writeSettings(settings);
        applySettings(settings);
    });
    dialog->open();
}

void MainWindow::applySettings(const StudioSettings &settings)
{
    setWindowColors(settings.colors);
    m_workflow->setPatience(settings.patienceSeconds);
}

void MainWindow::showWork(bool show)
{
    m_showWork->setChecked(show);
}

// ---- opening -------------------------------------------------------------------------------------------

void MainWindow::openModel(const QString &path)
{
    m_banner->hide();
    m_workflow->openModel(path);
}

void MainWindow::openSession(const QString &path)
{
    m_banner->hide();
    try {
        Session session = edgeflex::openSession(path.toStdString());
        const QString folder =
            QFileInfo(path).isDir() ? QFileInfo(path).absoluteFilePath() : QFileInfo(path).absolutePath();
        if (!folder.startsWith(Autosave::defaultRoot()))
            rememberSession(folder);
        m_workflow->openSession(std::move(session), folder);
    } catch (const Error &error) {
        const QString sentence = QString::fromUtf8(error.what());
        showFailure(sentence);
        Q_EMIT opened(sentence);
    }
}

void MainWindow::useCalibration(const QString &path)
{
    m_workflow->useImages(Workflow::Role::Calibration, path);
}

void MainWindow::useData(const QString &path)
{
    m_workflow->useImages(Workflow::Role::Data, path);
}

void MainWindow::openDropped(const QString &path)
{
    if (isSession(path)) {
        openSession(path);
        return;
    }
    m_banner->hide();
    m_workflow->openAny(path);
}

void MainWindow::openDemo()
{
    const DemoFiles demo = findDemo(QApplication::applicationDirPath());
    if (!demo.session.isEmpty()) {
        openSession(demo.session);
        return;
    }
    openModel(demo.model);
    if (demo.calibration.isEmpty() || demo.data.isEmpty()) {
        m_banner->show(tr("The demo's images are not here; install the Debian package dataset-fashion-mnist."));
        return;
    }
    useCalibration(demo.calibration);
    useData(demo.data);
}

void MainWindow::chooseModelFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a model folder"));
    if (!path.isEmpty() && mayDiscard())
        openModel(path);
}

void MainWindow::chooseModelFile()
{
    const QString path = QFileDialog::getOpenFileName(this, tr("Open a model file"), {},
                                                      tr("Models (*.safetensors *.pth *.pt *.bin);;All files (*)"));
    if (!path.isEmpty() && mayDiscard())
        openModel(path);
}

void MainWindow::chooseCalibration()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Images to calibrate on"));
    if (!path.isEmpty())
        useCalibration(path);
}

void MainWindow::chooseData()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Images to judge on"));
    if (!path.isEmpty())
        useData(path);
}

void MainWindow::chooseSession()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open a session"));
    if (!path.isEmpty() && mayDiscard())
        openSession(path);
}

void MainWindow::locateModel()
{
    const QString known = QString::fromStdString(m_document->session().model.path);
    const QString path = QFileInfo(known).suffix().isEmpty()
                             ? QFileDialog::getExistingDirectory(this, tr("Locate the model"))
                             : QFileDialog::getOpenFileName(this, tr("Locate the model"));
    if (!path.isEmpty())
        m_workflow->locateModel(path);
}

// For files that do not say everything about themselves.
void MainWindow::askSource(const ModelSource &source)
{
    auto *dialog = new QDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("What the Files Do Not Say"));
    auto *form = new SourceForm(dialog);
    form->setSource(source);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Open | QDialogButtonBox::Cancel, dialog);
    const auto check = [form, open = buttons->button(QDialogButtonBox::Open)] {
        open->setEnabled(form->error().isEmpty());
        open->setToolTip(form->error());
    };
    connect(form, &SourceForm::edited, dialog, check);
    connect(buttons, &QDialogButtonBox::accepted, dialog, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
    connect(dialog, &QDialog::accepted, this, [this, form] {
        m_banner->hide();
        m_workflow->openModel(form->source());
    });
    auto *layout = new QVBoxLayout(dialog);
    layout->addWidget(form);
    layout->addWidget(buttons);
    dialog->open();
}

void MainWindow::openAgain(const ModelSource &source)
{
    if (!mayDiscard())
        return;
    m_banner->hide();
    m_workflow->openModel(source);
}

// ---- sessions ------------------------------------------------------------------------------------------

bool MainWindow::save()
{
    return m_document->folder().isEmpty() ? saveAs() : saveTo(m_document->folder());
}

bool MainWindow::saveAs()
{
    const QString name = QString::fromStdString(m_document->spec().name) + ".edgeflex";
    const QString folder =
        QFileDialog::getSaveFileName(this, tr("Save the session as a folder"), QDir::home().filePath(name), {}, nullptr,
                                     QFileDialog::DontConfirmOverwrite);
    return !folder.isEmpty() && saveTo(folder);
}

bool MainWindow::saveTo(const QString &folder)
{
    try {
        saveSession(m_document->session(), folder);
    } catch (const std::exception &error) {
        showFailure(QString::fromUtf8(error.what()));
        return false;
    }
    rememberSession(folder);
    m_document->saved(QFileInfo(folder).absoluteFilePath());
    return true;
}

// Whether the session may be given up: it is saved, or the user does not mind.
bool MainWindow::mayDiscard()
{
    if (!m_document->isModified() || !m_document->hasModel())
        return true;
    QMessageBox question(
        QMessageBox::Question, tr("Save the session?"),
        tr("The session with %1 has changes that are not saved.").arg(QString::fromStdString(m_document->spec().name)),
        QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    question.setDefaultButton(QMessageBox::Save);
    switch (question.exec()) {
    case QMessageBox::Save:
        return save();
    case QMessageBox::Discard:
        return true;
    default:
        return false;
    }
}

void MainWindow::fillRecent()
{
    m_recent->clear();
    const QStringList sessions = recentSessions();
    for (const QString &folder : sessions) {
        m_recent->addAction(QDir::toNativeSeparators(folder), this, [this, folder] {
            if (mayDiscard())
                openSession(folder);
        });
    }
    if (sessions.isEmpty())
        m_recent->addAction(tr("None yet"))->setEnabled(false);
}

void MainWindow::showLeft()
{
    m_start->setLeft(Autosave::findLeft(Autosave::defaultRoot()));
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (mayDiscard())
        event->accept();
    else
        event->ignore();
}

// ---- results -------------------------------------------------------------------------------------------

void MainWindow::exportModel()
{
    auto *dialog = new ExportDialog(m_document, m_workflow, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::writeReport(ReportFormat format)
{
    const QString ending = fileEnding(format);
    const QString name = QString::fromStdString(m_document->spec().name) + "-edgeflex." + ending;
    const QString path = QFileDialog::getSaveFileName(this, tr("Write the report"), QDir::home().filePath(name),
                                                      QString("%1 (*.%2)").arg(ending.toUpper(), ending));
    if (path.isEmpty())
        return;
    try {
        exportReport(m_document->session(), format, path);
        m_jobs->setResting(tr("The report is in %1.").arg(path));
    } catch (const std::exception &error) {
        showFailure(QString::fromUtf8(error.what()));
    }
}

void MainWindow::askImagesRole(const QString &path)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Calibrate on These Images"), this, [this, path] { useCalibration(path); });
    menu->addAction(tr("&Judge on These Images"), this, [this, path] { useData(path); });
    menu->popup(QCursor::pos());
}

// ---- what is shown -------------------------------------------------------------------------------------

void MainWindow::showFailure(const QString &sentence)
{
    if (m_engine->state() == EngineClient::State::Failed)
        m_banner->showWithAction(sentence, tr("Start the Engine Again"), [this] { m_workflow->retry(); });
    else
        m_banner->show(sentence);
}

void MainWindow::showTitle()
{
    if (!m_document->hasModel()) {
        setWindowTitle("EdgeFlex Studio");
        setWindowModified(false);
        return;
    }
    const QString model = QString::fromStdString(m_document->spec().name);
    const QString folder = QFileInfo(m_document->folder()).fileName();
    setWindowTitle(folder.isEmpty() ? tr("%1[*] - EdgeFlex Studio").arg(model)
                                    : tr("%1[*] (%2) - EdgeFlex Studio").arg(folder, model));
    setWindowModified(m_document->isModified());
}

void MainWindow::showPage()
{
    m_start->setOpening(m_workflow->openingPath());
    m_pages->setCurrentWidget(m_document->hasModel() ? static_cast<QWidget *>(m_page) : m_start);
}

void MainWindow::showActions()
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
    m_usePlan->setEnabled(m_page->hasSelectedVariant());
    m_original->setEnabled(model && !m_document->isOriginal());
    m_cancel->setEnabled(m_workflow->queue()->state().has_value());
    m_reports->setEnabled(model);
    const bool selected = model && !m_page->view()->layers().isEmpty();
    for (QAction *action : m_formats + QList<QAction *>{m_similar, m_reset, m_pin})
        action->setEnabled(selected);
    m_find->setEnabled(model);
    m_showGrid->setEnabled(model);
    m_showGrid->setChecked(m_page->tune()->showsGrid());
    for (qsizetype i = 0; i < m_pageActions.size(); ++i) {
        m_pageActions[i]->setEnabled(model);
        m_pageActions[i]->setChecked(m_page->page() == static_cast<WorkPage::Page>(i));
    }
}

void MainWindow::showEngineState()
{
    switch (m_engine->state()) {
    case EngineClient::State::Stopped:
        m_engineState->setText(tr("Engine stopped"));
        break;
    case EngineClient::State::Starting:
        m_engineState->setText(tr("Engine starting…"));
        break;
    case EngineClient::State::Ready: {
        const ExecutionTarget &target = m_engine->engine().target;
        m_engineState->setText(
            tr("Engine ready: %1, threads: %2").arg(QString::fromStdString(target.instructionSet)).arg(target.threads));
        break;
    }
    case EngineClient::State::Failed:
        m_engineState->setText(tr("Engine not running"));
        break;
    }
    m_engineState->setAccessibleName(m_engineState->text());
    m_work->setEngineState(m_engineState->text(), m_engine->state() == EngineClient::State::Failed);
}

void MainWindow::dragEnterEvent(QDragEnterEvent *event)
{
    if (!localFile(event->mimeData()).isEmpty())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent *event)
{
    const QString path = localFile(event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    SourceBar *bar = m_page->sources();
    const SourceBar::Place place =
        bar->isVisible() ? bar->placeAt(bar->mapFrom(this, event->position().toPoint())) : SourceBar::Place::None;
    if (place == SourceBar::Place::Calibration)
        useCalibration(path);
    else if (place == SourceBar::Place::Data)
        useData(path);
    else
        openDropped(path);
}

} // namespace edgeflex
