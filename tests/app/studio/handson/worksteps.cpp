#include "handson.h"

#include "app/studio/jobtablemodel.h"
#include "app/studio/workpanel.h"

#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QTableView>

#include <signal.h>

namespace edgeflex::test {
namespace {

// The jobs of the engine: watched, stopped, taken up again, and an engine that is killed.
class WorkSteps : public QObject
{
    Q_OBJECT

public:
    explicit WorkSteps(HandsOn &hands) : m_hands(hands) {}

private:
    HandsOn &m_hands;
    bool m_smaller = false;

    // Another plan than all before it, so that it must be measured.
    void moveASlider()
    {
        m_smaller = !m_smaller;
        m_hands.dragSlider(m_hands.world().blocks - 1, m_smaller ? 0.25 : 0.85);
    }
    // Calls `act` once, while the plan is being measured.
    void whileMeasuring(QObject *context, std::function<void()> act)
    {
        const auto done = std::make_shared<bool>(false);
        connect(m_hands.workflow()->queue(), &JobQueue::changed, context, [this, done, act, context] {
            if (*done || !m_hands.workflow()->isMeasuringPlan() || !m_hands.workflow()->queue()->state())
                return;
            *done = true;
            QMetaObject::invokeMethod(context, act, Qt::QueuedConnection);
        });
    }

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_hands.isReady());
        m_hands.showPage(WorkPage::Tune);
    }

    void listsJobs()
    {
        m_hands.key(Qt::Key_J);
        auto *jobs = m_hands.named<QTableView>("Jobs");
        QVERIFY(jobs);
        QVERIFY(jobs->model()->rowCount() > 5);
        QVERIFY(HandsOn::said(m_hands.window()->work()).contains("Engine ready"));
        const QString log = m_hands.window()->work()->logText();
        for (const char *title :
             {"Profiling: done in", "Measuring sensitivity: done in", "Measuring the plan: done in"})
            QVERIFY2(log.contains(title), title);
        m_hands.click(m_hands.button("Copy"));
        QCOMPARE(QGuiApplication::clipboard()->text(), log);
    }

    // A job that runs ends within the time that its engine is given, and is not begun again by itself.
    void stopsAndGoesOn()
    {
        QObject context;
        QElapsedTimer stopping;
        whileMeasuring(&context, [&] {
            stopping.start();
            m_hands.key(Qt::Key_Escape, {});
        });
        moveASlider();
        QTRY_VERIFY_WITH_TIMEOUT(stopping.isValid(), patience);
        QTRY_VERIFY_WITH_TIMEOUT(!m_hands.workflow()->isMeasuringPlan(), patience);
        QVERIFY2(stopping.elapsed() < EngineClient::cancelGraceMs + 100,
                 qPrintable(QString::number(stopping.elapsed())));
        QVERIFY(m_hands.settle());
        QVERIFY(!m_hands.document()->measured());
        QVERIFY(m_hands.window()->work()->logText().contains("Measuring the plan: stopped"));
        m_hands.click(m_hands.button("Measure Plan"));
        QVERIFY(m_hands.measured());
    }

    // kill -9 of the engine in the middle of a job: the window stays, and so does all that was measured.
    void losesNothingWithItsEngine()
    {
        const std::size_t before = m_hands.document()->session().variants.size();
        const auto engine = m_hands.window()->engine()->processId();
        QVERIFY(engine > 0);
        QObject context;
        bool killed = false;
        whileMeasuring(&context, [&] { killed = ::kill(static_cast<pid_t>(engine), SIGKILL) == 0; });
        moveASlider();
        QTRY_VERIFY_WITH_TIMEOUT(killed, patience);
        QTRY_VERIFY_WITH_TIMEOUT(m_hands.studio().banner().contains("Nothing is lost"), patience);
        QVERIFY(m_hands.measured());
        QCOMPARE(m_hands.document()->session().variants.size(), before + 1);
        QVERIFY(m_hands.window()->engine()->processId() != engine);
        m_hands.key(Qt::Key_J);
    }

    void runsTheRecipe()
    {
        m_hands.key(Qt::Key_R);
        QVERIFY(m_hands.workflow()->isRecipeRunning());
        QVERIFY(m_hands.settle());
        QCOMPARE(m_hands.document()->recipe().size(), std::size_t{4});
    }
};

} // namespace

std::unique_ptr<QObject> makeWorkSteps(HandsOn &hands)
{
    return std::make_unique<WorkSteps>(hands);
}

} // namespace edgeflex::test

#include "worksteps.moc"
