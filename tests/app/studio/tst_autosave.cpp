#include "app/studio/autosave.h"

#include "app/studio/document.h"
#include "app/studio/sessionstore.h"
#include "fakeworld.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <nlohmann/json.hpp>

#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>

#include <cstdio>

using namespace edgeflex;

namespace {

constexpr char editing[] = "--edit";
constexpr int lostAtMostMs = 2000;
constexpr int slackMs = 1500; // of a busy machine
constexpr int rounds = 6;
constexpr int editsARound = 85; // 500 and more in all

// Edits and undos at random until it is killed; each state is told with the time it was made at.
int editForEver(const QString &root)
{
    Document document;
    Autosave autosave(&document, root);
    document.setModel({}, fake::vitTiny());
    const auto tell = [&] {
        std::printf("%lld %zx\n", static_cast<long long>(QDateTime::currentMSecsSinceEpoch()),
                    qHash(QByteArray::fromStdString(nlohmann::json(document.plan()).dump())));
        std::fflush(stdout);
    };
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, [&] {
        QRandomGenerator *random = QRandomGenerator::global();
        switch (random->bounded(6)) {
        case 0:
            document.undoStack()->undo();
            break;
        case 1:
            document.undoStack()->redo();
            break;
        case 2:
            document.setFormat({QString("blocks.%1.attn.qkv").arg(random->bounded(12))},
                               static_cast<NumberFormat>(random->bounded(5)));
            break;
        case 3:
            document.setAverageKeep(0.3 + 0.01 * random->bounded(70));
            break;
        default:
            document.setMlpKeep({random->bounded(12)}, 0.05 * (1 + random->bounded(20)));
        }
        tell();
    });
    timer.start(20);
    return QCoreApplication::exec();
}

} // namespace

class tst_Autosave : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { QLocale::setDefault(QLocale::c()); }

    void killsLoseTwoSecondsAtMost()
    {
        QTemporaryDir root;
        int edits = 0;
        for (int round = 0; round < rounds; ++round) {
            QProcess window;
            window.start(QCoreApplication::applicationFilePath(), {editing, root.path()});
            QVERIFY(window.waitForStarted());
            QByteArray told;
            const int enough = editsARound + static_cast<int>(QRandomGenerator::global()->bounded(40));
            while (told.count('\n') < enough) {
                QVERIFY(window.waitForReadyRead(60000));
                told += window.readAllStandardOutput();
            }
            window.kill();
            QVERIFY(window.waitForFinished());
            told += window.readAllStandardOutput();
            const QList<QByteArray> states = told.trimmed().split('\n');
            edits += static_cast<int>(states.size());

            const QList<Autosave::Left> left = Autosave::findLeft(root.path());
            QCOMPARE(left.size(), 1);
            QCOMPARE(left[0].model, QString("vit_tiny_patch16_224"));
            const Session kept = openSession(left[0].folder.toStdString());
            const QByteArray plan =
                QByteArray::number(qHash(QByteArray::fromStdString(nlohmann::json(kept.plan).dump())), 16);
            // The last time that the plan was as it is kept.
            qint64 last = -1;
            for (const QByteArray &state : states) {
                if (state.split(' ')[1] == plan)
                    last = state.split(' ')[0].toLongLong();
            }
            QVERIFY2(last >= 0, "a state that never was");
            const qint64 lost = states.last().split(' ')[0].toLongLong() - last;
            QVERIFY2(lost <= lostAtMostMs + slackMs, qPrintable(QString("%1 ms lost").arg(lost)));
            Autosave::discard(left[0].folder);
        }
        QVERIFY(edits >= 500);
    }

    void aClosedWindowLeavesNothing()
    {
        QTemporaryDir root;
        {
            Document document;
            Autosave autosave(&document, root.path());
            document.setModel({}, fake::vitTiny());
            document.setMlpKeep({1}, 0.5);
            QTRY_VERIFY_WITH_TIMEOUT(!QDir(root.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty(), 10000);
            QVERIFY(Autosave::findLeft(root.path()).isEmpty()); // the window is open
        }
        QVERIFY(QDir(root.path()).isEmpty());
    }

    void whatIsSavedIsNotKeptTwice()
    {
        QTemporaryDir root;
        Document document;
        Autosave autosave(&document, root.path());
        document.setModel({}, fake::vitTiny());
        document.setMlpKeep({1}, 0.5);
        const auto kept = [&] {
            return !QDir(root.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).isEmpty();
        };
        QTRY_VERIFY_WITH_TIMEOUT(kept(), 10000);
        document.saved("/somewhere");
        QTRY_VERIFY_WITH_TIMEOUT(!kept(), 10000);
    }

    void goesOnWhereItWas()
    {
        QTemporaryDir root;
        const QString crashed = root.filePath("crashed");
        Session session;
        session.summary = fake::vitTiny();
        session.plan = identityPlan(session.summary.spec);
        session.plan.blocks[2].mlpKeep = 0.25;
        saveSession(session, crashed);
        QFile origin(crashed + "/origin.txt");
        QVERIFY(origin.open(QIODevice::WriteOnly));
        origin.write("/home/me/tiny.edgeflex");
        origin.close();
        const QList<Autosave::Left> left = Autosave::findLeft(root.path());
        QCOMPARE(left.size(), 1);
        QCOMPARE(left[0].origin, QString("/home/me/tiny.edgeflex"));

        Document document;
        Autosave autosave(&document, root.path());
        document.setSession(openSession(left[0].folder.toStdString()), left[0].folder);
        document.recovered(left[0].origin);
        autosave.takeOver(left[0].folder);
        QVERIFY(document.isModified());
        QCOMPARE(document.folder(), left[0].origin);
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(crashed).exists(), 10000); // kept anew
        QCOMPARE(QDir(root.path()).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size(), 1);
    }

    void whatNobodyCanOpenIsThrownAway()
    {
        QTemporaryDir root;
        QVERIFY(QDir(root.path()).mkpath("broken"));
        QFile file(root.filePath("broken/session.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        QVERIFY(Autosave::findLeft(root.path()).isEmpty());
        QVERIFY(!QDir(root.filePath("broken")).exists());
    }
};

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    if (argc == 3 && std::string_view(argv[1]) == editing)
        return editForEver(argv[2]);
    tst_Autosave test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_autosave.moc"
