#include "app/studio/engineclient.h"

#include <QCoreApplication>
#include <QDir>
#include <QPointer>

#include <unistd.h>

namespace edgeflex {
namespace {

// The engine yields to the window where both want the processor.
constexpr int engineNiceness = 5;

Response errorResponse(std::int64_t id, ErrorCode code, const QString &sentence)
{
    Response response;
    response.id = id;
    response.error = ResponseError{code, sentence.toStdString()};
    return response;
}

} // namespace

EngineClient::EngineClient(QString program, QStringList arguments, QObject *parent)
    : QObject(parent), m_program(std::move(program)), m_arguments(std::move(arguments))
{
    m_startTimer.setSingleShot(true);
    m_startTimer.setInterval(startGraceMs);
    connect(&m_startTimer, &QTimer::timeout, this,
            [this] { fail(tr("The engine %1 did not answer when it was started.").arg(m_program), false); });
}

EngineClient::~EngineClient()
{
    m_pending.clear(); // whoever asked may be gone
    stop();
}

QString EngineClient::defaultProgram()
{
    const QString wanted = qEnvironmentVariable("EDGEFLEX_ENGINE");
    return wanted.isEmpty() ? QDir(QCoreApplication::applicationDirPath()).filePath("edgeflex") : wanted;
}

void EngineClient::start()
{
    if (m_process)
        return;
    m_reader = FrameReader();
    m_bulk.clear();
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process->setChildProcessModifier([] { [[maybe_unused]] const int niceness = ::nice(engineNiceness); });
    connect(m_process.get(), &QProcess::started, this, &EngineClient::initialize);
    connect(m_process.get(), &QProcess::readyReadStandardOutput, this, &EngineClient::read);
    connect(m_process.get(), &QProcess::finished, this, &EngineClient::finished);
    connect(m_process.get(), &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            fail(tr("The engine %1 cannot be started; set EDGEFLEX_ENGINE to the edgeflex program.").arg(m_program),
                 false);
    });
    setState(State::Starting);
    if (!m_process) // whoever heard of the new state stopped it
        return;
    m_startTimer.start();
    m_process->start(m_program, m_arguments);
}

void EngineClient::stop()
{
    if (m_process && m_process->state() == QProcess::Running) {
        disconnect(m_process.get(), nullptr, this, nullptr);
        send(Request{m_nextId++, std::string(method::shutdown)});
        m_process->closeWriteChannel();
        m_process->waitForFinished(stopGraceMs);
    }
    endProcess();
    setState(State::Stopped);
    const QPointer<EngineClient> alive(this);
    while (alive && !m_pending.empty()) {
        const std::int64_t id = m_pending.begin()->first;
        answer(id, errorResponse(id, ErrorCode::RequestCancelled, tr("The engine was stopped.")));
    }
}

std::int64_t EngineClient::request(std::string_view method, nlohmann::json params, Answer answer)
{
    const std::int64_t id = m_nextId++;
    m_pending[id] = {Request{id, std::string(method), std::move(params)}, std::move(answer)};
    if (m_state == State::Ready)
        sendPending();
    return id;
}

void EngineClient::cancel(std::int64_t id)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end() || found->second.cancelled)
        return;
    found->second.cancelled = true;
    if (found->second.sent)
        send(Notification{std::string(method::cancel), CancelParams{id}});
    // Also for what was never sent, so that the answer always comes later than the call.
    QTimer::singleShot(found->second.sent ? cancelGraceMs : 0, this, [this, id] { restartFor(id); });
}

QByteArray EngineClient::takeBulk(std::uint64_t contentId)
{
    const auto found = m_bulk.find(contentId);
    if (found == m_bulk.end())
        return {};
    QByteArray bytes = std::move(found->second);
    m_bulk.erase(found);
    return bytes;
}

void EngineClient::setState(State state)
{
    if (m_state == state)
        return;
    m_state = state;
    Q_EMIT stateChanged(state);
}

void EngineClient::send(const Message &message)
{
    m_process->write(QByteArray::fromStdString(encodeMessage(message)));
}

void EngineClient::initialize()
{
    m_initializeId = m_nextId++;
    InitializeParams params;
    params.client = "edgeflex-studio " EDGEFLEX_VERSION;
    send(Request{m_initializeId, std::string(method::initialize), params});
}

void EngineClient::sendPending()
{
    for (auto &[id, pending] : m_pending) {
        if (pending.sent || pending.cancelled)
            continue;
        pending.sent = true;
        send(pending.request);
    }
}

