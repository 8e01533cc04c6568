#pragma once

#include "app/studio/document.h"
#include "app/studio/mainwindow.h"
#include "app/studio/tunepage.h"
#include "app/studio/workflow.h"
#include "app/studio/workpage.h"
#include "widgets/budgetbox.h"
#include "widgets/errorbanner.h"
#include "widgets/layertreemodel.h"
#include "widgets/layertreeview.h"
#include "widgets/tradeoffplot.h"

#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTest>

#include <memory>

namespace edgeflex::test {

// Whatever the machine is busy with.
inline constexpr int patience = 600000;

inline void useSettingsOf(const QString &folder)
{
    QSettings::setDefaultFormat(QSettings::IniFormat);
    QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, folder);
    QCoreApplication::setOrganizationName("EdgeFlex");
    QCoreApplication::setApplicationName("edgeflex-studio");
    QStandardPaths::setTestModeEnabled(true);
}

// A window in the hands of a test.
class StudioDriver
{
public:
    explicit StudioDriver(const QString &engine) : window(engine)
    {
        window.resize(1280, 800);
        window.show();
    }
    ~StudioDriver() { window.document()->saved(window.document()->folder()); } // nobody answers questions

    Document *document() { return window.document(); }
    Workflow *workflow() { return window.workflow(); }
    LayerTreeView *layers() { return window.page()->layers(); }
    QString banner() { return window.findChild<ErrorBanner *>()->sentence(); }
    TradeoffPlot *plot(TradeoffPlot::Cost cost)
    {
        for (TradeoffPlot *plot : window.page()->tune()->findChildren<TradeoffPlot *>()) {
            if (plot->cost() == cost)
                return plot;
        }
        return nullptr;
    }
    QPushButton *button(const QString &text)
    {
        QPushButton *hidden = nullptr;
        for (QPushButton *button : window.findChildren<QPushButton *>()) {
            QString bare = button->text();
            if (!bare.remove('&').startsWith(text))
                continue;
            if (button->isVisible()) // another page may have one of the same name
                return button;
            hidden = button;
        }
        return hidden;
    }

    [[nodiscard]] bool settle()
    {
        return QTest::qWaitFor([this] { return workflow()->isSettled(); }, patience);
    }
    // All there is to know about the model before the first edit.
    [[nodiscard]] bool openAll()
    {
        window.openModel("/models/vit_tiny");
        window.useCalibration("/data/calibration-images");
        window.useData("/data/val-images");
        return settle() && workflow()->isReady();
    }
    QModelIndex block(int number, int column = 0)
    {
        return layers()->model()->index(number + 1, column); // after the patch embedding
    }
    void press(int number, double keep)
    {
        QTest::mousePress(layers()->viewport(), Qt::LeftButton, {},
                          layers()->sliderPoint(block(number, LayerTreeModel::Keep), keep));
    }
    void moveTo(int number, double keep)
    {
        QTest::mouseMove(layers()->viewport(), layers()->sliderPoint(block(number, LayerTreeModel::Keep), keep));
    }
    void release(int number, double keep)
    {
        QTest::mouseRelease(layers()->viewport(), Qt::LeftButton, {},
                            layers()->sliderPoint(block(number, LayerTreeModel::Keep), keep));
    }
    double keepOf(int number) { return document()->plan().blocks[static_cast<std::size_t>(number)].mlpKeep; }

    MainWindow window;
};

} // namespace edgeflex::test
