#include "cli/studioprocess.h"

#include "plan/error.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>

extern char **environ;

namespace edgeflex::cli {

namespace {

// Everything that comes through the descriptor until its other end is closed.
std::string readAll(int descriptor)
{
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
        const ssize_t count = ::read(descriptor, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return text;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

// The last line that the program itself wrote; Qt writes others.
std::string sentenceOf(const std::string &text)
{
    constexpr std::string_view prefix = "edgeflex-studio: ";
    const std::size_t at = text.rfind(prefix);
    if (at == std::string::npos)
        return {};
    return text.substr(at + prefix.size(), text.find('\n', at) - at - prefix.size());
}

} // namespace

std::string studioProgram()
{
    if (const char *program = std::getenv("EDGEFLEX_STUDIO"); program && *program)
        return program;
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return error ? std::string("edgeflex-studio") : (self.parent_path() / "edgeflex-studio").string();
}

void runStudio(const std::vector<std::string> &arguments)
{
    const std::string program = studioProgram();
    std::vector<std::string> words{program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char *> argv;
    for (std::string &word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);

    std::string offscreen = "QT_QPA_PLATFORM=offscreen";
    std::vector<char *> environment{offscreen.data()};
    for (char **variable = environ; *variable; ++variable) {
        if (!std::string_view(*variable).starts_with("QT_QPA_PLATFORM="))
            environment.push_back(*variable);
    }
    environment.push_back(nullptr);

    std::array<int, 2> ends;
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw Error(std::string("a pipe cannot be made: ") + std::strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    pid_t child = -1;
    const int failure = posix_spawnp(&child, program.c_str(), &actions, nullptr, argv.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    const std::string said = failure == 0 ? readAll(ends[0]) : std::string();
    ::close(ends[0]);
    if (failure != 0)
        throw Error(program + " cannot be started (" + std::strerror(failure) +
                    "); PDF is painted by it: set EDGEFLEX_STUDIO to where it is, or use --to html");
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return;
    const std::string sentence = sentenceOf(said);
    throw Error(sentence.empty() ? program + " failed while it painted the PDF; try --to html" : sentence);
}

} // namespace edgeflex::cli
