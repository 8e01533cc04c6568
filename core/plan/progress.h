#pragma once

#include "plan/error.h"

#include <cstdint>
#include <string_view>

namespace edgeflex {

struct AccuracySoFar;

// How a job reports where it is and learns that it should stop. A job calls step() often enough
// (at least every 100 ms) that a cancel is answered within 200 ms.
// Implementations are called from the job's thread only.
class Progress
{
public:
    virtual ~Progress() = default;

    // A new stage of the job begins, e.g. "calibrating", of `total` equal steps (0: not known).
    virtual void stage(std::string_view name, std::int64_t total) = 0;
    // `done` of the stage's steps are finished. Throws Cancelled when the user asked to stop.
    virtual void step(std::int64_t done) = 0;
    // A sentence for the user or the log, e.g. which images were kept for searching.
    virtual void note(std::string_view sentence) = 0;
    // Accuracy as images stream in, now and then; most jobs have none and most listeners do not care.
    virtual void accuracy(const AccuracySoFar &) {}
    // True once the user asked to stop. Safe from any thread.
    virtual bool cancelled() const = 0;
};

// For loops that are too long to wait for and have nothing to report.
inline void throwIfCancelled(const Progress &progress)
{
    if (progress.cancelled())
        throw Cancelled();
}

// Reports to nobody and never cancels.
class NoProgress : public Progress
{
public:
    void stage(std::string_view, std::int64_t) override {}
    void step(std::int64_t) override {}
    void note(std::string_view) override {}
    bool cancelled() const override { return false; }
};

// For steps within a step: reports to nobody, but is cancelled with the job.
class QuietProgress : public NoProgress
{
public:
    explicit QuietProgress(const Progress &job) : m_job(job) {}
    void step(std::int64_t) override { throwIfCancelled(m_job); }
    bool cancelled() const override { return m_job.cancelled(); }

private:
    const Progress &m_job;
};

// What functions that are usually not worth cancelling take where nobody waits.
inline const NoProgress neverCancelled{};

} // namespace edgeflex
