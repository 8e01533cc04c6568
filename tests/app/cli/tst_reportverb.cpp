#include "reference/syntheticsession.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;
using namespace edgeflex::test;

// edgeflex report, as a user calls it.
class tst_ReportVerb : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(QDir().mkpath(session()));
        for (const auto &[name, text] : sessionFiles(syntheticSession())) {
            QFile file(session() + '/' + QString::fromStdString(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.data(), static_cast<qint64>(text.size()));
        }
    }

    void writes_data()
    {
        QTest::addColumn<QString>("format");
        QTest::addColumn<QByteArray>("beginning");
        QTest::newRow("pdf") << "pdf" << QByteArray("%PDF-");
        QTest::newRow("html") << "html" << QByteArray("<!DOCTYPE html>");
        QTest::newRow("md") << "md" << QByteArray("# vit_tiny_patch16_224: compression report\n");
        QTest::newRow("csv") << "csv" << QByteArray("\"Table 1: ");
        QTest::newRow("json") << "json" << QByteArray("{\n");
    }
    void writes()
    {
        QFETCH(QString, format);
        QFETCH(QByteArray, beginning);
        const QString out = m_folder.filePath("report." + format);
        const auto [code, output] = run({"report", session() + "/session.json", "--to", format, "--out", out});
        QVERIFY2(code == 0, output);
        QFile file(out);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray content = file.readAll();
        QVERIFY2(content.startsWith(beginning), content.left(60));
        QCOMPARE(QDir(m_folder.path()).entryList({"*.tmp*", "report*.??????"}, QDir::Files).size(), 0);
    }

    void saysInOneSentence_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("studio");
        QTest::addColumn<int>("code");
        QTest::addColumn<QByteArray>("part");
        const QString here = m_folder.path();
        QTest::newRow("no session") << QStringList{here + "/none", "--out", here + "/x.pdf"} << EDGEFLEX_STUDIO << 1
                                    << QByteArray("is not a session");
        QTest::newRow("no format") << QStringList{session(), "--to", "doc", "--out", here + "/x.doc"} << EDGEFLEX_STUDIO
                                   << 2 << QByteArray("--to");
        QTest::newRow("no studio") << QStringList{session(), "--out", here + "/x.pdf"} << "/no/studio" << 1
                                   << QByteArray("EDGEFLEX_STUDIO");
        QTest::newRow("studio fails") << QStringList{session(), "--out", here + "/x.pdf"} << "/bin/false" << 1
                                      << QByteArray("--to html");
        QTest::newRow("PDF not writable") << QStringList{session(), "--out", here + "/no/folder/x.pdf"}
                                          << EDGEFLEX_STUDIO << 1 << QByteArray("cannot be written");
        QTest::newRow("not writable") << QStringList{session(), "--to", "md", "--out", "/proc/none/x.md"}
                                      << EDGEFLEX_STUDIO << 1 << QByteArray("/proc/none");
    }
    void saysInOneSentence()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, studio);
        QFETCH(int, code);
        QFETCH(QByteArray, part);
        const auto [found, output] = run(QStringList{"report"} + arguments, studio);
        QCOMPARE(found, code);
        QVERIFY2(output.contains(part), output);
        if (code == 1) {
            QVERIFY2(output.startsWith("edgeflex: "), output);
            QCOMPARE(output.trimmed().count('\n'), 0);
        }
    }

private:
    QString session() const { return m_folder.filePath("session"); }

    // The exit code, and what was said on standard error.
    std::pair<int, QByteArray> run(const QStringList &arguments, const QString &studio = EDGEFLEX_STUDIO) const
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("EDGEFLEX_STUDIO", studio);
        process.setProcessEnvironment(environment);
        process.start(EDGEFLEX_PROGRAM, arguments);
        if (!process.waitForFinished(120'000) || process.exitStatus() != QProcess::NormalExit)
            return {-1, "did not finish"};
        return {process.exitCode(), process.readAllStandardError()};
    }

    QTemporaryDir m_folder;
};

QTEST_APPLESS_MAIN(tst_ReportVerb)
#include "tst_reportverb.moc"
