// `edgeflex`: says how the threads of a pass wait for each other and becomes edgeflex-main, the program beside it. That
// has to be said before it starts: OpenMP reads it while its library is loaded.

#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// Threads meet a few hundred times in a pass. Who waits by sleeping is late each time (PASSIVE: a ViT-Tiny in FP32 took
// 1.4 times as long on a quiet machine); who waits by spinning for long keeps the processor from those waited for when
// others want it too. Ten thousand turns, some tenths of a millisecond, are enough for the one and short enough for the
// other.
constexpr char spinCount[] = "10000";

bool isSet(const char *name)
{
    return std::getenv(name) != nullptr;
}

} // namespace

int main(int, char **argv)
{
    if (!isSet("GOMP_SPINCOUNT") && !isSet("OMP_WAIT_POLICY"))
        setenv("GOMP_SPINCOUNT", spinCount, 1);
    std::array<char, PATH_MAX> self{};
    const ssize_t length = readlink("/proc/self/exe", self.data(), self.size() - 1);
    const std::string program = std::string(self.data(), length > 0 ? static_cast<std::size_t>(length) : 0) + "-main";
    execv(program.c_str(), argv);
    std::fprintf(stderr, "edgeflex: %s cannot be started: %s; install it beside this program\n", program.c_str(),
                 std::strerror(errno));
    return 1;
}
