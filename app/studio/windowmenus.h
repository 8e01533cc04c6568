#pragma once

#include "app/studio/reportexport.h"

#include <QKeySequence>
#include <QList>
#include <QObject>

#include <functional>

class QAction;
class QMainWindow;
class QMenu;

namespace edgeflex {

class BlockActions;
class Document;
class Workflow;
class WorkPage;

// The window's menus: every action with its key and its tip, and which of them make sense now. What concerns the plan
// is done here, what needs a dialog or files is announced.
class WindowMenus : public QObject
{
    Q_OBJECT

public:
    WindowMenus(Document *document, Workflow *workflow, WorkPage *page, QMainWindow *window);

    QAction *showWork() const { return m_showWork; }
    void update();

Q_SIGNALS:
    void modelFolderWanted();
    void modelFileWanted();
    void calibrationWanted();
    void dataWanted();
    void sessionWanted();
    void recentWanted(const QString &folder);
    void demoWanted();
    void saveWanted();
    void saveAsWanted();
    void exportWanted();
    void settingsWanted();
    void workShown(bool shown);
    void retryWanted();
    void reportWanted(edgeflex::ReportFormat format);
    void aboutWanted();

private:
    QAction *add(QMenu *menu, const QString &text, const QString &tip, const QKeySequence &key,
                 std::function<void()> act);
    void makeFileMenu();
    void makeEditMenu();
    void makeViewMenu();
    void makePlanMenu();
    void makeLayersMenu(QAction *formats);
    void makeReportMenu();
    void makeHelpMenu();
    void fillRecent();

    Document *m_document;
    Workflow *m_workflow;
    WorkPage *m_page;
    QMainWindow *m_window;
    QList<QAction *> m_pageActions;
    QAction *m_showWork = nullptr;
    QAction *m_showGrid = nullptr;
    QAction *m_find = nullptr;
    QAction *m_similar = nullptr;
    QAction *m_reset = nullptr;
    QAction *m_pin = nullptr;
    QMenu *m_recent = nullptr;
    QMenu *m_reports = nullptr;
    QAction *m_save = nullptr;
    QAction *m_saveAs = nullptr;
    QAction *m_export = nullptr;
    QAction *m_measure = nullptr;
    QAction *m_solve = nullptr;
    QAction *m_recipe = nullptr;
    QAction *m_usePlan = nullptr;
    QAction *m_star = nullptr;
    QAction *m_rename = nullptr;
    QAction *m_lint = nullptr;
    QAction *m_original = nullptr;
    QAction *m_cancel = nullptr;
    QList<QAction *> m_formats;
    BlockActions *m_blocks = nullptr;
};

} // namespace edgeflex
