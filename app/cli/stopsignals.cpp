#include "cli/stopsignals.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace edgeflex {

namespace {

std::atomic<bool> requested{false};

sigset_t stopSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void wait()
{
    const sigset_t signals = stopSignals();
    for (;;) {
        int signal = 0;
        if (sigwait(&signals, &signal) != 0)
            continue;
        if (requested.exchange(true))
            _exit(128 + signal);
    }
}

} // namespace

void StopSignals::watch()
{
    static const bool watching = [] {
        const sigset_t signals = stopSignals();
        pthread_sigmask(SIG_BLOCK, &signals, nullptr);
        std::thread(wait).detach();
        return true;
    }();
    static_cast<void>(watching);
}

bool StopSignals::arrived() noexcept
{
    return requested;
}

} // namespace edgeflex
