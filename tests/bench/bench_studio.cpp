#include "app/studio/demofiles.h"
#include "app/studio/studiodriver.h"
#include "reference/syntheticsession.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QThread>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <unistd.h>

// How quick the window is: from its start to its first picture, and from a move of a slider to both trade-off plots on
// the screen again, for a ViT-Huge with 200 measured variants, alone and beside an engine that computes on all threads;
// and on the demo from the end of a move to the first measured accuracy, and from a new move to an engine that is free.
using namespace edgeflex;

namespace {

constexpr int launches = 20;
constexpr int moves = 500;
constexpr int variants = 200;
constexpr int rests = 8;
constexpr int mouseMs = 16; // between two moves of a mouse
constexpr int engineNiceness = 5;
constexpr char firstPaint[] = "--first-paint";

double monotonicMs()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
}

double quantile(std::vector<double> values, double share)
{
    std::sort(values.begin(), values.end());
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1) + 0.5)];
}

void print(const char *what, const std::vector<double> &milliseconds)
{
    std::printf("%-58s median %6.1f ms, p99 %6.1f ms, most %6.1f ms (%zu)\n", what, quantile(milliseconds, 0.5),
                quantile(milliseconds, 0.99), quantile(milliseconds, 1), milliseconds.size());
    std::fflush(stdout);
}

// Notes that a widget was painted.
class PaintWatch : public QObject
{
public:
    explicit PaintWatch(QWidget *widget) : QObject(widget) { widget->installEventFilter(this); }
    bool eventFilter(QObject *, QEvent *event) override
    {
        painted = painted || event->type() == QEvent::Paint;
        return false;
    }
    bool painted = false;
};

// What the studio's main() does until there is a picture; prints when that was, and its memory.
int showFirstPaint(QApplication &app)
{
    MainWindow window(REAL_ENGINE);
    PaintWatch watch(&window);
    window.show();
    while (!watch.painted)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::printf("%.3f\n", monotonicMs());
    std::fflush(stdout);
    app.processEvents();
    return 0;
}

void benchLaunch()
{
    std::vector<double> milliseconds;
    for (int i = 0; i < launches; ++i) {
        QProcess child;
        const double started = monotonicMs();
        child.start(QApplication::applicationFilePath(), {firstPaint});
        if (!child.waitForFinished(60000) || child.exitCode() != 0)
            qFatal("the window did not start: %s", child.readAllStandardError().constData());
        const double painted = child.readAllStandardOutput().toDouble();
        if (i > 0) // the first one reads the libraries from the disk
            milliseconds.push_back(painted - started);
    }
    print("launch to first paint", milliseconds);
}

Session hugeSession()
{
    Session session = test::syntheticSession(test::SyntheticModel::VitHuge);
    const Measurement baseline = session.variants.front().measurement;
    while (session.variants.size() < variants) {
        Variant variant;
        variant.id = session.nextVariantId();
        variant.name = "plan " + std::to_string(variant.id);
        variant.plan = test::mixedPlan(session.summary.spec, 0.4 + 0.6 * variant.id / variants,
                                       variant.id % 3 ? NumberFormat::Int8 : NumberFormat::Int4);
        variant.measurement = test::syntheticMeasurement(session, variant.plan, &baseline, variant.quality, variant.id);
        session.variants.push_back(variant);
    }
    return session;
}

// An engine at work on all threads, at the priority that the window gives to its own.
class BusyEngine
{
public:
    BusyEngine()
    {
        run(SMALL_WORLD, {m_folder.filePath("world")});
        run(REAL_ENGINE, {"synthesize", "vit-base", "--classes", "10", "--out", m_folder.filePath("base")});
        m_process.setChildProcessModifier([] { [[maybe_unused]] const int niceness = ::nice(engineNiceness); });
        m_process.setStandardErrorFile(QProcess::nullDevice());
        m_process.setStandardOutputFile(QProcess::nullDevice());
        m_process.start(REAL_ENGINE, {"measure", m_folder.filePath("base"), "--data", m_folder.filePath("world/data"),
                                      "--repeats", "1000000"});
        m_process.waitForStarted();
        QTest::qWait(8000); // loaded and computing
        if (m_process.state() != QProcess::Running)
            qFatal("the engine that should be busy is not");
    }
    ~BusyEngine()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

private:
    static void run(const QString &program, const QStringList &arguments)
    {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished(120000) || process.exitCode() != 0)
            qFatal("%s failed: %s", qPrintable(program), process.readAllStandardError().constData());
    }

    QTemporaryDir m_folder;
    QProcess m_process;
};

