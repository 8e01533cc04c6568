#pragma once

#include "plan/executiontarget.h"
#include "plan/modelspec.h"

#include <cstdint>
#include <map>
#include <tuple>

namespace edgeflex {

// Milliseconds that a linear layer takes on this machine, by shape and format: measured once each on
// random values, the median of five runs after a warm-up. Not thread-safe.
class LatencyTable
{
public:
    explicit LatencyTable(const ExecutionTarget &target) : m_target(target) {}

    double milliseconds(const LinearSpec &linear, std::int64_t rows);

private:
    using Key = std::tuple<NumberFormat, std::int64_t, std::int64_t, std::int64_t, bool>;
    ExecutionTarget m_target;
    std::map<Key, double> m_measured;
};

} // namespace edgeflex
