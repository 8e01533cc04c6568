#include "app/studio/pdfreport.h"

#include "core/report/smallreport.h"
#include "plan/error.h"
#include "reference/syntheticsession.h"
#include "report/reportbuilder.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace edgeflex;
using namespace edgeflex::test;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

int pagesOf(const QByteArray &pdf)
{
    static const QRegularExpression page(R"(/Type\s*/Page\b)");
    int count = 0;
    for (auto matches = page.globalMatch(QString::fromLatin1(pdf)); matches.hasNext(); matches.next())
        ++count;
    return count;
}

// What a program of poppler says about the file; not its layout.
QString say(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

class tst_PdfReport : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QVERIFY(m_folder.isValid()); }

    void writesPages_data()
    {
        QTest::addColumn<int>("which");
        QTest::addColumn<int>("fewest");
        QTest::addColumn<int>("most");
        QTest::newRow("everything once") << 0 << 1 << 2;
        QTest::newRow("ViT-Tiny") << 1 << 6 << 10;
        QTest::newRow("ViT-Huge") << 2 << 8 << 13;
        QTest::newRow("baseline only") << 3 << 3 << 6;
        QTest::newRow("nothing measured") << 4 << 2 << 5;
        QTest::newRow("empty document") << 5 << 1 << 1;
    }
    void writesPages()
    {
        QFETCH(int, which);
        QFETCH(int, fewest);
        QFETCH(int, most);
        const Report reports[] = {smallReport(),
                                  makeReport(syntheticSession(SyntheticModel::VitTiny)),
                                  makeReport(syntheticSession(SyntheticModel::VitHuge)),
                                  makeReport(baselineOnlySession(SyntheticModel::VitTiny)),
                                  makeReport(emptySyntheticSession(SyntheticModel::VitTiny)),
                                  Report()};
        const QString path = m_folder.filePath("report.pdf");
        writePdf(reports[which], path);
        const QByteArray pdf = contentOf(path);
        QVERIFY(pdf.startsWith("%PDF-") && pdf.trimmed().endsWith("%%EOF"));
        const int pages = pagesOf(pdf);
        QVERIFY2(pages >= fewest && pages <= most, qPrintable(QString::number(pages)));
        QVERIFY(!pdf.contains("/Subtype /Image")); // everything is drawn
    }

    void saysWhatTheDocumentSays()
    {
        if (QStandardPaths::findExecutable("pdftotext").isEmpty())
            QSKIP("pdftotext (poppler-utils) is not installed");
        const QString path = m_folder.filePath("text.pdf");
        writePdf(makeReport(syntheticSession()), path);
        const int pages = pagesOf(contentOf(path));
        const QString text = say("pdftotext", {"-layout", path, "-"});
        for (const char *words :
             {"vit_tiny_patch16_224: compression report", "Before and after", "Figure 6:", "plan 12",
              "blocks.11.mlp.fc2", "edgeflex measure", "budget", "How to measure this again", "2025-06-02"})
            QVERIFY2(text.contains(words), words);
        QVERIFY(text.contains(QString("%1 of %1").arg(pages)));
        QVERIFY(text.contains("\u2212"
                              "0.23 to 2.32")); // true minus signs
        QVERIFY(!text.contains("\ufffd"));
        // The layer table's header is on each of its pages, and no row is without its cells.
        QVERIFY(text.count("Out \u00d7 in") >= 2);
        for (const QString &line : text.split('\n')) {
            if (line.contains("blocks.3.mlp.fc1") && !line.contains('"'))
                QVERIFY2(line.contains("INT8") && line.contains("605.2"), qPrintable(line));
        }
    }

    void embedsItsFonts()
    {
        if (QStandardPaths::findExecutable("pdffonts").isEmpty())
            QSKIP("pdffonts (poppler-utils) is not installed");
        const QString path = m_folder.filePath("fonts.pdf");
        writePdf(makeReport(syntheticSession()), path);
        const QStringList lines = say("pdffonts", {path}).trimmed().split('\n').mid(2);
        QVERIFY(lines.size() >= 2);
        for (const QString &line : lines) {
            static const QRegularExpression embedded(
                R"(\byes\s+\w+\s+yes\s+\d+\s+\d+\s*$)"); // embedded and with Unicode
            QVERIFY2(embedded.match(line).hasMatch(), qPrintable(line));
        }
    }

    // Long words and foreign letters neither hang nor leave the page.
    void strangeTexts()
    {
        Report report = smallReport();
        report.title = std::string(400, 'W');
        report.subtitle = "\xff\xfe not UTF-8";
        report.sections[0].blocks.emplace_back(
            Paragraph{std::string(20'000, 'x'), Paragraph::Role::Body, Tone::Neutral});
        report.sections[0].blocks.emplace_back(Code{"", std::string(20'000, 'x')});
        Table table;
        table.columns.resize(40);
        table.rows.resize(3);
        for (TableRow &row : table.rows)
            row.cells.assign(40, "a very long cell, \xe4\xb8\xad\xe6\x96\x87");
        report.sections[0].blocks.emplace_back(table);
        report.sections[0].blocks.emplace_back(Table{});
        report.sections[0].blocks.emplace_back(KeyFigures{});
        report.sections[0].blocks.emplace_back(KeyValues{});
        report.sections[0].blocks.emplace_back(Figure{});
        report.sections[0].blocks.emplace_back(Code{});
        const QString path = m_folder.filePath("strange.pdf");
        writePdf(report, path);
        QVERIFY(pagesOf(contentOf(path)) > 1);
    }

    void worksOffTheGuiThread()
    {
        const Report report = makeReport(syntheticSession());
        const QString path = m_folder.filePath("thread.pdf");
        const std::unique_ptr<QThread> thread(QThread::create([&] { writePdf(report, path); }));
        thread->start();
        QVERIFY(thread->wait(60'000));
        QVERIFY(contentOf(path).startsWith("%PDF-"));
    }

    void whatCannotBeWrittenIsSaid()
    {
        const QString path = m_folder.filePath("no/such/folder/report.pdf");
        try {
            writePdf(smallReport(), path);
            QFAIL("was written");
        } catch (const Error &error) {
            QVERIFY2(QString::fromStdString(error.what()).contains(path), error.what());
        }
    }

    // A failure leaves the report that was there.
    void theOldFileStays()
    {
        const QString path = m_folder.filePath("kept.pdf");
        QVERIFY(writePdfOfSession(m_folder.filePath("no session"), path) == 1);
        QVERIFY(!QFile::exists(path));
        writePdf(smallReport(), path);
        const QByteArray before = contentOf(path);
        QCOMPARE(writePdfOfSession(m_folder.filePath("no session"), path), 1);
        QCOMPARE(contentOf(path), before);
    }

    // The program itself, without a display.
    void theProgramWritesASession()
    {
        const QString folder = m_folder.filePath("session");
        QVERIFY(QDir().mkpath(folder));
        for (const auto &[name, text] : sessionFiles(syntheticSession())) {
            QFile file(folder + '/' + QString::fromStdString(name));
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text.data(), static_cast<qint64>(text.size()));
        }
        const QString path = m_folder.filePath("program.pdf");
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *variable : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"})
            environment.remove(variable);
        environment.insert("EDGEFLEX_ENGINE", "/no/engine/is/started");
        const auto run = [&](const QStringList &arguments) {
            QProcess process;
            process.setProcessEnvironment(environment);
            process.start(EDGEFLEX_STUDIO, arguments);
            return process.waitForFinished(60'000) && process.exitStatus() == QProcess::NormalExit ? process.exitCode()
                                                                                                   : -1;
        };
        QCOMPARE(run({"--report", folder, "--out", path}), 0);
        QCOMPARE(pagesOf(contentOf(path)), [&] {
            const QString same = m_folder.filePath("same.pdf");
            writePdf(makeReport(syntheticSession()), same);
            return pagesOf(contentOf(same));
        }());
        QCOMPARE(run({"--report", folder}), 2); // and where to?
        QCOMPARE(run({"--report=" + folder + "/none", "--out", path}), 1);
    }

private:
    QTemporaryDir m_folder;
};

QTEST_MAIN(tst_PdfReport)
#include "tst_pdfreport.moc"
