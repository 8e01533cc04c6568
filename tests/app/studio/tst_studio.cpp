#include "studiodriver.h"

#include "app/studio/exportdialog.h"
#include "app/studio/reportexport.h"
#include "app/studio/sessionstore.h"
#include "plan/compressionplan.h"
#include "widgets/verdictline.h"

#include <QFile>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>

#include <signal.h>

using namespace edgeflex;
using namespace edgeflex::test;

// The window with the real engine, on a small model and small images.
class tst_Studio : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        useSettingsOf(m_folder.path());
        qputenv("XDG_CACHE_HOME", m_folder.filePath("cache").toLocal8Bit());
        QProcess world;
        world.start(SMALL_WORLD, {m_folder.path()});
        QVERIFY(world.waitForFinished(patience));
        QCOMPARE(world.exitCode(), 0);
    }
    void init()
    {
        QLocale::setDefault(QLocale::c());
        m_studio = std::make_unique<StudioDriver>(REAL_ENGINE);
        m_studio->window.openModel(m_folder.filePath("model"));
        m_studio->window.useCalibration(m_folder.filePath("calibration"));
        m_studio->window.useData(m_folder.filePath("data"));
        QVERIFY(m_studio->settle());
        QCOMPARE(m_studio->banner(), QString());
        QVERIFY(m_studio->workflow()->isReady());
    }
    void cleanup() { m_studio.reset(); }

    void learnsAndMeasures()
    {
        StudioDriver &studio = *m_studio;
        const Session &session = studio.document()->session();
        QCOMPARE(session.profile->layers.size(), std::size_t{10}); // two blocks, the embedding and the head
        QCOMPARE(studio.document()->calibrationSummary()->images, 120);
        QCOMPARE(studio.document()->dataSummary()->images, 200);
        QVERIFY(!session.summary.identity.empty());
        QCOMPARE(studio.document()->baseline()->measurement.images, 200);
        QVERIFY(studio.document()->baseline()->measurement.latency);

        QSignalSpy streamed(studio.document(), &Document::predictionChanged);
        studio.press(0, 0.5);
        studio.moveTo(0, 0.4);
        QTRY_VERIFY(studio.plot(TradeoffPlot::Cost::Weights)->currentPoint());
        studio.release(0, 0.4);
        QTRY_VERIFY_WITH_TIMEOUT(studio.document()->measured(), patience);
        QVERIFY(studio.settle());
        const Measurement &measured = studio.document()->measured()->measurement;
        QCOMPARE(measured.images, 200);
        QVERIFY(measured.againstBaseline);
        // What was predicted of the weights and of the peak is what came out.
        QCOMPARE(measured.weightsBytes, studio.document()->prediction()->weightsBytes);
        QCOMPARE(measured.peakMemory.allocatorBytes, studio.document()->prediction()->peakBytes);
        QVERIFY(studio.window.findChild<VerdictLine *>()->text().contains("measured on 200 images"));
    }

    void runsTheRecipeAndWritesItUp()
    {
        StudioDriver &studio = *m_studio;
        studio.workflow()->runRecipe();
        QVERIFY(studio.settle());
        QCOMPARE(studio.banner(), QString());
        QCOMPARE(studio.document()->recipe().size(), std::size_t{4});
        const QString file = m_folder.filePath("report.html");
        exportReport(studio.document()->session(), ReportFormat::Html, file);
        QVERIFY(QFile(file).size() > 5000);
    }

    void solvesAndExports()
    {
        StudioDriver &studio = *m_studio;
        Budgets budgets;
        budgets.maxWeightsBytes = studio.document()->baseline()->measurement.weightsBytes * 45 / 100;
        studio.document()->setBudgets(budgets);
        studio.workflow()->solve();
        QVERIFY(studio.settle());
        const Variant *found = studio.document()->measured();
        QVERIFY(found);
        QVERIFY(found->quality == Quality::Final);
        QVERIFY(found->measurement.weightsBytes <= *budgets.maxWeightsBytes);

        studio.document()->setMlpKeep({1}, 0.5); // not what was solved: compressed once more
        ExportDialog dialog(studio.document(), studio.workflow(), &studio.window);
        dialog.setPath(m_folder.filePath("small.onnx"));
        QSignalSpy exported(studio.workflow(), &Workflow::exported);
        QSignalSpy failed(studio.workflow(), &Workflow::exportFailed);
        dialog.show();
        dialog.accept();
        QTRY_VERIFY_WITH_TIMEOUT(exported.size() + failed.size() == 1, patience);
        QVERIFY2(failed.empty(), failed.empty() ? "" : qPrintable(failed[0][0].toString()));
        QVERIFY(QFile(m_folder.filePath("small.onnx")).size() > 1000);
        QVERIFY(studio.settle());
    }

    void survivesAKilledEngine()
    {
        StudioDriver &studio = *m_studio;
        studio.workflow()->runRecipe();
        QTRY_VERIFY_WITH_TIMEOUT(
            studio.workflow()->queue()->state() && !studio.workflow()->queue()->state()->stage.isEmpty(), patience);
        const auto engine = studio.window.engine()->processId();
        QVERIFY(engine > 0);
        QCOMPARE(::kill(static_cast<pid_t>(engine), SIGKILL), 0);
        QTRY_VERIFY_WITH_TIMEOUT(studio.banner().contains("Nothing is lost"), patience);
        QVERIFY(studio.settle());
        QCOMPARE(studio.document()->recipe().size(), std::size_t{4});
    }

    void cancelsInTime()
    {
        StudioDriver &studio = *m_studio;
        // A draft of so small a model is over before one could look whether it runs.
        QElapsedTimer timer;
        QObject context;
        connect(studio.workflow(), &Workflow::changed, &context, [&] {
            if (timer.isValid() || !studio.workflow()->isMeasuringPlan() || !studio.workflow()->queue()->state())
                return;
            timer.start();
            QMetaObject::invokeMethod(
                &context, [&] { studio.workflow()->cancelRunning(); }, Qt::QueuedConnection);
        });
        studio.document()->setMlpKeep({0, 1}, 0.5);
        QTRY_VERIFY_WITH_TIMEOUT(timer.isValid(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!studio.workflow()->isMeasuringPlan(), patience);
        QVERIFY2(timer.elapsed() < EngineClient::cancelGraceMs + 300, qPrintable(QString::number(timer.elapsed())));
    }

    void reopensItsSession()
    {
        const QString folder = m_folder.filePath("small.edgeflex");
        m_studio->document()->setMlpKeep({0}, 0.5);
        QVERIFY(m_studio->settle());
        QVERIFY(m_studio->window.saveTo(folder));
        const Session saved = m_studio->document()->session();
        m_studio = std::make_unique<StudioDriver>(REAL_ENGINE);
        m_studio->window.openSession(folder);
        QVERIFY(m_studio->document()->session() == saved);
        QVERIFY(m_studio->settle());
        QCOMPARE(m_studio->banner(), QString());
        QVERIFY(m_studio->document()->session().variants == saved.variants);
        m_studio->workflow()->locateModel(m_folder.filePath("other"));
        QTRY_VERIFY_WITH_TIMEOUT(m_studio->banner().contains("are not those"), patience);
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<StudioDriver> m_studio;
};

QTEST_MAIN(tst_Studio)
#include "tst_studio.moc"
