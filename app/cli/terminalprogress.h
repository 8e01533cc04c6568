#pragma once

#include "plan/progress.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace edgeflex {

// Progress with time left on a terminal's standard error; only notes where it is no terminal. In the end it says how
// long each stage took, where the whole took more than a second and nothing went wrong. Ctrl-C (SIGINT) and SIGTERM
// cancel; a second Ctrl-C ends the program at once.
class TerminalProgress : public Progress
{
public:
    TerminalProgress();
    ~TerminalProgress() override;

    void stage(std::string_view name, std::int64_t total) override;
    void step(std::int64_t done) override;
    void note(std::string_view sentence) override;
    bool cancelled() const override;

private:
    void draw(std::int64_t done);
    void clear();
    void endStage();

    bool m_terminal;
    bool m_drawn = false;
    std::string m_name;                                 // empty: no stage yet
    std::vector<std::pair<std::string, double>> m_took; // seconds, by stage
    std::int64_t m_total = 0;
    std::chrono::steady_clock::time_point m_begun;
    std::chrono::steady_clock::time_point m_started; // the stage
    std::chrono::steady_clock::time_point m_lastDrawn;
};

} // namespace edgeflex
