#include "studiodriver.h"

#include "app/studio/exportdialog.h"
#include "app/studio/sessionstore.h"
#include "app/studio/sourcebar.h"
#include "app/studio/workpanel.h"
#include "plan/error.h"
#include "widgets/activationchart.h"
#include "widgets/timelinechart.h"
#include "widgets/varianttablemodel.h"
#include "widgets/verdictline.h"

#include <QAbstractSpinBox>
#include <QClipboard>
#include <QComboBox>
#include <QDropEvent>
#include <QFile>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMessageBox>
#include <QMimeData>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTimer>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

void drop(QWidget *window, const QStringList &paths, const QPoint &at = {600, 400})
{
    QMimeData data;
    QList<QUrl> urls;
    for (const QString &path : paths)
        urls += QUrl::fromLocalFile(path);
    data.setUrls(urls);
    // A widget hears of a drop only after the pointer has entered it.
    QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window, &enter);
    if (!enter.isAccepted())
        return;
    QDropEvent event(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(window, &event);
}

// Gives an answer to every question that is asked while it lives.
class Answering
{
public:
    explicit Answering(QMessageBox::StandardButton answer)
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this, answer] {
            if (auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget())) {
                ++asked;
                QTest::mouseClick(box->button(answer), Qt::LeftButton);
            }
        });
        m_timer.start(20);
    }

    int asked = 0;

private:
    QTimer m_timer;
};

// Presses a key that means nothing as soon as a job of that title times.
void disturb(StudioDriver &studio, const QString &title)
{
    auto *once = new QObject(&studio.window);
    QObject::connect(studio.workflow()->queue(), &JobQueue::changed, once, [&studio, title, once] {
        const auto &state = studio.workflow()->queue()->state();
        if (!state || state->stage != "timing" || !state->title.startsWith(title))
            return;
        studio.workflow()->queue()->disconnect(once);
        QTimer::singleShot(0, &studio.window, [&studio] { QTest::keyClick(&studio.window, Qt::Key_F9); });
    });
}

} // namespace

