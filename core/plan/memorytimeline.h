#pragma once

#include "plan/schedule.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <vector>

namespace edgeflex {

// Bytes live during each operation of a schedule.
struct MemoryMoment
{
    int operation = 0;
    std::int64_t tensorBytes = 0; // tensors alive during the operation, its output included
    std::int64_t scratchBytes = 0;

    bool operator==(const MemoryMoment &) const = default;
};

struct MemoryTimeline
{
    std::int64_t weightBytes = 0;
    std::vector<MemoryMoment> moments;    // one an operation
    std::int64_t peakActivationBytes = 0; // max of tensorBytes + scratchBytes
    int peakOperation = 0;
    std::vector<int> peakTensors; // indices into Schedule::tensors alive at the peak, largest first

    std::int64_t peakBytes() const { return weightBytes + peakActivationBytes; }
    bool operator==(const MemoryTimeline &) const = default;
};

MemoryTimeline makeTimeline(const Schedule &schedule);

void to_json(nlohmann::json &json, const MemoryTimeline &value);
void from_json(const nlohmann::json &json, MemoryTimeline &value);

} // namespace edgeflex
