#include "app/studio/mainwindow.h"

#include "app/studio/aboutbox.h"
#include "app/studio/autosave.h"
#include "app/studio/demofiles.h"
#include "app/studio/document.h"
#include "app/studio/exportdialog.h"
#include "app/studio/jobline.h"
#include "app/studio/sessionstore.h"
#include "app/studio/settingsdialog.h"
#include "app/studio/setuppage.h"
#include "app/studio/sourcebar.h"
#include "app/studio/sourcedialog.h"
#include "app/studio/startpage.h"
#include "app/studio/windowcolors.h"
#include "app/studio/windowmenus.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "app/studio/workpanel.h"
#include "plan/error.h"
#include "widgets/errorbanner.h"
#include "widgets/layertreeview.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDockWidget>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolButton>
#include <QVBoxLayout>

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
    m_menus = new WindowMenus(m_document, m_workflow, m_page, this);

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
    connect(m_engineState, &QToolButton::clicked, m_menus->showWork(), &QAction::toggle);

    m_workflow->setMayReplace([this] { return mayDiscard(); });
    connectWork();
    connectMenus();
    showTitle();
    showPage();
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
    connect(m_workflow, &Workflow::doubted, this, [this](const QString &sentence) {
        if (m_page->page() == WorkPage::Setup && m_page->isVisible())
            return; // it is said there
        m_doubt = tr("The images may be prepared wrongly. %1").arg(sentence);
        m_banner->showWithAction(m_doubt, tr("Look at It"), [this] { m_page->showPage(WorkPage::Setup); });
    });
    connect(m_page, &WorkPage::pageShown, this, [this] {
        if (m_page->page() == WorkPage::Setup && m_banner->sentence() == m_doubt)
            m_banner->hide(); // it is said there
    });
    connect(m_page->setup(), &SetupPage::sourceWanted, this, &MainWindow::openAgain);
    connect(m_workflow, &Workflow::imagesRoleWanted, this, &MainWindow::askImagesRole);
    connect(m_document, &Document::modelChanged, this, [this] {
        m_jobs->setResting({});
        m_page->layers()->setFocus();
        showPage();
        showTitle();
    });
    connect(m_document, &Document::modifiedChanged, this, &MainWindow::showTitle);
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
}

void MainWindow::connectMenus()
{
    connect(m_menus, &WindowMenus::modelFolderWanted, this, &MainWindow::chooseModelFolder);
    connect(m_menus, &WindowMenus::modelFileWanted, this, &MainWindow::chooseModelFile);
    connect(m_menus, &WindowMenus::calibrationWanted, this, &MainWindow::chooseCalibration);
    connect(m_menus, &WindowMenus::dataWanted, this, &MainWindow::chooseData);
    connect(m_menus, &WindowMenus::sessionWanted, this, &MainWindow::chooseSession);
    connect(m_menus, &WindowMenus::recentWanted, this, [this](const QString &folder) {
        if (mayDiscard())
            openSession(folder);
    });
    connect(m_menus, &WindowMenus::demoWanted, this, [this] {
        if (mayDiscard())
            openDemo();
    });
    connect(m_menus, &WindowMenus::saveWanted, this, &MainWindow::save);
    connect(m_menus, &WindowMenus::saveAsWanted, this, &MainWindow::saveAs);
    connect(m_menus, &WindowMenus::exportWanted, this, &MainWindow::exportModel);
    connect(m_menus, &WindowMenus::settingsWanted, this, &MainWindow::editSettings);
    connect(m_menus, &WindowMenus::workShown, m_dock, &QDockWidget::setVisible);
    connect(m_menus, &WindowMenus::reportWanted, this, &MainWindow::writeReport);
    connect(m_menus, &WindowMenus::aboutWanted, this, [this] { showAbout(*m_engine, *m_document, this); });
    connect(m_menus, &WindowMenus::retryWanted, this, [this] {
        m_banner->hide();
        m_workflow->retry();
    });
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
    m_menus->showWork()->setChecked(show);
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
        if (mayDiscard())
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

void MainWindow::askSource(const ModelSource &source)
{
    auto *dialog = new SourceDialog(source, this);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        m_banner->hide();
        m_workflow->openModel(dialog->source());
    });
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
