#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

// The program says how threads wait, and nobody's own wish is overridden.
class tst_Launcher : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;

    // A copy of the launcher beside a program of ours in the place of the one that it becomes.
    QString launched(const QStringList &set, const QStringList &arguments = {})
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.remove("OMP_WAIT_POLICY");
        environment.remove("GOMP_SPINCOUNT");
        for (const QString &variable : set)
            environment.insert(variable.section('=', 0, 0), variable.section('=', 1));
        process.setProcessEnvironment(environment);
        process.start(m_folder.filePath("edgeflex"), arguments);
        if (!process.waitForFinished())
            return {};
        return QString::fromUtf8(process.readAll() + process.readAllStandardError());
    }

private Q_SLOTS:
    void initTestCase() { QVERIFY(QFile::copy(EDGEFLEX_PROGRAM, m_folder.filePath("edgeflex"))); }

    void withoutTheProgramBeside()
    {
        const QString text = launched({});
        QVERIFY2(text.contains("edgeflex-main") && text.contains("cannot be started"), qPrintable(text));
    }

    void saysHowThreadsWait()
    {
        QFile program(m_folder.filePath("edgeflex-main"));
        QVERIFY(program.open(QIODevice::WriteOnly));
        program.write("#!/bin/sh\necho \"[$GOMP_SPINCOUNT] [$OMP_WAIT_POLICY] [$*]\"\nexit 3\n");
        program.close();
        QVERIFY(program.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
        QCOMPARE(launched({}, {"a", "b c"}), QString("[10000] [] [a b c]\n"));
        QCOMPARE(launched({"GOMP_SPINCOUNT=7"}), QString("[7] [] []\n"));
        QCOMPARE(launched({"OMP_WAIT_POLICY=PASSIVE"}), QString("[] [PASSIVE] []\n"));
        QCOMPARE(QProcess::execute(m_folder.filePath("edgeflex")), 3);
        // Started by another name for it.
        QVERIFY(QFile::link(m_folder.filePath("edgeflex"), m_folder.filePath("link")));
        QCOMPARE(QProcess::execute(m_folder.filePath("link")), 3);
    }
};

QTEST_GUILESS_MAIN(tst_Launcher)
#include "tst_launcher.moc"
