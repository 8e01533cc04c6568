#pragma once

#include <omp.h>

namespace edgeflex {

// OpenMP loops and the library's products that the calling thread starts use `threads` threads while this lives.
class ThreadScope
{
public:
    explicit ThreadScope(int threads) : m_before(omp_get_max_threads()) { omp_set_num_threads(threads); }
    ~ThreadScope() { omp_set_num_threads(m_before); }
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

private:
    int m_before;
};

} // namespace edgeflex
