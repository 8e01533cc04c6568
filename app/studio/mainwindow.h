#pragma once

#include "app/studio/engineclient.h"

#include <QMainWindow>

class QLabel;
class QProgressBar;
class QStackedWidget;

namespace edgeflex {

class ErrorBanner;
class ModelPage;

// The window: opens models in the engine and shows them.
class MainWindow : public QMainWindow
{
    Q_OBJECT

public:
    // Starts the engine program right away.
    explicit MainWindow(const QString &engineProgram, QWidget *parent = nullptr);

    // Opens a model folder or file; one that is still being opened is given up.
    void openModel(const QString &path);

Q_SIGNALS:
    // An openModel() came to its end. `error` is empty or one sentence.
    void opened(const QString &error);

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    void makeMenus();
    QWidget *makeStart();
    void chooseFolder();
    void chooseFile();
    void showAnswer(const QString &path, const Response &response);
    void showEngineState();

    EngineClient *m_engine;
    ErrorBanner *m_banner;
    QStackedWidget *m_pages;
    ModelPage *m_page;
    QLabel *m_engineState;
    QProgressBar *m_busy;
    std::int64_t m_opening = 0; // request, or 0
};

} // namespace edgeflex
