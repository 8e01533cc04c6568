#pragma once

#include "app/studio/engineclient.h"
#include "app/studio/reportexport.h"

#include <QMainWindow>

class QDockWidget;
class QLabel;
class QStackedWidget;
class QToolButton;

namespace edgeflex {

class Autosave;
class Document;
class ErrorBanner;
class JobLine;
class StartPage;
class WindowMenus;
class Workflow;
class WorkPage;
class WorkPanel;
struct ModelSource;
struct StudioSettings;

// The window: a session, its engine, and everything that can be asked for.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // Starts the engine program right away.
    explicit MainWindow(const QString &engineProgram, QWidget *parent = nullptr);
    ~MainWindow() override;

    // Opens a model folder or file; one that is still being opened is given up.
    void openModel(const QString &path);
    void openSession(const QString &path);
    void useCalibration(const QString &path);
    void useData(const QString &path);
    // Whatever it is.
    void openDropped(const QString &path);
    // The demo's session, or its model and images.
    void openDemo();

    // Whether it worked.
    bool save();
    bool saveTo(const QString &folder);

    Document *document() const { return m_document; }
    Workflow *workflow() const { return m_workflow; }
    EngineClient *engine() const { return m_engine; }
    WorkPage *page() const { return m_page; }
    WorkPanel *work() const { return m_work; }
    void showWork(bool show);

Q_SIGNALS:
    // An openModel() came to its end. `error` is empty or one sentence.
    void opened(const QString &error);
    // Nothing runs and nothing is about to.
    void settled();

protected:
    void closeEvent(QCloseEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeDock();
    void connectWork();
    void connectMenus();
    void chooseModelFolder();
    void chooseModelFile();
    void chooseCalibration();
    void chooseData();
    void chooseSession();
    void locateModel();
    bool saveAs();
    bool mayDiscard();
    void exportModel();
    void writeReport(ReportFormat format);
    void showLeft();
    void editSettings();
    void applySettings(const StudioSettings &settings);
    void askImagesRole(const QString &path);
    void showTitle();
    void showPage();
    void showEngineState();
    void showFailure(const QString &sentence);
    void askSource(const ModelSource &source);
    void openAgain(const ModelSource &source);

    EngineClient *m_engine;
    Document *m_document;
    Workflow *m_workflow;
    ErrorBanner *m_banner;
    QString m_doubt; // that the banner tells, of how images are prepared
    QStackedWidget *m_pages;
    StartPage *m_start;
    WorkPage *m_page;
    JobLine *m_jobs;
    QToolButton *m_engineState;
    Autosave *m_autosave;
    WorkPanel *m_work;
    QDockWidget *m_dock = nullptr;
    WindowMenus *m_menus = nullptr;
};

} // namespace edgeflex