class tst_MainWindow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { useSettingsOf(m_folder.path()); }
    void init()
    {
        QLocale::setDefault(QLocale::c());
        for (const char *setting : {"FAKE_TICK", "FAKE_CRASH", "FAKE_HANG", "FAKE_FAIL", "FAKE_START"})
            qunsetenv(setting);
    }

    void opensAModel()
    {
        StudioDriver studio(FAKE_ENGINE);
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        studio.window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QCOMPARE(opened[0][0].toString(), QString());
        QVERIFY(studio.window.windowTitle().contains("vit_tiny_patch16_224"));
        QCOMPARE(studio.layers()->model()->rowCount(), 12 + 2);
        QVERIFY(!studio.window.isWindowModified());

        // The chart follows the batch and the schedule.
        studio.window.page()->showPage(WorkPage::Tune);
        auto *chart = studio.window.page()->tune()->findChild<TimelineChart *>();
        const QString first = chart->summary();
        QVERIFY(!first.isEmpty());
        studio.document()->setBatch(8);
        QTRY_VERIFY(chart->summary() != first);
        const QString batch8 = chart->summary();
        studio.document()->setSchedule(ScheduleKind::Eager);
        QTRY_VERIFY(chart->summary() != batch8);

        // Choosing a layer marks it in the chart.
        studio.layers()->setCurrentIndex(studio.block(5));
        QVERIFY(chart->highlighted().first >= 0);
    }

    void saysWhatIsWrong()
    {
        StudioDriver studio(FAKE_ENGINE);
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        studio.window.openModel("/somewhere/missing");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QCOMPARE(studio.banner(), QString("There is no model at 'missing'; check the path."));
        studio.window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 2, patience);
        QCOMPARE(studio.banner(), QString());
    }

    void onlyTheLastOpenedCounts()
    {
        StudioDriver studio(FAKE_ENGINE);
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        studio.window.openModel("/somewhere/missing");
        studio.window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QCOMPARE(opened[0][0].toString(), QString());
        QTest::qWait(EngineClient::cancelGraceMs * 2);
        QCOMPARE(opened.size(), 1);
    }

    void survivesWithoutAnEngine()
    {
        StudioDriver studio("/nonexistent/edgeflex");
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("EDGEFLEX_ENGINE"), patience);
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        studio.window.openModel("vit_tiny");
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QVERIFY(opened[0][0].toString().contains("/nonexistent/edgeflex"));
        QVERIFY(studio.button("Start the Engine Again"));
    }

    void takesWhatIsDropped()
    {
        StudioDriver studio(FAKE_ENGINE);
        QSignalSpy opened(&studio.window, &MainWindow::opened);
        drop(&studio.window, {"/a", "/b"}); // one at a time
        QVERIFY(!studio.workflow()->isOpening());
        drop(&studio.window, {"/somewhere/missing"});
        QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
        QVERIFY(opened[0][0].toString().contains("missing"));
        drop(&studio.window, {"/models/vit_tiny"});
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->hasModel(), patience);
        // Images first calibrate, then judge.
        drop(&studio.window, {"/data/calibration-images"});
        QTRY_COMPARE_WITH_TIMEOUT(studio.document()->session().calibration, std::string("/data/calibration-images"),
                                  patience);
        drop(&studio.window, {"/data/val-images"});
        QTRY_COMPARE_WITH_TIMEOUT(studio.document()->session().data, std::string("/data/val-images"), patience);
        // On a field they are what the field says.
        auto *bar = studio.window.findChild<SourceBar *>();
        QPoint field;
        for (int x = 0; x < bar->width() && field.isNull(); ++x) {
            if (bar->placeAt({x, 5}) == SourceBar::Place::Calibration)
                field = QPoint(x + 3, 5);
        }
        drop(&studio.window, {"/data/other-images"}, bar->mapTo(&studio.window, field));
        QTRY_COMPARE_WITH_TIMEOUT(studio.document()->session().calibration, std::string("/data/other-images"),
                                  patience);
        QVERIFY(studio.settle());
    }

    // What was not saved is not lost because something is dropped.
    void aDroppedSessionAsksBeforeItForgets()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        const QString folder = m_folder.filePath("dropped.edgeflex");
        QVERIFY(studio.window.saveTo(folder));
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        {
            Answering answering(QMessageBox::Cancel);
            drop(&studio.window, {folder});
            QCOMPARE(answering.asked, 1);
            QCOMPARE(studio.keepOf(3), 0.5);
            QVERIFY(studio.document()->isModified());
        }
        Answering answering(QMessageBox::Discard);
        drop(&studio.window, {folder});
        QCOMPARE(answering.asked, 1);
        QCOMPARE(studio.keepOf(3), 1.0);
        QVERIFY(studio.settle());
    }

    void learnsByItself()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        const Session &session = studio.document()->session();
        QVERIFY(session.profile && session.sensitivity && session.times);
        QCOMPARE(session.variants.size(), std::size_t{1});
        QVERIFY(session.variants[0].isBaseline());
        QCOMPARE(session.variants[0].measurement.images, 900);
        QVERIFY(studio.window.isWindowModified());
        QVERIFY(studio.block(0, LayerTreeModel::Time).data().toString().endsWith("ms"));
        QVERIFY(studio.plot(TradeoffPlot::Cost::Weights)->variantPoint(session.variants[0].id));
    }

    void theSliderMovesThePredictionAtOnce()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        TradeoffPlot *plot = studio.plot(TradeoffPlot::Cost::Weights);
        TradeoffPlot *latency = studio.plot(TradeoffPlot::Cost::Latency);
        QVERIFY(!plot->currentPoint()); // the original is measured
        auto *verdict = studio.window.findChild<VerdictLine *>();
        QTest::qWait(30); // past the last frame
        studio.press(3, 0.75);
        QCoreApplication::processEvents();
        const auto first = plot->currentPoint();
        const auto firstLatency = latency->currentPoint();
        QVERIFY(first && firstLatency);
        QVERIFY(verdict->text().contains("predicted"));
        QTest::qWait(30);
        studio.moveTo(3, 0.25);
        QCoreApplication::processEvents();
        QVERIFY(plot->currentPoint()->x() < first->x());
        QVERIFY(plot->currentPoint()->y() < first->y());
        QVERIFY(latency->currentPoint()->x() < firstLatency->x());
        studio.release(3, 0.25);
        QVERIFY(std::abs(studio.keepOf(3) - 0.25) < 0.03);
    }

    void oneDragIsOneUndoStep()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.press(2, 0.9);
        for (const double keep : {0.8, 0.7, 0.6, 0.5})
            studio.moveTo(2, keep);
        studio.release(2, 0.5);
        const double dragged = studio.keepOf(2);
        QVERIFY(dragged < 0.55);
        QCOMPARE(studio.document()->undoStack()->count(), 1);
        studio.press(4, 0.5);
        studio.release(4, 0.5);
        QCOMPARE(studio.document()->undoStack()->count(), 2);
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier);
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(studio.keepOf(2), 1.0);
        QVERIFY(studio.document()->isOriginal());
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
        QCOMPARE(studio.keepOf(2), dragged);
        // Keys: a format for all that is selected.
        studio.layers()->selectAll();
        QTest::keyClick(&studio.window, Qt::Key_4, Qt::ControlModifier);
        QVERIFY(studio.document()->plan().format("head") == NumberFormat::Int8);
        QVERIFY(studio.document()->plan().format("blocks.7.mlp.fc2") == NumberFormat::Int8);
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(studio.document()->plan().format("head") == NumberFormat::Fp32);
    }

    void aPlanAtRestIsMeasured()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        QList<double> widths; // of the interval while it streams
        connect(studio.document(), &Document::predictionChanged, this, [&] {
            if (const auto soFar = studio.document()->soFar())
                widths += soFar->drop.high - soFar->drop.low;
        });
        studio.press(3, 0.5);
        studio.release(3, 0.5);
        QVERIFY(!studio.document()->measured());
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->measured(), patience);
        QVERIFY(studio.document()->measured()->quality == Quality::Draft);
        QVERIFY(widths.size() >= 2);
        QVERIFY(studio.settle());
        QVERIFY(studio.window.findChild<VerdictLine *>()->text().contains("measured on 900 images"));
        const int id = studio.document()->measured()->id;
        for (const TradeoffPlot::Cost cost : {TradeoffPlot::Cost::Weights, TradeoffPlot::Cost::Latency})
            QVERIFY(studio.plot(cost)->variantPoint(id));
        QVERIFY(!studio.plot(TradeoffPlot::Cost::Weights)->currentPoint());
    }

    void aNewerEditCancelsTheDraft()
    {
        qputenv("FAKE_TICK", "10");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->soFar(), patience);
        studio.document()->setMlpKeep({3}, 0.75);
        QVERIFY(!studio.document()->soFar());
        QVERIFY(studio.settle());
        QCOMPARE(studio.document()->session().variants.size(), std::size_t{2});
        QCOMPARE(studio.document()->session().variants[1].plan.blocks[3].mlpKeep, 0.75);
    }

    void slowDraftsWaitForTheButton()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.workflow()->setPatience(1);
        qputenv("FAKE_TICK", "25");
        studio.window.engine()->stop(); // the next one is slow
        studio.window.engine()->start();
        studio.document()->setMlpKeep({3}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->measured(), patience);
        QVERIFY(*studio.workflow()->draftSeconds() > 1);
        studio.document()->setMlpKeep({3}, 0.75);
        QTest::qWait(3 * Workflow::restMs);
        QVERIFY(studio.workflow()->waitsForButton());
        QVERIFY(studio.workflow()->isSettled());
        QPushButton *measure = studio.button("Measure Plan");
        QVERIFY(measure && measure->isEnabled() && measure->text().contains(" s"));
        QTest::mouseClick(measure, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->soFar(), patience);
        // Escape stops it, and it is not begun again by itself.
        QTest::keyClick(&studio.window, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(studio.workflow()->isSettled(), patience);
        QVERIFY(!studio.document()->measured());
        QVERIFY(measure->isEnabled());
    }

    void disturbedLatenciesAreTakenAgain()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        const auto timing = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->stage == "timing" && state->title.startsWith("Measuring the plan");
        };
        QTRY_VERIFY_WITH_TIMEOUT(timing(), patience);
        QTest::keyClick(&studio.window, Qt::Key_F9);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->measured(), patience);
        QVERIFY(!studio.document()->measured()->measurement.latency);
        QVERIFY(studio.settle());
        QVERIFY(studio.document()->measured()->measurement.latency);
        QCOMPARE(studio.document()->measured()->measurement.images, 900); // of the accuracy, as before
    }

    // Every figure of a latency is one that nobody disturbed: the original's and the solved plan's too.
    void everyDisturbedLatencyIsTakenAgain()
    {
        qputenv("FAKE_TICK", "10");
        StudioDriver studio(FAKE_ENGINE);
        QStringList without; // names of variants, as they came, whose latency was left out
        connect(studio.document(), &Document::variantsChanged, &studio.window, [&] {
            for (const Variant &variant : studio.document()->variants()) {
                const QString name = QString::fromStdString(variant.name);
                if (!variant.measurement.latency && !without.contains(name))
                    without += name;
            }
        });
        disturb(studio, "Measuring the original");
        QVERIFY(studio.openAll());
        QCOMPARE(without, QStringList("Original"));
        QVERIFY(studio.document()->baseline()->measurement.latency);
        QCOMPARE(studio.document()->baseline()->measurement.images, 900);
        disturb(studio, "Measuring what was found");
        Budgets budgets;
        budgets.maxWeightsBytes = 6'000'000;
        studio.document()->setBudgets(budgets);
        studio.workflow()->solve();
        QVERIFY(studio.settle());
        QCOMPARE(without.size(), 2);
        const Variant *solved = studio.document()->measured();
        QVERIFY(solved && solved->quality == Quality::Final);
        QVERIFY(solved->measurement.latency && solved->measurement.againstBaseline);
    }

    // A plan that is asked for meanwhile makes a disturbed latency no better.
    void aLatencyIsJudgedByItsOwnJob()
    {
        qputenv("FAKE_TICK", "40");
        StudioDriver studio(FAKE_ENGINE);
        disturb(studio, "Measuring the plan");
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QList<bool> known; // whether the latency is, at the end of each time that it is taken again
        connect(studio.workflow()->queue(), &JobQueue::jobEnded, &studio.window, [&](const JobQueue::Item &item) {
            if (item.title.startsWith("Timing Plan"))
                known += studio.document()->session().variants[1].measurement.latency.has_value();
        });
        const auto timingAgain = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->stage == "timing" && state->title.startsWith("Timing Plan");
        };
        QTRY_VERIFY_WITH_TIMEOUT(timingAgain(), patience);
        QTest::keyClick(&studio.window, Qt::Key_F9);
        studio.document()->setMlpKeep({3}, 0.75);
        QVERIFY(studio.settle());
        QCOMPARE(known, (QList<bool>{false, true}));
        QVERIFY(studio.document()->measured()->measurement.latency);
    }

    void layersThatWereTimedWhileSomebodyTypedAreTimedAgain()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        const auto timing = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->stage == "layer times";
        };
        bool typed = false;
        connect(studio.workflow()->queue(), &JobQueue::changed, &studio.window, [&] {
            if (!timing() || typed)
                return;
            typed = true;
            QTimer::singleShot(0, &studio.window, [&] { QTest::keyClick(&studio.window, Qt::Key_F9); });
        });
        QVERIFY(studio.openAll());
        QVERIFY(typed);
        const auto items = studio.workflow()->queue()->items();
        const auto times = [&](JobQueue::Item::State state) {
            return std::ranges::count_if(items, [&](const JobQueue::Item &item) {
                return item.title == "Timing the layers" && item.state == state;
            });
        };
        // It gave way, and was not stopped.
        QCOMPARE(times(JobQueue::Item::State::Cancelled), 0);
        QCOMPARE(times(JobQueue::Item::State::Done), 1);
        QVERIFY(!studio.window.work()->logText().contains(": stopped"));
        QVERIFY(studio.document()->session().times);
    }

    // Who goes for the button is answered by another job's name there, and means the one that gave way to the pointer.
    void cancelStopsTheJobThatWasMeant()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openModel("/models/vit_tiny");
        studio.window.useCalibration("/data/calibration-images");
        const auto runs = [&](const QString &title, const QString &stage) {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->title == title && state->stage == stage;
        };
        QTRY_VERIFY_WITH_TIMEOUT(runs("Timing the layers", "layer times"), patience);
        QTest::mouseMove(&studio.window, {300, 300});
        QTRY_VERIFY_WITH_TIMEOUT(runs("Estimating sensitivity", "sensitivity"), patience);
        QTest::mouseClick(studio.button("Cancel"), Qt::LeftButton);
        QVERIFY(studio.settle());
        const auto items = studio.workflow()->queue()->items();
        const auto stateOf = [&](const char *title) {
            return std::ranges::find(items, QString(title), &JobQueue::Item::title)->state;
        };
        QVERIFY(stateOf("Timing the layers") == JobQueue::Item::State::Cancelled);
        QVERIFY(stateOf("Estimating sensitivity") == JobQueue::Item::State::Done);
        QVERIFY(!studio.document()->session().times && studio.document()->session().sensitivity);
        QVERIFY(studio.workflow()->isStopped());
        studio.workflow()->retry();
        QVERIFY(studio.settle());
        QVERIFY(studio.document()->session().times && !studio.workflow()->isStopped());
    }

    void solves()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        auto *box = studio.window.findChild<BudgetBox *>();
        QVERIFY(!box->solveButton()->isEnabled());
        auto *weights = box->findChildren<OptionalNumber *>().first();
        weights->setFocus();
        weights->selectAll();
        QTest::keyClicks(weights, "6");
        QTest::keyClick(weights, Qt::Key_Tab);
        QCOMPARE(studio.document()->session().budgets.maxWeightsBytes, std::optional<std::int64_t>(6'000'000));
        QVERIFY(box->solveButton()->isEnabled());
        QTest::mouseClick(box->solveButton(), Qt::LeftButton);
        QVERIFY(studio.workflow()->isSolving());
        QVERIFY(studio.settle());
        QVERIFY(!studio.document()->isOriginal());
        const Variant *found = studio.document()->measured();
        QVERIFY(found);
        QVERIFY(found->quality == Quality::Final);
        QVERIFY(found->measurement.weightsBytes <= 6'000'000);
        QVERIFY(studio.window.findChild<VerdictLine *>()->text().startsWith("fits 6\u00a0MB: yes"));
        QCOMPARE(studio.document()->undoStack()->count(), 2); // the budget, the plan
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(studio.document()->isOriginal());

        Budgets impossible;
        impossible.maxWeightsBytes = 1'000'000;
        studio.document()->setBudgets(impossible);
        QTest::mouseClick(box->solveButton(), Qt::LeftButton);
        QVERIFY(studio.settle());
        QVERIFY(studio.banner().contains("nearest"));
    }

    // The key counts what is being typed, whether there was a budget before or not.
    void solvesByKeyWhileABudgetIsTyped()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        auto *weights = studio.window.findChild<BudgetBox *>()->findChildren<OptionalNumber *>().first();
        for (const int megabytes : {6, 5}) {
            weights->setFocus();
            weights->selectAll();
            QTest::keyClicks(weights, QString::number(megabytes));
            QTest::keyClick(weights, Qt::Key_Return, Qt::ControlModifier);
            QVERIFY(studio.workflow()->isSolving());
            QCOMPARE(studio.document()->session().budgets.maxWeightsBytes,
                     std::optional<std::int64_t>(megabytes * 1'000'000));
            QVERIFY(studio.settle());
            QVERIFY(studio.document()->measured()->measurement.weightsBytes <= megabytes * 1'000'000);
        }
    }

    // What was asked for just now and is short does not wait for all that is measured.
    void chosenImagesComeBeforeWhatIsMeasured()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openModel("/models/vit_tiny");
        studio.window.useCalibration("/data/calibration-images");
        const auto isProfiling = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->title == "Profiling" && state->waiting.size() > 2;
        };
        QTRY_VERIFY_WITH_TIMEOUT(isProfiling(), patience);
        studio.window.useData("/data/val-images");
        QCOMPARE(studio.workflow()->queue()->state()->waiting.first(), QString("Reading the images' names"));
        QVERIFY(studio.settle());
        QVERIFY(studio.document()->baseline());
        // Of what is measured, what takes longest came last.
        const auto items = studio.workflow()->queue()->items();
        const auto place = [&](const char *title) {
            return std::ranges::find(items, QString(title), &JobQueue::Item::title) - items.begin();
        };
        QVERIFY(place("Measuring the original") < static_cast<std::ptrdiff_t>(items.size()));
        QVERIFY(place("Measuring the original") < place("Measuring sensitivity"));
    }

    // Another model opens at once, whatever is measured of the one before; where it does not open, that goes on.
    void openingDoesNotWaitForTheModelBefore()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openModel("/models/vit_tiny");
        studio.window.useCalibration("/data/calibration-images");
        const auto isProfiling = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->title == "Profiling";
        };
        QTRY_VERIFY_WITH_TIMEOUT(isProfiling(), patience);
        QSignalSpy opened(studio.workflow(), &Workflow::opened);
        studio.workflow()->openModel("/models/missing");
        QVERIFY(opened.wait(patience));
        QVERIFY(!opened[0][0].toString().isEmpty());
        const auto profilings = [&](JobQueue::Item::State state) {
            return std::ranges::count_if(studio.workflow()->queue()->items(), [&](const JobQueue::Item &item) {
                return item.title == "Profiling" && item.state == state;
            });
        };
        QCOMPARE(profilings(JobQueue::Item::State::Cancelled), 1);
        QVERIFY(studio.settle());
        QCOMPARE(profilings(JobQueue::Item::State::Done), 1);
        QVERIFY(studio.document()->session().profile && studio.document()->session().sensitivity);
    }

    // An edit that was made while a model was being opened is not lost without a word.
    void asksAgainWhenEditedWhileOpening()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        for (const auto answer : {QMessageBox::Cancel, QMessageBox::Discard}) {
            studio.document()->setMlpKeep({3}, answer == QMessageBox::Cancel ? 0.5 : 0.25);
            QTRY_VERIFY_WITH_TIMEOUT(studio.document()->soFar(), patience);
            studio.document()->saved({});
            QSignalSpy opened(studio.workflow(), &Workflow::opened);
            Answering answering(answer);
            studio.window.openModel("/models/other"); // waits for the plan that is measured
            studio.document()->setMlpKeep({4}, answer == QMessageBox::Cancel ? 0.5 : 0.75);
            QTRY_COMPARE_WITH_TIMEOUT(opened.size(), 1, patience);
            QCOMPARE(answering.asked, 1);
            QCOMPARE(studio.document()->session().summary.identity,
                     std::string(answer == QMessageBox::Cancel ? "tiny" : "other"));
            QCOMPARE(studio.keepOf(3), answer == QMessageBox::Cancel ? 0.5 : 1.0);
        }
        QVERIFY(studio.settle());
    }

    // What was asked with the calibration images before is not kept as these images'.
    void otherCalibrationImagesBeginAnew()
    {
        qputenv("FAKE_TICK", "10");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        const int before = studio.document()->measured()->id;
        QCOMPARE(studio.document()->measured()->calibration, std::string("/data/calibration-images"));
        studio.document()->setMlpKeep({3}, 0.75);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->soFar(), patience);
        studio.window.useCalibration("/data/other-calibration-images");
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        const Variant *measured = studio.document()->measured();
        QVERIFY(measured && measured->id != before);
        QCOMPARE(measured->calibration, std::string("/data/other-calibration-images"));
        for (const Variant &variant : studio.document()->variants())
            QVERIFY(variant.isBaseline() || variant.calibration == measured->calibration);
    }

    // What nobody asked for does not keep anybody waiting; what somebody asked for is done.
    void theIdleCheckGivesWay()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        const auto isChecking = [&] {
            const auto &state = studio.workflow()->queue()->state();
            return state && state->title == "Checking how images are prepared";
        };
        QVERIFY(studio.openAll());
        LayerTimes fast = *studio.document()->session().times;
        fast.fp32Milliseconds = 10; // so that the check takes no longer than it may
        studio.document()->setTimes(fast);
        QTRY_VERIFY_WITH_TIMEOUT(isChecking(), patience);
        QVERIFY(!studio.workflow()->isLinting()); // whoever wants it may still ask for it
        studio.workflow()->runRecipe();
        QTRY_VERIFY_WITH_TIMEOUT(!isChecking(), patience);
        QVERIFY(!studio.workflow()->lint());
        QTRY_VERIFY_WITH_TIMEOUT(isChecking(), patience);
        studio.workflow()->lintPreprocessing();
        QVERIFY(studio.workflow()->isLinting());
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        QVERIFY(studio.workflow()->lint());
        const auto items = studio.workflow()->queue()->items();
        QCOMPARE(std::ranges::count_if(items,
                                       [](const JobQueue::Item &item) {
                                           return item.title == "Checking how images are prepared" &&
                                                  item.state == JobQueue::Item::State::Cancelled;
                                       }),
                 1);
    }

    void runsTheRecipe()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        QPushButton *run = studio.button("Run EdgeFlex Recipe");
        QVERIFY(run && run->isEnabled());
        QTest::mouseClick(run, Qt::LeftButton);
        QVERIFY(studio.workflow()->isRecipeRunning());
        QVERIFY(studio.settle());
        const std::vector<int> recipe = studio.document()->recipe();
        QCOMPARE(recipe.size(), std::size_t{4});
        std::int64_t before = std::numeric_limits<std::int64_t>::max();
        for (const int id : recipe) {
            const Variant *step = studio.document()->variant(id);
            QVERIFY(step && step->measurement.weightsBytes < before);
            before = step->measurement.weightsBytes;
            QVERIFY(studio.plot(TradeoffPlot::Cost::Weights)->variantPoint(id));
        }
        bool inTable = false;
        for (const QTableView *table : studio.window.findChildren<QTableView *>())
            inTable = inTable || (table->accessibleName() == "Steps of the recipe" && table->model()->rowCount() == 4);
        QVERIFY(inTable);
        // A click on a point selects it; its plan can be taken, and given back.
        TradeoffPlot *plot = studio.plot(TradeoffPlot::Cost::Weights);
        plot->replot();
        QTest::mouseClick(plot, Qt::LeftButton, {}, plot->pixelOf(*plot->variantPoint(recipe[1])));
        QVERIFY(studio.window.page()->hasSelectedVariant());
        QTest::mouseClick(studio.button("Use This Plan"), Qt::LeftButton);
        QVERIFY(!studio.document()->isOriginal());
        QCOMPARE(studio.document()->measured()->id, recipe[1]);
        QTest::keyClick(&studio.window, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(studio.document()->isOriginal());
    }

    void cancelsTheRecipe()
    {
        qputenv("FAKE_TICK", "10");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.workflow()->runRecipe();
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->variants().size() >= 2, patience);
        QTRY_VERIFY_WITH_TIMEOUT(studio.workflow()->queue()->state(), patience);
        QTest::mouseClick(studio.button("Cancel"), Qt::LeftButton);
        QVERIFY(studio.settle());
        QVERIFY(!studio.workflow()->isRecipeRunning());
        QVERIFY(studio.document()->recipe().empty());
        QVERIFY(studio.document()->variants().size() >= 2); // what was measured stays
    }

    void anEngineThatDiesLosesNothing()
    {
        const QString marker = m_folder.filePath("crashed");
        QFile::remove(marker);
        qputenv("FAKE_CRASH", ("draft:" + marker).toLocal8Bit());
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("Measuring the plan"), patience);
        QVERIFY(studio.settle());
        QVERIFY(QFile::exists(marker));
        QVERIFY(studio.document()->measured());
        QCOMPARE(studio.keepOf(3), 0.5);
        QCOMPARE(studio.document()->undoStack()->count(), 1);
    }

    void aJobThatKillsEveryEngineIsGivenUp()
    {
        qputenv("FAKE_CRASH", "draft:"); // each time
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("ended") || studio.banner().contains("crashed"), patience);
        QVERIFY(studio.settle());
        QVERIFY(!studio.document()->measured());
        QCOMPARE(studio.keepOf(3), 0.5);
    }

    void aFailedProfileIsToldAndTriedAgain()
    {
        qputenv("FAKE_FAIL", "profile");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openModel("vit_tiny");
        studio.window.useCalibration("/data/calibration-images");
        studio.window.useData("/data/val-images");
        QVERIFY(studio.settle());
        QVERIFY(studio.banner().contains("profile failed"));
        QVERIFY(!studio.workflow()->isReady());
        qunsetenv("FAKE_FAIL");
        studio.window.engine()->stop();
        studio.workflow()->retry();
        QTRY_VERIFY_WITH_TIMEOUT(studio.workflow()->isReady(), patience);
    }

    void exports()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        QTest::keyClick(&studio.window, Qt::Key_E, Qt::ControlModifier);
        auto *dialog = studio.window.findChild<ExportDialog *>();
        QVERIFY(dialog && dialog->isVisible());
        const QString file = m_folder.filePath("small model.onnx");
        // By keys, in the order in which the dialog is read.
        dialog->activateWindow();
        QTRY_COMPARE(QApplication::activeWindow(), static_cast<QWidget *>(dialog));
        QStringList order;
        for (int tabs = 0; tabs < 12; ++tabs) {
            const QWidget *at = QApplication::focusWidget();
            QString name = at->accessibleName();
            if (const auto *button = qobject_cast<const QAbstractButton *>(at))
                name = button->text();
            order += name.remove('&');
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        const qsizetype start = order.indexOf("ONNX file");
        QVERIFY2(start >= 0, qPrintable(order.join(", ")));
        QCOMPARE(order.mid(start, 4), (QStringList{"ONNX file", "Write to", "Browse…", order[start + 3]}));
        QVERIFY2(order[start + 3].startsWith("Load it again"), qPrintable(order.join(", ")));
        auto *path = dialog->findChild<QLineEdit *>();
        path->setFocus();
        path->selectAll();
        QTest::keyClicks(path, file);
        QVERIFY(dialog->snippet().contains("onnxruntime.InferenceSession(\"" + file));
        for (QPushButton *button : dialog->findChildren<QPushButton *>()) {
            if (button->text() == "Cop&y")
                QTest::mouseClick(button, Qt::LeftButton);
        }
        QCOMPARE(QGuiApplication::clipboard()->text(), dialog->snippet());
        QSignalSpy exported(studio.workflow(), &Workflow::exported);
        path->setFocus();
        QTest::keyClick(path, Qt::Key_Return);
        QVERIFY(studio.workflow()->isExporting());
        QTRY_COMPARE_WITH_TIMEOUT(exported.size(), 1, patience);
        QVERIFY(QFile::exists(file));
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!studio.window.findChild<ExportDialog *>());
    }

    void stopsAnExport()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        qputenv("FAKE_HANG", "export");
        studio.window.engine()->stop();
        studio.window.engine()->start();
        ExportDialog dialog(studio.document(), studio.workflow(), &studio.window);
        dialog.setPath(m_folder.filePath("never.onnx"));
        dialog.show();
        QSignalSpy failed(studio.workflow(), &Workflow::exportFailed);
        dialog.accept();
        QTest::qWait(100);
        dialog.reject();
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
        QCOMPARE(failed[0][0].toString(), QString());
        QVERIFY(dialog.isVisible());
    }

    // It stops the export, not what the export waits for.
    void stopsAnExportThatWaits()
    {
        qputenv("FAKE_TICK", "20");
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->soFar(), patience);
        ExportDialog dialog(studio.document(), studio.workflow(), &studio.window);
        dialog.setPath(m_folder.filePath("waits.onnx"));
        dialog.show();
        QSignalSpy failed(studio.workflow(), &Workflow::exportFailed);
        dialog.accept();
        const auto says = [&](const QString &text) {
            return std::ranges::any_of(dialog.findChildren<QLabel *>(),
                                       [&](const QLabel *label) { return label->text() == text; });
        };
        QTRY_VERIFY(says("Waits for: Measuring the plan"));
        dialog.reject();
        QTRY_COMPARE_WITH_TIMEOUT(failed.size(), 1, patience);
        QVERIFY(says("The export was stopped."));
        QVERIFY(studio.settle());
        QVERIFY(studio.document()->measured());
        QVERIFY(!QFile::exists(m_folder.filePath("waits.onnx")));
    }

    void writesReports()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.workflow()->runRecipe();
        QVERIFY(studio.settle());
        for (const ReportFormat format :
             {ReportFormat::Pdf, ReportFormat::Html, ReportFormat::Markdown, ReportFormat::Csv, ReportFormat::Json}) {
            const QString file = m_folder.filePath("report." + fileEnding(format));
            exportReport(studio.document()->session(), format, file);
            QFile written(file);
            QVERIFY(written.open(QIODevice::ReadOnly));
            QVERIFY2(written.size() > 1000, qPrintable(file));
        }
        QVERIFY_EXCEPTION_THROWN(
            exportReport(studio.document()->session(), ReportFormat::Html, "/nonexistent/report.html"), Error);
    }

    void savesAndOpensSessions()
    {
        const QString folder = m_folder.filePath("tiny.edgeflex");
        Session saved;
        {
            StudioDriver studio(FAKE_ENGINE);
            QVERIFY(studio.openAll());
            studio.document()->setMlpKeep({3}, 0.5);
            Budgets budgets;
            budgets.maxWeightsBytes = 8'000'000;
            studio.document()->setBudgets(budgets);
            QVERIFY(studio.settle());
            QVERIFY(studio.window.isWindowModified());
            QVERIFY(studio.window.saveTo(folder));
            QVERIFY(!studio.window.isWindowModified());
            QVERIFY(studio.window.windowTitle().contains("tiny.edgeflex"));
            saved = studio.document()->session();
        }
        QVERIFY(isSession(folder));
        QVERIFY(recentSessions().contains(folder));
        qputenv("FAKE_START", "1500");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openSession(folder);
        // At once, before there is an engine.
        QVERIFY(studio.document()->hasModel());
        QVERIFY(studio.document()->session() == saved);
        QVERIFY(studio.document()->measured());
        QVERIFY(studio.plot(TradeoffPlot::Cost::Weights)->variantPoint(saved.variants[1].id));
        QVERIFY(studio.window.engine()->state() == EngineClient::State::Starting);
        QVERIFY(studio.settle());
        QCOMPARE(studio.banner(), QString());
        QVERIFY(studio.document()->session().variants == saved.variants); // nothing is measured twice
    }

    void noticesOtherWeights()
    {
        Session session;
        {
            StudioDriver studio(FAKE_ENGINE);
            QVERIFY(studio.openAll());
            session = studio.document()->session();
        }
        const QString folder = m_folder.filePath("moved.edgeflex");
        session.model.path = "/models/missing";
        saveSession(session, folder);
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("no model"), patience);
        QVERIFY(studio.button("Locate the Model"));
        QCOMPARE(studio.document()->session().variants.size(), session.variants.size());
        studio.workflow()->locateModel("/models/other");
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("are not those"), patience);
        QVERIFY(!studio.workflow()->isReady());
        studio.workflow()->locateModel("/models/vit_tiny_again");
        QTRY_COMPARE_WITH_TIMEOUT(studio.document()->session().model.path, std::string("/models/vit_tiny_again"),
                                  patience);
        QVERIFY(studio.settle());
        QVERIFY(studio.workflow()->isReady());
    }

    // Other weights stay others until they were looked at again.
    void tryingAgainDoesNotTrustOtherWeights()
    {
        Session session;
        {
            StudioDriver studio(FAKE_ENGINE);
            QVERIFY(studio.openAll());
            session = studio.document()->session();
        }
        const QString folder = m_folder.filePath("replaced.edgeflex");
        session.model.path = "/models/other";
        saveSession(session, folder);
        qputenv("FAKE_HANG", "inspect");
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openSession(folder);
        QTRY_VERIFY_WITH_TIMEOUT(studio.workflow()->queue()->state(), patience);
        QTest::qWait(50);
        QTest::keyClick(&studio.window, Qt::Key_Escape);
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("Try Again"), patience);
        QVERIFY(studio.settle());
        QVERIFY(!studio.workflow()->isReady() && studio.workflow()->isStopped());
        qunsetenv("FAKE_HANG");
        studio.window.engine()->stop();
        for (int i = 0; i < 2; ++i) {
            QTest::keyClick(&studio.window, Qt::Key_F5);
            QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("are not those"), patience);
            QVERIFY(studio.settle());
            QVERIFY(!studio.workflow()->isReady());
        }
        studio.document()->setMlpKeep({3}, 0.5);
        QTest::qWait(2 * Workflow::restMs);
        QVERIFY(studio.settle());
        QCOMPARE(studio.document()->session().variants.size(), session.variants.size());
    }

    void asksBeforeItForgets()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        studio.document()->setMlpKeep({3}, 0.5);
        QVERIFY(studio.settle());
        Answering answering(QMessageBox::Cancel);
        studio.window.close();
        QCOMPARE(answering.asked, 1);
        QVERIFY(studio.window.isVisible());
    }

    void aBrokenSessionIsNamed()
    {
        const QString folder = m_folder.filePath("broken.edgeflex");
        QVERIFY(QDir().mkpath(folder));
        QFile file(folder + "/session.json");
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{\"formatVersion\": 1");
        file.close();
        StudioDriver studio(FAKE_ENGINE);
        studio.window.openSession(folder);
        QVERIFY(studio.banner().contains("session.json"));
        QVERIFY(!studio.document()->hasModel());
    }

    void otherConditionsHideNotForget()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        const int id = studio.document()->baseline()->id;
        studio.document()->setBatch(4);
        QVERIFY(!studio.document()->baseline());
        QVERIFY(studio.settle());
        QVERIFY(studio.document()->baseline());
        QVERIFY(studio.document()->baseline()->id != id);
        studio.document()->setBatch(1);
        QCOMPARE(studio.document()->baseline()->id, id);
        QVERIFY(studio.settle());
    }

    void nothingIsCutOff_data()
    {
        QTest::addColumn<QString>("language");
        QTest::newRow("en") << "en";
        QTest::newRow("de") << "de";
    }
    void nothingIsCutOff()
    {
        QFETCH(QString, language);
        QTranslator translator;
        if (language != "en") {
            QVERIFY(translator.load(QString(EDGEFLEX_BINARY_DIR) + "/app/studio/edgeflex_" + language + ".qm"));
            QCoreApplication::installTranslator(&translator);
        }
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        Budgets budgets;
        budgets.maxWeightsBytes = 7'500'000;
        budgets.maxPeakBytes = 8'500'000;
        budgets.maxLatencyRatio = 0.3;
        budgets.maxDropPoints = 0.1;
        studio.document()->setBudgets(budgets);
        studio.document()->setMlpKeep({3, 4, 5}, 0.5);
        QVERIFY(studio.settle());
        QCoreApplication::processEvents();
        QCOMPARE(studio.window.size(), QSize(1280, 800));
        for (const QWidget *widget : studio.window.page()->findChildren<QWidget *>()) {
            const bool hasText =
                qobject_cast<const QLabel *>(widget) || qobject_cast<const QAbstractButton *>(widget) ||
                qobject_cast<const QComboBox *>(widget) || qobject_cast<const QAbstractSpinBox *>(widget);
            if (!hasText || !widget->isVisible() || widget->parentWidget()->inherits("QTabBar") ||
                widget->inherits("QTableCornerButton"))
                continue;
            const QSize wanted = widget->minimumSizeHint();
            QVERIFY2(widget->width() >= wanted.width() && widget->height() >= wanted.height(),
                     qPrintable(QString("%1 '%2' is %3x%4 and wants %5x%6")
                                    .arg(widget->metaObject()->className(), widget->accessibleName())
                                    .arg(widget->width())
                                    .arg(widget->height())
                                    .arg(wanted.width())
                                    .arg(wanted.height())));
            const QRect inWindow(widget->mapTo(&studio.window, QPoint()), widget->size());
            QVERIFY(studio.window.rect().contains(inWindow));
        }
    }

    void everyControlHasAName()
    {
        StudioDriver studio(FAKE_ENGINE);
        QVERIFY(studio.openAll());
        for (const QWidget *widget : studio.window.findChildren<QWidget *>()) {
            const bool control =
                qobject_cast<const QAbstractSpinBox *>(widget) || qobject_cast<const QComboBox *>(widget) ||
                qobject_cast<const QAbstractItemView *>(widget) || qobject_cast<const QCustomPlot *>(widget);
            const bool inside =
                widget->parentWidget() &&
                (widget->parentWidget()->inherits("QComboBoxPrivateContainer") || widget->inherits("QHeaderView"));
            QVERIFY2(!control || inside || !widget->accessibleName().isEmpty(), widget->metaObject()->className());
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(tst_MainWindow)
#include "tst_mainwindow.moc"
