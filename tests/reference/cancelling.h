#pragma once

#include "plan/progress.h"

#include <atomic>

namespace edgeflex::test {

// A job that the user stops when it has looked `looks` times whether he has.
class Cancelling : public NoProgress
{
public:
    explicit Cancelling(int looks) : m_left(looks) {}

    void step(std::int64_t) override { throwIfCancelled(*this); }
    bool cancelled() const override { return m_left.fetch_sub(1) <= 0; }

private:
    mutable std::atomic<int> m_left;
};

} // namespace edgeflex::test
