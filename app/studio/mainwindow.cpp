#include "app/studio/mainwindow.h"

#include "app/studio/document.h"
#include "app/studio/exportdialog.h"
#include "app/studio/jobline.h"
#include "app/studio/sessionstore.h"
#include "app/studio/sourcebar.h"
#include "app/studio/startpage.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "plan/error.h"
#include "widgets/errorbanner.h"
#include "widgets/layertreeview.h"
#include "widgets/quantitytext.h"

#include <QApplication>
#include <QCloseEvent>
#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QStackedWidget>
#include <QStatusBar>
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
      m_engineState(new QLabel(this))
{
    setAcceptDrops(true);
    resize(1280, 800);
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

    m_workflow->setMayReplace([this] { return mayDiscard(); });
    connectWork();
    showTitle();
    showPage();
    showActions();
    showEngineState();
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
    connect(m_page->sources(), &SourceBar::modelWanted, this, &MainWindow::chooseModelFolder);
    connect(m_page->sources(), &SourceBar::calibrationWanted, this, &MainWindow::chooseCalibration);
    connect(m_page->sources(), &SourceBar::dataWanted, this, &MainWindow::chooseData);
    connect(m_page, &WorkPage::selectionChanged, this, &MainWindow::showActions);
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    QAction *folder = file->addAction(tr("&Open Model Folder…"), this, &MainWindow::chooseModelFolder);
    folder->setShortcut(QKeySequence::Open);
    QAction *single = file->addAction(tr("Open Model &File…"), this, &MainWindow::chooseModelFile);
    single->setShortcut(QKeySequence("Ctrl+Shift+O"));
    file->addAction(tr("&Calibration Images…"), this, &MainWindow::chooseCalibration);
    file->addAction(tr("&Judging Images…"), this, &MainWindow::chooseData);
    file->addSeparator();
    file->addAction(tr("Open S&ession…"), this, &MainWindow::chooseSession);
    m_recent = file->addMenu(tr("&Recent Sessions"));
    connect(m_recent, &QMenu::aboutToShow, this, &MainWindow::fillRecent);
    m_save = file->addAction(tr("&Save Session"), this, &MainWindow::save);
    m_save->setShortcut(QKeySequence::Save);
    m_saveAs = file->addAction(tr("Save Session &As…"), this, &MainWindow::saveAs);
    m_saveAs->setShortcut(QKeySequence("Ctrl+Shift+S"));
    file->addSeparator();
    m_export = file->addAction(tr("E&xport Plan…"), this, &MainWindow::exportModel);
    m_export->setShortcut(QKeySequence("Ctrl+E"));
    file->addSeparator();
    QAction *quit = file->addAction(tr("&Quit"), this, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);

    QMenu *edit = menuBar()->addMenu(tr("&Edit"));
    QAction *undo = m_document->undoStack()->createUndoAction(this, tr("&Undo"));
    undo->setShortcut(QKeySequence::Undo);
    QAction *redo = m_document->undoStack()->createRedoAction(this, tr("&Redo"));
    redo->setShortcuts({QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")});
    edit->addActions({undo, redo});

    QMenu *plan = menuBar()->addMenu(tr("&Plan"));
    QMenu *formats = plan->addMenu(tr("&Format of the Selected Layers"));
    for (const NumberFormat format : allNumberFormats()) {
        QAction *action = formats->addAction(formatText(format), this, [this, format] {
            m_document->setFormat(m_page->layers()->selectedLayers(), format);
        });
        action->setShortcut(QKeySequence(QString("Ctrl+%1").arg(1 + static_cast<int>(format))));
        m_formats += action;
    }
    m_measure = plan->addAction(tr("&Measure"), m_workflow, &Workflow::measurePlan);
    m_measure->setShortcut(QKeySequence("Ctrl+M"));
    m_solve = plan->addAction(tr("&Solve for the Budgets"), m_workflow, &Workflow::solve);
    m_solve->setShortcut(QKeySequence("Ctrl+Return"));
    m_recipe = plan->addAction(tr("Run the &EdgeFlex Recipe"), m_workflow, &Workflow::runRecipe);
    m_recipe->setShortcut(QKeySequence("Ctrl+R"));
    plan->addSeparator();
    m_usePlan = plan->addAction(tr("&Use the Selected Variant's Plan"), m_page, &WorkPage::loadSelectedVariant);
    m_usePlan->setShortcut(QKeySequence("Ctrl+L"));
    m_original = plan->addAction(tr("&Keep Everything"), this, [this] {
        m_document->setPlan(identityPlan(m_document->spec()), tr("Keep everything"));
    });
    plan->addSeparator();
    m_cancel = plan->addAction(tr("&Cancel What Runs"), m_workflow, &Workflow::cancelRunning);
    m_cancel->setShortcut(QKeySequence(Qt::Key_Escape));
    plan->addAction(tr("&Try Again What Failed"), this, [this] {
        m_banner->hide();
        m_workflow->retry();
    });
    connect(m_jobs, &JobLine::cancelAsked, m_workflow, &Workflow::cancelRunning);

    m_reports = menuBar()->addMenu(tr("&Report"));
    const std::pair<ReportFormat, QString> kinds[] = {{ReportFormat::Pdf, tr("&PDF…")},
                                                      {ReportFormat::Html, tr("&HTML…")},
                                                      {ReportFormat::Markdown, tr("&Markdown…")},
                                                      {ReportFormat::Csv, tr("&CSV…")},
                                                      {ReportFormat::Json, tr("&JSON…")}};
    for (const auto &[format, text] : kinds)
        m_reports->addAction(text, this, [this, kind = format] { writeReport(kind); });

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About EdgeFlex Studio"), this, [this] {
        QMessageBox::about(this, tr("About EdgeFlex Studio"),
                           tr("EdgeFlex Studio %1\n\nFits a Vision Transformer on an edge device and shows what it "
                              "costs.\n\nFree software under the GNU General Public License, version 3 or later.")
                               .arg(EDGEFLEX_VERSION));
    });
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt);
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
    for (QAction *format : m_formats)
        format->setEnabled(model);
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
