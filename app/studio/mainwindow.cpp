#include "app/studio/mainwindow.h"

#include "app/studio/modelpage.h"
#include "plan/verboptions.h"
#include "widgets/errorbanner.h"

#include <QApplication>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMenuBar>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QStatusBar>
#include <QVBoxLayout>

namespace edgeflex {
namespace {

constexpr int startTextWidth = 460; // pixels

QString localFile(const QMimeData *data)
{
    const QList<QUrl> urls = data->urls();
    return urls.size() == 1 && urls.first().isLocalFile() ? urls.first().toLocalFile() : QString();
}

} // namespace

MainWindow::MainWindow(const QString &engineProgram, QWidget *parent)
    : QMainWindow(parent),
      m_engine(new EngineClient(engineProgram, {"engine"}, this)),
      m_banner(new ErrorBanner(this)),
      m_pages(new QStackedWidget(this)),
      m_page(new ModelPage(this)),
      m_engineState(new QLabel(this)),
      m_busy(new QProgressBar(this))
{
    setWindowTitle("EdgeFlex Studio");
    setAcceptDrops(true);
    resize(1280, 800);
    makeMenus();

    m_pages->addWidget(makeStart());
    m_pages->addWidget(m_page);
    auto *central = new QWidget(this);
    auto *layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_pages, 1);
    setCentralWidget(central);

    m_busy->setRange(0, 0);
    m_busy->setMaximumWidth(140);
    m_busy->setMaximumHeight(14);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Opening a model"));
    m_busy->hide();
    statusBar()->addPermanentWidget(m_busy);
    statusBar()->addPermanentWidget(m_engineState);

    connect(m_engine, &EngineClient::stateChanged, this, &MainWindow::showEngineState);
    connect(m_engine, &EngineClient::crashed, m_banner, &ErrorBanner::show);
    showEngineState();
    m_engine->start();
}

void MainWindow::openModel(const QString &path)
{
    if (m_opening != 0)
        m_engine->cancel(std::exchange(m_opening, 0));
    if (m_engine->state() == EngineClient::State::Failed)
        m_engine->start();
    m_banner->hide();
    m_busy->show();
    InspectOptions options;
    options.model.path = QFileInfo(path).absoluteFilePath().toStdString();
    m_opening = m_engine->request(method::inspect, options, [this, path](const Response &response) {
        // An answer to what was given up says nothing any more.
        if (response.id == m_opening)
            showAnswer(path, response);
    });
}

void MainWindow::makeMenus()
{
    QMenu *file = menuBar()->addMenu(tr("&File"));
    QAction *folder = file->addAction(tr("&Open Model Folder…"), this, &MainWindow::chooseFolder);
    folder->setShortcut(QKeySequence::Open);
    QAction *single = file->addAction(tr("Open Model &File…"), this, &MainWindow::chooseFile);
    single->setShortcut(QKeySequence("Ctrl+Shift+O"));
    file->addSeparator();
    QAction *quit = file->addAction(tr("&Quit"), this, &QWidget::close);
    quit->setShortcut(QKeySequence::Quit);

    QMenu *help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About EdgeFlex Studio"), this, [this] {
        QMessageBox::about(this, tr("About EdgeFlex Studio"),
                           tr("EdgeFlex Studio %1\n\nFits a Vision Transformer on an edge device and shows what it "
                              "costs.\n\nFree software under the GNU General Public License, version 3 or later.")
                               .arg(EDGEFLEX_VERSION));
    });
    help->addAction(tr("About &Qt"), qApp, &QApplication::aboutQt);
}

// What there is before a model is open.
QWidget *MainWindow::makeStart()
{
    auto *start = new QWidget(this);
    auto *title = new QLabel(tr("Open a Vision Transformer"), start);
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 1.8);
    large.setBold(true);
    title->setFont(large);
    auto *text =
        new QLabel(tr("A folder with a model and its configuration, or a .safetensors, .pth, .pt or .bin file. "
                      "It can also be dropped here."),
                   start);
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignCenter);
    text->setFixedWidth(startTextWidth);
    text->setMinimumHeight(text->heightForWidth(startTextWidth));
    auto *folder = new QPushButton(tr("Open Model Folder…"), start);
    auto *file = new QPushButton(tr("Open Model File…"), start);
    folder->setDefault(true);
    connect(folder, &QPushButton::clicked, this, &MainWindow::chooseFolder);
    connect(file, &QPushButton::clicked, this, &MainWindow::chooseFile);

    auto *buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(folder);
    buttons->addWidget(file);
    buttons->addStretch(1);
    auto *layout = new QVBoxLayout(start);
    layout->setSpacing(14);
    layout->addStretch(2);
    layout->addWidget(title, 0, Qt::AlignHCenter);
    layout->addWidget(text, 0, Qt::AlignHCenter);
    layout->addLayout(buttons);
    layout->addStretch(3);
    return start;
}

void MainWindow::chooseFolder()
{
    const QString path = QFileDialog::getExistingDirectory(this, tr("Open Model Folder"));
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::chooseFile()
{
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Open Model File"), {}, tr("Models (*.safetensors *.pth *.pt *.bin)") + ";;" + tr("All files (*)"));
    if (!path.isEmpty())
        openModel(path);
}

void MainWindow::showAnswer(const QString &path, const Response &response)
{
    m_opening = 0;
    m_busy->hide();
    QString error;
    if (response.error) {
        error = QString::fromStdString(response.error->message);
    } else {
        try {
            const auto summary = response.result.get<ModelSummary>();
            validate(summary.spec);
            m_page->setModel(summary, m_engine->engine().target);
            m_pages->setCurrentWidget(m_page);
            setWindowTitle(tr("%1 - EdgeFlex Studio").arg(QString::fromStdString(summary.spec.name)));
            setWindowFilePath(path);
        } catch (const Error &wrong) {
            error = QString::fromUtf8(wrong.what());
        } catch (const nlohmann::json::exception &) {
            error =
                tr("The engine's answer about %1 lacks fields; install the same version of both programs.").arg(path);
        }
    }
    if (!error.isEmpty())
        m_banner->show(error);
    Q_EMIT opened(error);
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
    openModel(path);
}

} // namespace edgeflex
