#pragma once

#include "app/studio/studiodriver.h"
#include "world.h"

#include <QLabel>
#include <QTemporaryDir>

#include <functional>
#include <memory>

class QAbstractItemView;
class QTabBar;

namespace edgeflex::test {

// A window with the real engine in the hands of a test: nothing is called that a user could not click or type, and
// what came of it is looked at where it belongs, in the document and in the views. One window serves all steps.
class HandsOn
{
public:
    explicit HandsOn(World world);

    const World &world() const { return m_world; }
    QString path(const QString &name) const { return m_folder.filePath(name); }
    // A window with nothing open, in the place of the one before.
    void show();
    void close() { m_studio.reset(); }

    StudioDriver &studio() { return *m_studio; }
    MainWindow *window() { return &m_studio->window; }
    Document *document() { return m_studio->document(); }
    Workflow *workflow() { return m_studio->workflow(); }
    WorkPage *page() { return m_studio->window.page(); }
    // Done before, and nothing but this step's work runs: all is known of the model.
    bool isReady() { return workflow()->isReady(); }
    [[nodiscard]] bool settle() { return m_studio->settle(); }
    // Until a plan that was left alone is measured.
    [[nodiscard]] bool measured();

    // Shortcuts are the active window's; without a window manager a closed dialog leaves none active.
    [[nodiscard]] bool activate();
    void key(int key, Qt::KeyboardModifiers modifiers = Qt::ControlModifier);
    void click(QWidget *widget);
    void click(QAbstractItemView *view, const QModelIndex &index, Qt::KeyboardModifiers modifiers = {});
    void click(QTabBar *tabs, int tab);
    void toggle(const QString &checkBox, QWidget *parent); // by its text
    void drag(QWidget *widget, const QPoint &from, const QPoint &to);
    // Clicks `entry` of the menu `title`; false: there is none.
    [[nodiscard]] bool clickMenu(const QString &title, const QString &entry);
    void showPage(WorkPage::Page page); // by its key
    void typeInto(QWidget *field, const QString &text);
    // Moves a block's slider by the mouse.
    void dragSlider(int block, double keep);
    // Takes edits back until the plan is this one; false: it never was.
    [[nodiscard]] bool undoTo(const CompressionPlan &plan);
    // All layers, by keys.
    [[nodiscard]] bool setAllFormats(NumberFormat format);
    // Drops a file or folder on the window.
    void drop(const QString &path);

    // Types `path` into the file dialog that is about to open, and confirms it.
    void answerFileDialog(const QString &path);
    // Does `act` with the modal dialog that is about to open, once.
    void whenAsked(std::function<void(QDialog *)> act);
    // Clicks the button of the message box that is about to open.
    void answerQuestion(int button);

    QPushButton *button(const QString &text) { return m_studio->button(text); }
    static QPushButton *buttonIn(QWidget *parent, const QString &text);
    template<class Widget>
    Widget *named(const QString &accessibleName, QWidget *parent = nullptr)
    {
        for (Widget *widget : (parent ? parent : window())->template findChildren<Widget *>()) {
            if (widget->accessibleName() == accessibleName && (widget->isVisible() || parent))
                return widget;
        }
        return nullptr;
    }
    // Every label's text.
    static QString said(const QWidget *part);
    // The first row whose text begins like this.
    static QModelIndex rowOf(const QAbstractItemView *view, const QString &text);
    QString lastBlockLayer(const char *suffix) const; // "blocks.5.mlp.fc1"

private:
    World m_world;
    QTemporaryDir m_folder;
    std::unique_ptr<StudioDriver> m_studio;
};

// The steps, one object a page; they are run one after the other on the same window.
std::unique_ptr<QObject> makeStartSteps(HandsOn &hands);
std::unique_ptr<QObject> makeSetupSteps(HandsOn &hands);
std::unique_ptr<QObject> makeProfileSteps(HandsOn &hands);
std::unique_ptr<QObject> makeTuneSteps(HandsOn &hands);
std::unique_ptr<QObject> makeSolveSteps(HandsOn &hands);
std::unique_ptr<QObject> makeTradeoffSteps(HandsOn &hands);
std::unique_ptr<QObject> makeVariantsSteps(HandsOn &hands);
std::unique_ptr<QObject> makeWorkSteps(HandsOn &hands);
std::unique_ptr<QObject> makeOutputSteps(HandsOn &hands);
std::unique_ptr<QObject> makeMannersSteps(HandsOn &hands);

// Opens a session, makes an edit as a user would, says so on standard output and waits to be killed.
int editUntilKilled(const QString &session);

} // namespace edgeflex::test
