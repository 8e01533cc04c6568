#include "engine/evaluate/peakmemory.h"

#include "engine/kernels/gemm.h"
#include "engine/model/transformer.h"
#include "engine/tensor/hostallocator.h"
#include "plan/error.h"

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <omp.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstring>
#include <fstream>
#include <vector>

extern char **environ;

namespace edgeflex {

namespace {

std::int64_t highWaterBytes()
{
    std::ifstream file("/proc/self/status");
    std::string field;
    while (file >> field) {
        std::int64_t kibibytes = 0;
        if (field == "VmHWM:" && file >> kibibytes)
            return kibibytes * 1024;
        file.ignore(4096, '\n');
    }
    throw Error("/proc/self/status does not say VmHWM; process memory cannot be measured here");
}

// Starts the threads and the library's code generator, which any engine has loaded.
void warmUpLibraries()
{
    constexpr std::int64_t size = 64;
    const std::vector<float> a(size * size, 0.5F);
    std::vector<float> c(size * size);
    gemm(false, true, size, size, size, 1.0F, a.data(), size, a.data(), size, 0.0F, c.data(), size);
}

std::string joined(const std::vector<double> &values)
{
    std::string text;
    for (const double value : values) {
        if (!text.empty())
            text += ',';
        text += std::to_string(value);
    }
    return text;
}

std::vector<std::string> arguments(const std::string &executable, const ModelSource &model, ScheduleKind kind,
                                   int batch, int batches, int threads)
{
    std::vector<std::string> words{executable,
                                   "peak-memory",
                                   model.path,
                                   "--batch",
                                   std::to_string(batch),
                                   "--batches",
                                   std::to_string(batches),
                                   "--schedule",
                                   std::string(toString(kind)),
                                   "--threads",
                                   std::to_string(threads),
                                   "--json",
                                   "-"};
    if (model.heads)
        words.insert(words.end(), {"--heads", std::to_string(*model.heads)});
    if (model.mean)
        words.insert(words.end(), {"--mean", joined(*model.mean)});
    if (model.std)
        words.insert(words.end(), {"--std", joined(*model.std)});
    return words;
}

// A started child whose standard output and error we read; killed when it goes out of scope unfinished.
class Child
{
public:
    explicit Child(const std::vector<std::string> &words)
    {
        std::array<int, 2> pipe{};
        if (pipe2(pipe.data(), O_CLOEXEC) != 0)
            throw Error("cannot start " + words.front() + ": " + std::strerror(errno));
        std::vector<char *> argv;
        for (const std::string &word : words)
            argv.push_back(const_cast<char *>(word.c_str()));
        argv.push_back(nullptr);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&actions, pipe[1], STDERR_FILENO);
        // The child is stopped by the signals that this process may keep from its threads.
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none;
        sigemptyset(&none);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
        const int error = posix_spawn(&m_pid, words.front().c_str(), &actions, &attributes, argv.data(), environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        close(pipe[1]);
        m_output = pipe[0];
        if (error != 0) {
            close(m_output);
            m_pid = -1;
            throw Error("cannot start " + words.front() + ": " + std::strerror(error));
        }
    }
    Child(const Child &) = delete;
    Child &operator=(const Child &) = delete;
    ~Child()
    {
        if (m_pid > 0) {
            kill(m_pid, SIGKILL);
            waitpid(m_pid, nullptr, 0);
        }
        if (m_output >= 0)
            close(m_output);
    }

    std::string readAll(const Progress &progress)
    {
        std::string text;
        std::array<char, 4096> buffer{};
        for (;;) {
            pollfd waiting{m_output, POLLIN, 0};
            poll(&waiting, 1, 100);
            if (progress.cancelled())
                throw Cancelled();
            if (waiting.revents == 0)
                continue;
            const ssize_t count = read(m_output, buffer.data(), buffer.size());
            if (count <= 0)
                return text;
            text.append(buffer.data(), static_cast<std::size_t>(count));
        }
    }

    bool succeeded()
    {
        int status = 0;
        waitpid(m_pid, &status, 0);
        m_pid = -1;
        return WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }

private:
    pid_t m_pid = -1;
    int m_output = -1;
};

} // namespace

ProcessPeak measureThisProcess(const ModelSource &source, ScheduleKind kind, int batch, int batches, int threads,
                               Progress &progress)
{
    const ExecutionTarget target = detectTarget(threads);
    omp_set_num_threads(target.threads);
    warmUpLibraries();
    ProcessPeak peak;
    peak.idleBytes = highWaterBytes();

    const std::int64_t before = hostallocator::liveBytes();
    const auto start = std::chrono::steady_clock::now();
    Transformer transformer(openModel(source), target, progress);
    peak.startMilliseconds =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    peak.weightsBytes = hostallocator::liveBytes() - before;
    const ModelSpec &spec = transformer.spec();
    std::vector<float> pixels(static_cast<std::size_t>(batch) * static_cast<std::size_t>(spec.channels) *
                              static_cast<std::size_t>(spec.imageHeight * spec.imageWidth));
    std::uint32_t state = 1;
    for (float &pixel : pixels) {
        state = state * 1664525U + 1013904223U;
        pixel = static_cast<float>(state >> 8) / static_cast<float>(1 << 23) - 1.0F;
    }
    std::vector<float> logits(static_cast<std::size_t>(batch * spec.classes()));
    const Schedule schedule = transformer.schedule(kind, batch);
    hostallocator::resetPeak();
    for (int i = 0; i < batches; ++i)
        transformer.run(schedule, pixels.data(), logits.data(), progress);
    peak.allocatorBytes = hostallocator::peakBytes() - before;
    peak.weightsAfterBytes = hostallocator::liveBytes() - before;
    peak.peakBytes = highWaterBytes();
    return peak;
}

ProcessPeak measureFreshProcess(const std::string &executable, const ModelSource &model, ScheduleKind kind, int batch,
                                int batches, int threads, const Progress &progress)
{
    Child child(arguments(executable.empty() ? "/proc/self/exe" : executable, model, kind, batch, batches, threads));
    const std::string text = child.readAll(progress);
    if (!child.succeeded()) {
        throwIfCancelled(progress); // Ctrl-C reaches both processes
        throw Error("the process that measures peak memory failed: " + text.substr(0, text.find('\n')));
    }
    try {
        return nlohmann::json::parse(text).get<ProcessPeak>();
    } catch (const nlohmann::json::exception &) {
        throw Error("the process that measures peak memory answered \"" + text.substr(0, 200) + "\"");
    }
}

void to_json(nlohmann::json &json, const ProcessPeak &value)
{
    json = {{"idleBytes", value.idleBytes},           {"peakBytes", value.peakBytes},
            {"weightsBytes", value.weightsBytes},     {"weightsAfterBytes", value.weightsAfterBytes},
            {"allocatorBytes", value.allocatorBytes}, {"startMilliseconds", value.startMilliseconds}};
}

void from_json(const nlohmann::json &json, ProcessPeak &value)
{
    json.at("idleBytes").get_to(value.idleBytes);
    json.at("peakBytes").get_to(value.peakBytes);
    json.at("weightsBytes").get_to(value.weightsBytes);
    json.at("weightsAfterBytes").get_to(value.weightsAfterBytes);
    json.at("allocatorBytes").get_to(value.allocatorBytes);
    json.at("startMilliseconds").get_to(value.startMilliseconds);
}

} // namespace edgeflex
