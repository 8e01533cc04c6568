#include "cli/terminalprogress.h"

#include "plan/error.h"

#include <QRegularExpression>
#include <QTemporaryFile>
#include <QTest>

#include <unistd.h>

#include <functional>

using namespace edgeflex;

namespace {

// What the function writes to standard error, which is no terminal meanwhile.
QString written(const std::function<void()> &function)
{
    QTemporaryFile file;
    if (!file.open())
        return "no temporary file";
    fflush(stderr);
    const int kept = dup(STDERR_FILENO);
    dup2(file.handle(), STDERR_FILENO);
    function();
    fflush(stderr);
    dup2(kept, STDERR_FILENO);
    close(kept);
    file.seek(0);
    return QString::fromUtf8(file.readAll());
}

} // namespace

class TestTerminalProgress : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysHowLongEachStageTook()
    {
        const QString text = written([] {
            TerminalProgress progress;
            progress.stage("calibrating", 10);
            QTest::qSleep(300);
            progress.stage("compressing", 3);
            QTest::qSleep(700);
            progress.stage("at once", 3);
            progress.stage("calibrating", 10); // goes on
            QTest::qSleep(300);
            progress.note("a note");
        });
        const QRegularExpression sentence(
            R"(^a note\nIt took (\d+\.\d) s: calibrating (\d+\.\d) s, compressing (\d+\.\d) s\.\n$)");
        const QRegularExpressionMatch match = sentence.match(text);
        QVERIFY2(match.hasMatch(), qPrintable(text));
        const double whole = match.captured(1).toDouble();
        const double calibrating = match.captured(2).toDouble();
        const double compressing = match.captured(3).toDouble();
        QVERIFY2(calibrating >= 0.6 && compressing >= 0.7, qPrintable(text));
        QVERIFY2(qAbs(whole - calibrating - compressing) < 0.2, qPrintable(text));
    }

    void saysNothingOfWhatIsQuickOrFails()
    {
        QCOMPARE(written([] {
                     TerminalProgress progress;
                     progress.stage("quick", 10);
                     progress.step(10);
                 }),
                 QString());
        QCOMPARE(written([] {
                     try {
                         TerminalProgress progress;
                         progress.stage("slow", 10);
                         QTest::qSleep(1100);
                         throw Error("no");
                     } catch (const Error &) {
                     }
                 }),
                 QString());
    }
};

QTEST_APPLESS_MAIN(TestTerminalProgress)
#include "tst_terminalprogress.moc"
