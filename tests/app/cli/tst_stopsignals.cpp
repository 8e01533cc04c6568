#include "reference/smallworld.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <signal.h>

using namespace edgeflex;
using namespace edgeflex::test;

// Ctrl-C and SIGTERM, sent to a program at work.
class tst_StopSignals : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        writeSmallModel((m_folder.path() + "/model").toStdString());
        writeSmallImages((m_folder.path() + "/images").toStdString(), 20);
    }

    void neverReachThreadsThatCompute()
    {
        QProcess program;
        start(program);
        int threads = 0;
        int open = 0;
        QElapsedTimer waited;
        waited.start();
        while (threads < 3 && waited.elapsed() < 10'000) { // main, one more for OpenMP, the one that waits
            threads = open = 0;
            const QString tasks = QStringLiteral("/proc/%1/task").arg(program.processId());
            for (const QString &task : QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
                const quint64 blocked = mask(tasks + '/' + task + "/status", "SigBlk:");
                const bool stops = (blocked & bit(SIGINT)) == 0 || (blocked & bit(SIGTERM)) == 0;
                threads += 1;
                open += stops ? 1 : 0;
            }
            QTest::qWait(20);
        }
        QVERIFY2(threads >= 3, qPrintable(QString::number(threads)));
        QCOMPARE(open, 1); // the thread that waits, for which the kernel unblocks what it waits for
        const quint64 caught = mask(QStringLiteral("/proc/%1/status").arg(program.processId()), "SigCgt:");
        QCOMPARE(caught & (bit(SIGINT) | bit(SIGTERM)), quint64(0));
        program.kill();
        QVERIFY(program.waitForFinished());
    }

    void cancel_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("SIGTERM") << SIGTERM;
    }
    void cancel()
    {
        QFETCH(int, signal);
        QProcess program;
        start(program);
        waitUntilComputing(program);
        ::kill(static_cast<pid_t>(program.processId()), signal);
        QVERIFY(program.waitForFinished());
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
        QCOMPARE(program.exitCode(), 130);
        QCOMPARE(program.readAllStandardError(), QByteArray("edgeflex: cancelled\n"));
    }

private:
    static quint64 bit(int signal) { return quint64(1) << (signal - 1); }

    static quint64 mask(const QString &path, const QByteArray &field)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return ~quint64(0); // a thread that has ended
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (line.startsWith(field))
                return line.mid(field.size()).trimmed().toULongLong(nullptr, 16);
        }
        return 0;
    }

    // Far more repeats than a test has time for.
    void start(QProcess &program)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("OMP_WAIT_POLICY", "PASSIVE");
        program.setProcessEnvironment(environment);
        program.start(EDGEFLEX_PROGRAM, {"measure", m_folder.path() + "/model", "--data", m_folder.path() + "/images",
                                         "--repeats", "1000000", "--threads", "2"});
        QVERIFY(program.waitForStarted());
    }

    static void waitUntilComputing(const QProcess &program)
    {
        const QString tasks = QStringLiteral("/proc/%1/task").arg(program.processId());
        QTRY_VERIFY(QDir(tasks).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size() >= 3);
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(tst_StopSignals)
#include "tst_stopsignals.moc"
