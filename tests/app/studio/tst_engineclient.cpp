#include "app/studio/engineclient.h"

#include <QSignalSpy>
#include <QTest>

using namespace edgeflex;
using State = EngineClient::State;

namespace {

constexpr int patience = 20000; // of the tests, for a busy machine

// The answers to requests, in the order they came.
struct Answers
{
    std::vector<Response> all;

    EngineClient::Answer keep()
    {
        return [this](const Response &response) {
            all.push_back(response);
        };
    }
    ErrorCode code(std::size_t index) const { return all.at(index).error.value().code; }
};

} // namespace

class tst_EngineClient : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void answersInOrder()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy states(&client, &EngineClient::stateChanged);
        Answers answers;
        for (int i = 0; i < 5; ++i)
            client.request("echo", {{"number", i}}, answers.keep());
        QVERIFY(answers.all.empty());
        client.start(); // what was asked before waits
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{5}, patience);
        for (int i = 0; i < 5; ++i)
            QVERIFY(answers.all[static_cast<std::size_t>(i)].result == nlohmann::json({{"number", i}}));
        QCOMPARE(client.state(), State::Ready);
        QCOMPARE(client.engine().target.threads, 2);
        QCOMPARE(states.size(), 2);
        client.stop();
        QCOMPARE(client.state(), State::Stopped);
    }

    void largeParametersArrive()
    {
        EngineClient client(FAKE_ENGINE);
        client.start();
        Answers answers;
        const std::string large(3'000'000, 'x'); // more than a pipe holds
        client.request("echo", {{"text", large}}, answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QVERIFY(answers.all[0].result["text"] == large);
    }

    void errorsReachTheAsker()
    {
        EngineClient client(FAKE_ENGINE);
        client.start();
        Answers answers;
        client.request("no such method", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::MethodNotFound);
        QCOMPARE(client.state(), State::Ready);
    }

    void progressAndNotes()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy progress(&client, &EngineClient::progress);
        QSignalSpy notes(&client, &EngineClient::note);
        client.start();
        Answers answers;
        const std::int64_t id = client.request("progress", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(progress.size(), 1);
        QCOMPARE(progress[0], (QVariantList{qint64{id}, "calibrating", qint64{3}, qint64{256}}));
        QCOMPARE(notes.size(), 1);
        QCOMPARE(notes[0], (QVariantList{qint64{id}, "200 images are kept."}));
    }

    void crashIsToldAndMended()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy crashed(&client, &EngineClient::crashed);
        client.start();
        Answers answers;
        client.request("crash", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestFailed);
        QCOMPARE(crashed.size(), 1);
        client.request("echo", {{"still", "there"}}, answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{2}, patience);
        QVERIFY(!answers.all[1].error);
        QCOMPARE(client.state(), State::Ready);
    }

    void crashesWithoutEndAreNotMended()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy crashed(&client, &EngineClient::crashed);
        client.start();
        connect(&client, &EngineClient::stateChanged, &client, [&client](State state) {
            if (state == State::Ready)
                client.request("crash", nlohmann::json::object(), {});
        });
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Failed, patience);
        QCOMPARE(crashed.size(), EngineClient::maxCrashes + 1);
    }

    void garbageEndsTheEngine()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy crashed(&client, &EngineClient::crashed);
        client.start();
        Answers answers;
        client.request("garbage", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestFailed);
        QCOMPARE(crashed.size(), 1);
        QVERIFY(crashed[0][0].toString().contains("protocol"));
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, patience);
    }

    void cancelIsHeard()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy crashed(&client, &EngineClient::crashed);
        client.start();
        Answers answers;
        const std::int64_t id = client.request("hang", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, patience);
        client.cancel(id);
        client.cancel(id); // twice is once
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestCancelled);
        QCOMPARE(answers.all[0].id, std::optional(id));
        QCOMPARE(crashed.size(), 0);
        client.cancel(id); // of what is over
        client.cancel(12345);
        QTest::qWait(EngineClient::cancelGraceMs * 2);
        QCOMPARE(answers.all.size(), std::size_t{1});
    }

    void deafEngineIsKilledAndTheRestAskedAgain()
    {
        EngineClient client(FAKE_ENGINE);
        QSignalSpy crashed(&client, &EngineClient::crashed);
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, patience);
        Answers deaf;
        Answers echo;
        const std::int64_t id = client.request("deaf", nlohmann::json::object(), deaf.keep());
        client.request("echo", {{"number", 7}}, echo.keep());
        client.cancel(id);
        QTRY_COMPARE_WITH_TIMEOUT(deaf.all.size(), std::size_t{1}, patience);
        QCOMPARE(deaf.code(0), ErrorCode::RequestCancelled);
        QTRY_COMPARE_WITH_TIMEOUT(echo.all.size(), std::size_t{1}, patience);
        QVERIFY(echo.all[0].result == nlohmann::json({{"number", 7}}));
        QCOMPARE(crashed.size(), 0);
    }

    void lateAnswerIsIgnored()
    {
        EngineClient client(FAKE_ENGINE);
        client.start();
        Answers answers;
        const std::int64_t id = client.request("late", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, patience);
        client.cancel(id);
        client.request("echo", {{"after", 1}}, answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{2}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestCancelled);
        QVERIFY(answers.all[1].result == nlohmann::json({{"after", 1}}));
    }

    void cancelBeforeTheStart()
    {
        EngineClient client(FAKE_ENGINE);
        Answers answers;
        client.cancel(client.request("echo", nlohmann::json::object(), answers.keep()));
        QVERIFY(answers.all.empty());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestCancelled);
        QCOMPARE(client.state(), State::Stopped);
    }

    void stopAnswersWhatWaits()
    {
        EngineClient client(FAKE_ENGINE);
        client.start();
        Answers answers;
        client.request("hang", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Ready, patience);
        client.stop();
        QCOMPARE(answers.all.size(), std::size_t{1});
        QCOMPARE(answers.code(0), ErrorCode::RequestCancelled);
        client.start(); // and again
        client.request("echo", nlohmann::json::object(), answers.keep());
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{2}, patience);
    }

    void unusableEngines_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QString>("mode");
        QTest::addColumn<QString>("word");
        QTest::newRow("not there") << "/nonexistent/edgeflex"
                                   << "engine"
                                   << "EDGEFLEX_ENGINE";
        QTest::newRow("ends at once") << FAKE_ENGINE << "exit"
                                      << "code 3";
        QTest::newRow("other version") << FAKE_ENGINE << "version"
                                       << QString("this window version %1").arg(protocolVersion);
        QTest::newRow("refuses") << FAKE_ENGINE << "refuse"
                                 << "AVX2";
    }
    void unusableEngines()
    {
        QFETCH(QString, program);
        QFETCH(QString, mode);
        QFETCH(QString, word);
        EngineClient client(program, {mode});
        QSignalSpy crashed(&client, &EngineClient::crashed);
        Answers answers;
        client.request("echo", nlohmann::json::object(), answers.keep());
        client.start();
        QTRY_COMPARE_WITH_TIMEOUT(client.state(), State::Failed, patience);
        QTRY_COMPARE_WITH_TIMEOUT(answers.all.size(), std::size_t{1}, patience);
        QCOMPARE(answers.code(0), ErrorCode::RequestFailed);
        QCOMPARE(crashed.size(), 1);
        QVERIFY2(crashed[0][0].toString().contains(word), qPrintable(crashed[0][0].toString()));
    }

    void defaultProgram()
    {
        qunsetenv("EDGEFLEX_ENGINE");
        QVERIFY(EngineClient::defaultProgram().endsWith("/edgeflex"));
        qputenv("EDGEFLEX_ENGINE", "/opt/other/edgeflex");
        QCOMPARE(EngineClient::defaultProgram(), QString("/opt/other/edgeflex"));
        qunsetenv("EDGEFLEX_ENGINE");
    }
};

QTEST_GUILESS_MAIN(tst_EngineClient)
#include "tst_engineclient.moc"
