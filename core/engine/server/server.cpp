#include "engine/server/server.h"

#include "engine/server/verbs.h"
#include "plan/error.h"
#include "protocol/frame.h"
#include "protocol/message.h"
#include "protocol/protocol.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

namespace edgeflex {

namespace {

// Whole messages from any thread.
class Writer
{
public:
    explicit Writer(int descriptor) : m_descriptor(descriptor) {}

    void send(const Message &message) { write(encodeMessage(message)); }
    // Returns the number of the frame.
    std::uint64_t sendBulk(std::string_view bytes)
    {
        const std::uint64_t id = ++m_bulks;
        write(encodeBinaryFrame(id, bytes));
        return id;
    }

private:
    void write(const std::string &bytes)
    {
        const std::lock_guard lock(m_mutex);
        for (std::size_t written = 0; written < bytes.size();) {
            const ssize_t count = ::write(m_descriptor, bytes.data() + written, bytes.size() - written);
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return; // the studio is gone; the end of the input will say so
            written += static_cast<std::size_t>(count);
        }
    }

    int m_descriptor;
    std::mutex m_mutex;
    std::atomic<std::uint64_t> m_bulks{0};
};

struct Job
{
    Request request;
    std::atomic<bool> cancelled{false};
};

// A job's progress as notifications, at most ten of a kind a second.
class RemoteProgress : public Progress
{
public:
    RemoteProgress(Writer &writer, const Job &job) : m_writer(writer), m_job(job) { m_params.id = job.request.id; }

    void stage(std::string_view name, std::int64_t total) override
    {
        throwIfCancelled();
        m_params.stage = name;
        m_params.total = total;
        send(0);
    }
    void step(std::int64_t done) override
    {
        throwIfCancelled();
        const auto now = std::chrono::steady_clock::now();
        if (now - m_sent >= std::chrono::milliseconds(100) || done == m_params.total)
            send(done);
    }
    void note(std::string_view sentence) override
    {
        m_writer.send(Notification{std::string(method::note), NoteParams{m_params.id, std::string(sentence)}});
    }
    void accuracy(const AccuracySoFar &soFar) override
    {
        throwIfCancelled();
        const auto now = std::chrono::steady_clock::now();
        const bool last = soFar.top1.total == soFar.imagesInAll;
        if (now - m_accuracySent < std::chrono::milliseconds(100) && !last)
            return;
        m_accuracySent = now;
        m_writer.send(Notification{std::string(method::accuracy), AccuracyParams{m_params.id, soFar}});
    }
    bool cancelled() const override { return m_job.cancelled; }

private:
    void throwIfCancelled() const { edgeflex::throwIfCancelled(*this); }
    void send(std::int64_t done)
    {
        m_params.done = done;
        m_sent = std::chrono::steady_clock::now();
        m_writer.send(Notification{std::string(method::progress), m_params});
    }

    Writer &m_writer;
    const Job &m_job;
    ProgressParams m_params;
    std::chrono::steady_clock::time_point m_sent;
    std::chrono::steady_clock::time_point m_accuracySent;
};

class Server
{
public:
    Server(int input, int output) : m_input(input), m_writer(output) {}

    void run()
    {
        std::thread worker([this] { work(); });
        try {
            readAll();
        } catch (const Error &error) {
            m_writer.send(Response{std::nullopt, {}, ResponseError{ErrorCode::ParseError, error.what()}});
        }
        {
            const std::lock_guard lock(m_mutex);
            m_ended = true;
            if (!m_shutdown) { // the studio is gone: nobody waits for what is left
                for (const auto &job : m_jobs)
                    job->cancelled = true;
                if (m_running)
                    m_running->cancelled = true;
            }
        }
        m_changed.notify_all();
        worker.join();
    }

private:
    void readAll()
    {
        FrameReader reader;
        std::array<char, 65536> buffer{};
        while (!m_shutdown) {
            const ssize_t count = read(m_input, buffer.data(), buffer.size());
            if (count < 0 && errno == EINTR)
                continue;
            if (count <= 0)
                return;
            reader.append({buffer.data(), static_cast<std::size_t>(count)});
            while (const std::optional<Frame> frame = reader.next()) {
                if (!frame->binary())
                    receive(frame->body);
            }
        }
    }

    void receive(const std::string &body)
    {
        try {
            const Message message = messageFromJson(body);
            if (const auto *request = std::get_if<Request>(&message))
                enqueue(*request);
            else if (const auto *notification = std::get_if<Notification>(&message))
                notice(*notification);
        } catch (const MessageError &error) {
            m_writer.send(Response{error.id(), {}, ResponseError{error.code(), error.what()}});
        } catch (const Error &error) {
            m_writer.send(Response{std::nullopt, {}, ResponseError{ErrorCode::InvalidParams, error.what()}});
        }
    }

    void enqueue(const Request &request)
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::make_shared<Job>());
        m_jobs.back()->request = request;
        if (request.method == method::shutdown)
            m_shutdown = true;
        m_changed.notify_all();
    }

    void notice(const Notification &notification)
    {
        if (notification.method != method::cancel)
            return;
        const auto params = notification.params.get<CancelParams>();
        const std::lock_guard lock(m_mutex);
        if (m_running && m_running->request.id == params.id)
            m_running->cancelled = true;
        for (const auto &job : m_jobs) {
            if (job->request.id == params.id)
                job->cancelled = true;
        }
    }

    std::shared_ptr<Job> next()
    {
        std::unique_lock lock(m_mutex);
        m_running.reset();
        m_changed.wait(lock, [this] { return m_ended || !m_jobs.empty(); });
        if (m_jobs.empty())
            return nullptr;
        m_running = m_jobs.front();
        m_jobs.pop_front();
        return m_running;
    }

    void work()
    {
        while (const std::shared_ptr<Job> job = next())
            m_writer.send(answer(*job));
    }

    Response answer(const Job &job)
    {
        const Request &request = job.request;
        const auto failure = [&](ErrorCode code, const std::string &sentence) {
            return Response{request.id, {}, ResponseError{code, sentence}};
        };
        try {
            if (job.cancelled)
                throw Cancelled();
            if (request.method == method::shutdown)
                return Response{request.id, nullptr, std::nullopt};
            RemoteProgress progress(m_writer, job);
            const SendBulk sendBulk = [this](std::string_view bytes) {
                return m_writer.sendBulk(bytes);
            };
            return Response{request.id, runVerb(request.method, request.params, progress, sendBulk), std::nullopt};
        } catch (const Cancelled &) {
            return failure(ErrorCode::RequestCancelled, "cancelled");
        } catch (const MessageError &error) {
            return failure(error.code(), error.what());
        } catch (const Error &error) {
            return failure(ErrorCode::RequestFailed, error.what());
        } catch (const std::bad_alloc &) {
            return failure(ErrorCode::RequestFailed, "out of memory; use a smaller batch or a smaller model");
        } catch (const std::exception &error) {
            return failure(ErrorCode::InternalError, error.what());
        }
    }

    int m_input;
    Writer m_writer;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::shared_ptr<Job>> m_jobs;
    std::shared_ptr<Job> m_running;
    bool m_ended = false;
    std::atomic<bool> m_shutdown{false};
};

} // namespace

void serve(int input, int output)
{
    signal(SIGPIPE, SIG_IGN); // a studio that went away shows as a failed write
    Server(input, output).run();
}

void serveStandardStreams()
{
    const int input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    const int output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    if (input < 0 || output < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        throw Error(std::string("the engine cannot use its standard streams: ") + std::strerror(errno));
    serve(input, output);
}

} // namespace edgeflex