void EngineClient::read()
{
    m_reader.append(m_process->readAllStandardOutput().toStdString());
    // Answers may do anything to this client, such as stop it.
    const QPointer<EngineClient> alive(this);
    const QProcess *process = m_process.get();
    try {
        while (alive && m_process.get() == process) {
            const std::optional<Frame> frame = m_reader.next();
            if (!frame)
                return;
            if (!frame->binary()) {
                handle(messageFromJson(frame->body));
                continue;
            }
            m_bulk[*frame->contentId] = QByteArray::fromStdString(frame->body);
            if (m_bulk.size() > bulkAtMost)
                m_bulk.erase(m_bulk.begin());
        }
    } catch (const Error &error) {
        fail(tr("The engine broke the protocol and was stopped: %1").arg(QString::fromUtf8(error.what())),
             m_state == State::Ready);
    }
}

void EngineClient::handle(const Message &message)
{
    if (const auto *response = std::get_if<Response>(&message)) {
        if (response->id && *response->id == m_initializeId && m_state == State::Starting)
            handleInitialized(*response);
        else if (response->id)
            answer(*response->id, *response);
        return;
    }
    const auto *notification = std::get_if<Notification>(&message);
    if (!notification)
        return; // the engine has nothing to ask the window
    try {
        if (notification->method == method::progress) {
            const auto params = notification->params.get<ProgressParams>();
            Q_EMIT progress(params.id, QString::fromStdString(params.stage), params.done, params.total);
        } else if (notification->method == method::note) {
            const auto params = notification->params.get<NoteParams>();
            Q_EMIT note(params.id, QString::fromStdString(params.text));
        } else if (notification->method == method::accuracy) {
            const auto params = notification->params.get<AccuracyParams>();
            Q_EMIT accuracy(params.id, params.accuracy);
        }
    } catch (const std::exception &) {
        throw Error("a notification of " + notification->method + " lacks its fields.");
    }
}

void EngineClient::handleInitialized(const Response &response)
{
    if (response.error) {
        fail(QString::fromStdString(response.error->message), false);
        return;
    }
    try {
        m_engine = response.result.get<InitializeResult>();
    } catch (const std::exception &) {
        throw Error("its answer to initialize lacks fields.");
    }
    if (m_engine.protocolVersion != protocolVersion) {
        fail(tr("The engine %1 speaks version %2 of the protocol and this window version %3; install the same version "
                "of both.")
                 .arg(m_program)
                 .arg(m_engine.protocolVersion)
                 .arg(protocolVersion),
             false);
        return;
    }
    m_startTimer.stop();
    setState(State::Ready);
    sendPending();
}

void EngineClient::answer(std::int64_t id, Response response)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return; // late: it was given up
    const Answer answer = std::move(found->second.answer);
    m_pending.erase(found);
    if (!response.error)
        m_crashes = 0;
    if (answer)
        answer(response);
}

// The grace of a cancel is over: what did not stop is killed.
void EngineClient::restartFor(std::int64_t id)
{
    const auto found = m_pending.find(id);
    if (found == m_pending.end())
        return;
    if (found->second.sent) {
        endProcess();
        for (auto &[other, pending] : m_pending)
            pending.sent = false;
    }
    const bool again = !m_process && m_state != State::Stopped && m_state != State::Failed;
    const QPointer<EngineClient> alive(this);
    if (again)
        start();
    if (alive)
        answer(id, errorResponse(id, ErrorCode::RequestCancelled, tr("The job was stopped.")));
}

void EngineClient::fail(const QString &sentence, bool again)
{
    endProcess();
    again = again && ++m_crashes <= maxCrashes;
    std::vector<std::int64_t> asked;
    for (const auto &[id, pending] : m_pending)
        asked.push_back(id);
    const QPointer<EngineClient> alive(this);
    setState(again ? State::Starting : State::Failed);
    if (alive)
        Q_EMIT crashed(sentence);
    for (const std::int64_t id : asked) {
        if (!alive)
            return;
        answer(id, errorResponse(id, ErrorCode::RequestFailed, sentence));
    }
    if (alive && again && m_state == State::Starting)
        start();
}

void EngineClient::endProcess()
{
    m_startTimer.stop();
    if (!m_process)
        return;
    disconnect(m_process.get(), nullptr, this, nullptr);
    m_process->kill();
    // Reaped by the event loop: a killed process may take a while to give back its memory. This may run in
    // one of the process's own signals, so it cannot be deleted here.
    QProcess *process = m_process.release();
    process->setParent(QCoreApplication::instance());
    if (process->state() == QProcess::NotRunning)
        process->deleteLater();
    else
        connect(process, &QProcess::finished, process, &QObject::deleteLater);
}

void EngineClient::finished()
{
    const bool ready = m_state == State::Ready;
    const QString how = m_process->exitStatus() == QProcess::CrashExit
                            ? tr("crashed")
                            : tr("ended with code %1").arg(m_process->exitCode());
    fail(ready ? tr("The engine %1 and was started again.").arg(how)
               : tr("The engine %1 %2 as soon as it was started.").arg(m_program, how),
         ready);
}

} // namespace edgeflex
