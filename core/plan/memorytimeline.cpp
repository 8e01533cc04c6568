#include "plan/memorytimeline.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace edgeflex {

MemoryTimeline makeTimeline(const Schedule &schedule)
{
    MemoryTimeline timeline;
    timeline.weightBytes = schedule.weightBytes;
    for (std::size_t i = 0; i < schedule.operations.size(); ++i) {
        MemoryMoment moment;
        moment.operation = static_cast<int>(i);
        moment.scratchBytes = schedule.operations[i].scratchBytes;
        for (const ScheduledTensor &tensor : schedule.tensors) {
            if (tensor.birth <= moment.operation && moment.operation <= tensor.lastUse)
                moment.tensorBytes += tensor.bytes;
        }
        const std::int64_t total = moment.tensorBytes + moment.scratchBytes;
        if (total > timeline.peakActivationBytes) {
            timeline.peakActivationBytes = total;
            timeline.peakOperation = moment.operation;
        }
        timeline.moments.push_back(moment);
    }
    for (std::size_t i = 0; i < schedule.tensors.size(); ++i) {
        const ScheduledTensor &tensor = schedule.tensors[i];
        if (tensor.birth <= timeline.peakOperation && timeline.peakOperation <= tensor.lastUse)
            timeline.peakTensors.push_back(static_cast<int>(i));
    }
    std::stable_sort(timeline.peakTensors.begin(), timeline.peakTensors.end(), [&](int a, int b) {
        return schedule.tensors[static_cast<std::size_t>(a)].bytes >
               schedule.tensors[static_cast<std::size_t>(b)].bytes;
    });
    return timeline;
}

void to_json(nlohmann::json &json, const MemoryTimeline &value)
{
    nlohmann::json moments = nlohmann::json::array();
    for (const MemoryMoment &moment : value.moments)
        moments.push_back({{"operation", moment.operation},
                           {"tensorBytes", moment.tensorBytes},
                           {"scratchBytes", moment.scratchBytes}});
    json = {{"weightBytes", value.weightBytes},
            {"moments", std::move(moments)},
            {"peakActivationBytes", value.peakActivationBytes},
            {"peakBytes", value.peakBytes()},
            {"peakOperation", value.peakOperation},
            {"peakTensors", value.peakTensors}};
}

void from_json(const nlohmann::json &json, MemoryTimeline &value)
{
    value = {};
    json.at("weightBytes").get_to(value.weightBytes);
    for (const nlohmann::json &entry : json.at("moments")) {
        MemoryMoment moment;
        entry.at("operation").get_to(moment.operation);
        entry.at("tensorBytes").get_to(moment.tensorBytes);
        entry.at("scratchBytes").get_to(moment.scratchBytes);
        value.moments.push_back(moment);
    }
    json.at("peakActivationBytes").get_to(value.peakActivationBytes);
    json.at("peakOperation").get_to(value.peakOperation);
    json.at("peakTensors").get_to(value.peakTensors);
}

} // namespace edgeflex
