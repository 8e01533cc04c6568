#include "cli/terminalprogress.h"

#include "cli/stopsignals.h"
#include "plan/error.h"
#include "plan/quantity.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <exception>

namespace edgeflex {

TerminalProgress::TerminalProgress()
    : m_terminal(isatty(STDERR_FILENO) == 1), m_begun(std::chrono::steady_clock::now()), m_started(m_begun)
{
    StopSignals::watch();
}

TerminalProgress::~TerminalProgress()
{
    clear();
    endStage();
    const double whole = std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begun).count();
    std::string stages;
    const auto add = [&](const std::string &name, double seconds) {
        if (seconds >= 0.05)
            stages.append(stages.empty() ? "" : ", ").append(name).append(" ").append(formatDuration(seconds));
    };
    double rest = whole;
    for (const auto &[name, seconds] : m_took) {
        add(name, seconds);
        rest -= seconds;
    }
    add("the rest", rest);
    if (!m_took.empty() && whole >= 1 && std::uncaught_exceptions() == 0)
        std::fprintf(stderr, "It took %s: %s.\n", formatDuration(whole).c_str(), stages.c_str());
}

void TerminalProgress::stage(std::string_view name, std::int64_t total)
{
    endStage();
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

// A stage that comes again goes on.
void TerminalProgress::endStage()
{
    if (m_name.empty())
        return;
    const auto known = std::ranges::find(m_took, m_name, &std::pair<std::string, double>::first);
    double &seconds = known == m_took.end() ? m_took.emplace_back(m_name, 0.0).second : known->second;
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - m_started).count();
}

void TerminalProgress::clear()
{
    if (m_drawn)
        std::fprintf(stderr, "\r\x1b[K");
    m_drawn = false;
}

} // namespace edgeflex
