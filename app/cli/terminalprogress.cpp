#include "cli/terminalprogress.h"

#include "cli/stopsignals.h"
#include "plan/error.h"
#include "plan/quantity.h"

#include <unistd.h>

#include <cstdio>

namespace edgeflex {

TerminalProgress::TerminalProgress()
    : m_terminal(isatty(STDERR_FILENO) == 1), m_started(std::chrono::steady_clock::now())
{
    StopSignals::watch();
}

TerminalProgress::~TerminalProgress()
{
    clear();
}

void TerminalProgress::stage(std::string_view name, std::int64_t total)
{
    m_name = name;
    m_total = total;
    m_started = std::chrono::steady_clock::now();
    draw(0);
    if (cancelled())
        throw Cancelled();
}

void TerminalProgress::step(std::int64_t done)
{
    if (cancelled())
        throw Cancelled();
    const auto now = std::chrono::steady_clock::now();
    if (now - m_lastDrawn >= std::chrono::milliseconds(100) || done == m_total)
        draw(done);
}

void TerminalProgress::note(std::string_view sentence)
{
    clear();
    std::fprintf(stderr, "%.*s\n", static_cast<int>(sentence.size()), sentence.data());
}

bool TerminalProgress::cancelled() const
{
    return StopSignals::arrived();
}

void TerminalProgress::draw(std::int64_t done)
{
    if (!m_terminal)
        return;
    m_lastDrawn = std::chrono::steady_clock::now();
    std::string line = m_name;
    if (m_total > 0) {
        line.append(" ").append(std::to_string(done)).append(" of ").append(std::to_string(m_total));
        if (done > 0 && done < m_total) {
            const double elapsed = std::chrono::duration<double>(m_lastDrawn - m_started).count();
            const double left = elapsed / static_cast<double>(done) * static_cast<double>(m_total - done);
            line.append(", ").append(formatDuration(left)).append(" left");
        }
    }
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    std::fflush(stderr);
    m_drawn = true;
}

void TerminalProgress::clear()
{
    if (m_drawn)
        std::fprintf(stderr, "\r\x1b[K");
    m_drawn = false;
}

} // namespace edgeflex
