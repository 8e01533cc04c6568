#pragma once

#include "app/studio/document.h"
#include "app/studio/mainwindow.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"

#include <QDir>
#include <QTest>

#include <cstdio>

namespace edgeflex::test {

// Where pictures go, how they are called, and how large the window is.
struct PictureLook
{
    QString folder;
    QString suffix;
    QSize size;
};

// A window whose picture is taken.
struct PictureStudio
{
    static constexpr int patience = 600000;

    PictureStudio(const QString &engine, const PictureLook &pictureLook) : look(pictureLook), window(engine)
    {
        window.resize(look.size);
        window.show();
    }
    ~PictureStudio() { window.document()->saved({}); }

    void take(const QString &state) { take(&window, state); }
    void take(QWidget *widget, const QString &state)
    {
        QTest::qWait(150);
        const QString file = QDir(look.folder).filePath(state + look.suffix + ".png");
        std::puts(qPrintable(file));
        widget->grab().save(file);
    }
    void settle()
    {
        QTest::qWait(400);
        (void)QTest::qWaitFor([this] { return window.workflow()->isSettled(); }, patience);
    }
    void open(const QString &model, const QString &calibration, const QString &data)
    {
        window.openModel(model);
        window.useCalibration(calibration);
        window.useData(data);
    }
    void page(WorkPage::Page page)
    {
        window.page()->showPage(page);
        QTest::qWait(300); // what is predicted row by row is there
    }
    LayerTreeView *layers() { return window.page()->layers(); }
    QModelIndex block(int number) { return layers()->model()->index(number + 1, LayerTreeModel::Keep); }

    PictureLook look;
    MainWindow window;
};

// Each state that needs no work, or the one that is called `only`.
void takeFakeStates(const PictureLook &look, const QString &only);
// A whole session with the real engine on the world `name`; false: there is no such world.
bool takeRealStates(const PictureLook &look, const QString &name);

} // namespace edgeflex::test