void benchMoves(const char *what)
{
    test::StudioDriver studio(REAL_ENGINE);
    studio.document()->setSession(hugeSession(), {});
    QTest::qWait(1000);
    PaintWatch *plots[] = {new PaintWatch(studio.plot(TradeoffPlot::Cost::Weights)),
                           new PaintWatch(studio.plot(TradeoffPlot::Cost::Latency))};
    bool predicted = false;
    QObject::connect(studio.document(), &Document::predictionChanged, [&] {
        predicted = true;
        for (PaintWatch *plot : plots)
            plot->painted = false; // only what is painted from now on shows the plan as it is
    });

    std::vector<double> milliseconds;
    studio.press(3, studio.keepOf(3));
    for (int i = 0; i < moves; ++i) {
        QTest::qWait(mouseMs);
        const CompressionPlan before = studio.document()->plan();
        predicted = plots[0]->painted = plots[1]->painted = false;
        QElapsedTimer timer;
        timer.start();
        studio.moveTo(3, 0.2 + 0.7 * (i % 97) / 97.0);
        if (studio.document()->plan() == before)
            continue; // the same kept width
        while (!predicted || !plots[0]->painted || !plots[1]->painted)
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
        milliseconds.push_back(1e-6 * static_cast<double>(timer.nsecsElapsed()));
    }
    studio.release(3, 0.5);
    print(what, milliseconds);

    QFile status("/proc/self/status");
    if (status.open(QIODevice::ReadOnly)) {
        for (const QByteArray &line : status.readAll().split('\n')) {
            if (line.startsWith("VmRSS:"))
                std::printf("%-58s %lld MB\n", "memory of the window (resident)",
                            line.mid(6).trimmed().split(' ').first().toLongLong() / 1000);
        }
    }
}

void waitFor(const char *what, const std::function<bool()> &done)
{
    if (!QTest::qWaitFor(done, test::patience))
        qFatal("%s: not in time", what);
}

void benchAccuracy()
{
    const DemoFiles demo = findDemo(QString(EDGEFLEX_BINARY_DIR) + "/bin");
    if (demo.model.isEmpty() || demo.calibration.isEmpty() || demo.data.isEmpty()) {
        std::printf("the demo's images are not there (Debian: dataset-fashion-mnist): no accuracy was timed\n");
        return;
    }
    test::StudioDriver studio(REAL_ENGINE);
    if (demo.session.isEmpty()) {
        studio.window.openModel(demo.model);
        studio.window.useCalibration(demo.calibration);
        studio.window.useData(demo.data);
    } else {
        studio.window.openSession(demo.session);
    }
    waitFor("the demo is known", [&] { return studio.workflow()->isSettled() && studio.workflow()->isReady(); });

    studio.workflow()->setPatience(1e6); // measures by itself however slow the machine is
    QElapsedTimer timer;
    std::vector<double> first;
    std::vector<double> abandoned;
    std::vector<double> halfWidths; // points, of the first figure and a second later
    std::vector<double> laterHalfWidths;
    bool cancelled = false;
    QObject::connect(studio.workflow()->queue(), &JobQueue::jobEnded, [&](const JobQueue::Item &item) {
        cancelled = cancelled || item.state == JobQueue::Item::State::Cancelled;
    });
    const auto drag = [&](int block, double keep) {
        studio.press(block, studio.keepOf(block));
        studio.moveTo(block, keep);
        studio.release(block, keep);
        timer.start();
    };
    const auto milliseconds = [&] {
        return 1e-6 * static_cast<double>(timer.nsecsElapsed());
    };
    const auto halfWidth = [&] {
        const std::optional<AccuracySoFar> soFar = studio.document()->soFar();
        return soFar ? 50 * (soFar->top1.high - soFar->top1.low) : 0.0;
    };
    drag(1, 0.5); // calibrates
    waitFor("the engine is calibrated", [&] { return studio.document()->soFar().has_value(); });
    for (int i = 0; i < rests; ++i) {
        drag(2, 0.9 - 0.06 * i);
        waitFor("a first accuracy", [&] { return studio.document()->soFar().has_value(); });
        first.push_back(milliseconds());
        halfWidths.push_back(halfWidth());
        QTest::qWait(1000);
        if (!studio.document()->soFar())
            continue; // all images are judged
        laterHalfWidths.push_back(halfWidth());
        cancelled = false;
        drag(3, 0.9 - 0.06 * i);
        waitFor("the old plan is given up", [&] { return cancelled; });
        abandoned.push_back(milliseconds());
    }
    print("demo: end of a move to the first measured accuracy", first);
    if (abandoned.empty())
        return;
    print("demo: a new move to the engine's having given up the old", abandoned);
    std::printf("%-58s +- %.1f points, a second later +- %.1f\n", "demo: 95 % interval of the first accuracy (median)",
                quantile(halfWidths, 0.5), quantile(laterHalfWidths, 0.5));
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("DISPLAY") && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication app(argc, argv);
    QStandardPaths::setTestModeEnabled(true);
    QTemporaryDir settings;
    test::useSettingsOf(settings.path());
    if (QApplication::arguments().value(1) == firstPaint)
        return showFirstPaint(app);

    std::printf("%s, %d cores, Qt %s (%s)\n", qPrintable(QSysInfo::prettyProductName()), QThread::idealThreadCount(),
                qVersion(), qPrintable(QApplication::platformName()));
    // One part by its name, or all.
    const QString named = QApplication::arguments().value(1);
    const auto wanted = [&](const char *part) {
        return named.isEmpty() || named == part;
    };
    if (wanted("launch"))
        benchLaunch();
    if (wanted("slider")) {
        benchMoves("slider to plots, 32 blocks, 200 variants, engine idle");
        const BusyEngine busy;
        benchMoves("slider to plots, 32 blocks, 200 variants, engine busy");
    }
    if (wanted("accuracy"))
        benchAccuracy();
    return 0;
}
