#include "app/studio/sessionstore.h"

#include "app/studio/loadsnippet.h"
#include "fakeworld.h"
#include "plan/error.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace edgeflex;

class tst_SessionStore : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QSettings::setDefaultFormat(QSettings::IniFormat);
        QSettings::setPath(QSettings::IniFormat, QSettings::UserScope, m_folder.path());
        QCoreApplication::setOrganizationName("EdgeFlex");
        QCoreApplication::setApplicationName("edgeflex-studio");
    }

    void savesAndOpens()
    {
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        session.profile = fake::profile(session.summary.spec, ScheduleKind::Tight, 1);
        const QString folder = m_folder.filePath("one");
        saveSession(session, folder);
        QVERIFY(isSession(folder));
        QVERIFY(isSession(folder + "/session.json"));
        QVERIFY(!isSession(m_folder.path()));
        QVERIFY(openSession(folder.toStdString()) == session);
        // A table that the session has no more is gone from its folder too.
        session.profile.reset();
        saveSession(session, folder);
        QVERIFY(!QFile::exists(folder + "/profile.json"));
        QVERIFY(openSession(folder.toStdString()) == session);
    }

    void savesThePlanAlone()
    {
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        session.profile = fake::profile(session.summary.spec, ScheduleKind::Tight, 1);
        const QString folder = m_folder.filePath("plan");
        saveSession(session, folder);
        Session edited = session;
        edited.plan.blocks[1].mlpKeep = 0.5;
        Session bare = edited;
        bare.profile.reset();
        savePlan(bare, folder);
        QVERIFY(openSession(folder.toStdString()) == edited); // the table stays as it was
    }

    void forgetsTemporaryFolders()
    {
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        Variant variant;
        variant.plan = session.plan;
        variant.folder = QDir::tempPath().toStdString() + "/edgeflex-1/final";
        session.variants.push_back(variant);
        variant.id = 1;
        variant.folder = "/models/kept";
        session.variants.push_back(variant);
        saveSession(session, m_folder.filePath("two"));
        const Session opened = openSession(m_folder.filePath("two").toStdString());
        QCOMPARE(opened.variants[0].folder, std::string());
        QCOMPARE(opened.variants[1].folder, std::string("/models/kept"));
    }

    void namesWhatCannotBeWritten()
    {
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        QFile file(m_folder.filePath("file"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        try {
            saveSession(session, m_folder.filePath("file/inside"));
            QFAIL("a folder in a file");
        } catch (const Error &error) {
            QVERIFY(QString(error.what()).contains("file/inside"));
        }
    }

    void remembersTheLatestFirst()
    {
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        for (const QString name : {"a", "b"}) {
            saveSession(session, m_folder.filePath(name));
            rememberSession(m_folder.filePath(name));
        }
        rememberSession(m_folder.filePath("gone"));
        rememberSession(m_folder.filePath("a"));
        QCOMPARE(recentSessions(), (QStringList{m_folder.filePath("a"), m_folder.filePath("b")}));
    }

    void snippetsQuoteTheirPaths()
    {
        const ModelSpec spec = makeVitSpec({});
        const QString python = loadSnippet(ExportFormat::Onnx, "/a b/\"c\".onnx", spec);
        QVERIFY(python.contains("InferenceSession(\"/a b/\\\"c\\\".onnx\")"));
        QVERIFY(python.contains("np.zeros((1, 3, 224, 224), np.float32)"));
        const QString shell = loadSnippet(ExportFormat::Safetensors, "/a $b", spec);
        QVERIFY(shell.startsWith("edgeflex measure \"/a \\$b\" --data IMAGES"));
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(tst_SessionStore)
#include "tst_sessionstore.moc"
