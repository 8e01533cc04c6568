#include "app/studio/mainwindow.h"

#include "widgets/errorbanner.h"
#include "widgets/timelinechart.h"

#include <QComboBox>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace edgeflex;

namespace {

constexpr int patience = 20000;

} // namespace

class tst_MainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void opensAModel()
    {
        MainWindow window(FAKE_ENGINE);
        window.show();
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QCOMPARE(opened[0][0].toString(), QString());
        QVERIFY(window.windowTitle().contains("vit_tiny_patch16_224"));
        QCOMPARE(window.findChild<QTableView *>()->model()->rowCount(), 12 * 4 + 2);

        // The chart follows the batch and the schedule.
        auto *chart = window.findChild<TimelineChart *>();
        const QString first = chart->summary();
        QVERIFY(!first.isEmpty());
        window.findChild<QSpinBox *>()->setValue(8);
        const QString batch8 = chart->summary();
        QVERIFY(batch8 != first);
        window.findChild<QComboBox *>()->setCurrentIndex(1);
        QVERIFY(chart->summary() != batch8);

        // Choosing a layer marks it in the chart.
        auto *table = window.findChild<QTableView *>();
        table->setCurrentIndex(table->model()->index(5, 0));
        QVERIFY(chart->highlighted().first >= 0);
    }

    void saysWhatIsWrong()
    {
        MainWindow window(FAKE_ENGINE);
        window.show();
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openModel("/somewhere/missing");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        auto *banner = window.findChild<ErrorBanner *>();
        QCOMPARE(banner->sentence(), QString("There is no model at 'missing'; check the path."));
        window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 2, patience);
        QCOMPARE(banner->sentence(), QString());
    }

    void onlyTheLastOpenedCounts()
    {
        MainWindow window(FAKE_ENGINE);
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openModel("/somewhere/missing");
        window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QCOMPARE(opened[0][0].toString(), QString());
        QTest::qWait(EngineClient::cancelGraceMs * 2);
        QCOMPARE(opened.size(), 1);
    }

    void survivesWithoutAnEngine()
    {
        MainWindow window("/nonexistent/edgeflex");
        window.show();
        auto *banner = window.findChild<ErrorBanner *>();
        QTRY_VERIFY_WITH_TIMEOUT(banner->sentence().contains("EDGEFLEX_ENGINE"), patience);
        QSignalSpy opened(&window, &MainWindow::opened);
        window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QVERIFY(opened[0][0].toString().contains("/nonexistent/edgeflex"));
    }

    void takesDroppedModels()
    {
        MainWindow window(FAKE_ENGINE);
        window.show();
        QSignalSpy opened(&window, &MainWindow::opened);
        // Qt delivers a drop only to the widget that accepted the drag before.
        const auto drop = [&window](const QList<QUrl> &urls) {
            QMimeData data;
            data.setUrls(urls);
            QDragEnterEvent enter(QPoint(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            enter.ignore();
            QCoreApplication::sendEvent(&window, &enter);
            if (!enter.isAccepted())
                return false;
            QDropEvent event(QPointF(10, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
            QCoreApplication::sendEvent(&window, &event);
            return event.isAccepted();
        };
        QVERIFY(!drop({QUrl::fromLocalFile("/a"), QUrl::fromLocalFile("/b")}));
        QVERIFY(drop({QUrl::fromLocalFile("/somewhere/missing")}));
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QVERIFY(opened[0][0].toString().contains("missing"));
    }

    void everyControlHasAName()
    {
        MainWindow window(FAKE_ENGINE);
        for (const QWidget *widget : window.findChildren<QWidget *>()) {
            const bool control = qobject_cast<const QSpinBox *>(widget) || qobject_cast<const QComboBox *>(widget) ||
                                 qobject_cast<const QTableView *>(widget) ||
                                 qobject_cast<const TimelineChart *>(widget);
            QVERIFY2(!control || !widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }
};

QTEST_MAIN(tst_MainWindow)
#include "tst_mainwindow.moc"
