#pragma once

#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/protocol.h"

#include <QObject>
#include <QProcess>
#include <QQueue>
#include <QTimer>

#include <functional>
#include <map>
#include <memory>

namespace edgeflex {

// The window's side of the engine: starts it, asks it, and starts it again when it ends by itself.
// Everything happens on the thread of the object; nothing blocks.
class EngineClient : public QObject
{
    Q_OBJECT

public:
    enum class State {
        Stopped,  // not wanted
        Starting, // started, or asked for its version
        Ready,
        Failed // could not be started or does not fit; start() tries again
    };
    Q_ENUM(State)

    using Answer = std::function<void(const Response &)>;

    // How long the engine has to answer a cancel before it is killed and started again.
    static constexpr int cancelGraceMs = 200;
    // How long it has to start, LibTorch included, and to end when asked.
    static constexpr int startGraceMs = 60000;
    static constexpr int stopGraceMs = 1000;
    // Frames of bulk data that wait to be taken; of more, the oldest go.
    static constexpr std::size_t bulkAtMost = 64;
    // Crashes without an answer in between after which it is not started again.
    static constexpr int maxCrashes = 3;

    explicit EngineClient(QString program, QStringList arguments = {"engine"}, QObject *parent = nullptr);
    ~EngineClient() override;

    // The engine that belongs to this window: $EDGEFLEX_ENGINE, else `edgeflex` beside the window's program.
    static QString defaultProgram();

    void start();
    // Asks the engine to end, and kills it when it does not. What was asked is answered as cancelled.
    void stop();

    State state() const { return m_state; }
    // Of the engine that was started; 0: there is none.
    qint64 processId() const { return m_process ? m_process->processId() : 0; }
    // Of the engine that is Ready.
    const InitializeResult &engine() const { return m_engine; }

    // Asks the engine; while it is not Ready the request waits. `answer` is called exactly once, with
    // the engine's answer, or with an error when the engine ended (RequestFailed) or the request was
    // cancelled or the engine stopped (RequestCancelled); never from within this call. Returns the request's id.
    std::int64_t request(std::string_view method, nlohmann::json params, Answer answer);
    // Stops a request. An engine that does not answer within cancelGraceMs is killed; what else was asked of
    // it is asked again of the next one.
    void cancel(std::int64_t id);
    // Bulk data that came before the answer which names it; empty where there is none. Once only.
    QByteArray takeBulk(std::uint64_t contentId);

Q_SIGNALS:
    void stateChanged(edgeflex::EngineClient::State state);
    // The engine ended by itself, broke the protocol or could not be started; one sentence. It is started
    // again unless it had not become Ready or crashes again and again.
    void crashed(const QString &sentence);
    void progress(qint64 id, const QString &stage, qint64 done, qint64 total);
    void note(qint64 id, const QString &sentence);
    void accuracy(qint64 id, const edgeflex::AccuracySoFar &accuracy);

private:
    struct Pending
    {
        Request request;
        Answer answer;
        bool sent = false;
        bool cancelled = false;
    };

    void setState(State state);
    void send(const Message &message);
    void initialize();
    void sendPending();
    void read();
    void handle(const Message &message);
    void handleInitialized(const Response &response);
    void answer(std::int64_t id, Response response);
    void restartFor(std::int64_t id);
    void fail(const QString &sentence, bool again);
    void endProcess();
    void finished();

    QString m_program;
    QStringList m_arguments;
    State m_state = State::Stopped;
    std::unique_ptr<QProcess> m_process;
    FrameReader m_reader;
    InitializeResult m_engine;
    int m_crashes = 0; // since the last answer
    std::int64_t m_nextId = 1;
    std::int64_t m_initializeId = 0;
    std::map<std::uint64_t, QByteArray> m_bulk; // that nobody has taken yet, the latest few
    std::map<std::int64_t, Pending> m_pending;  // by id: in the order asked
    QTimer m_startTimer;
};

} // namespace edgeflex
