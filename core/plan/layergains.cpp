#include "plan/layergains.h"

#include "plan/error.h"

namespace edgeflex {

std::vector<LayerGain> layerGains(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned)
{
    const auto before = original.linears();
    const auto after = planned.linears();
    if (before.size() != after.size())
        throw Error("the plan's model has " + std::to_string(after.size()) + " linear layers, the original " +
                    std::to_string(before.size()) + "; plan the same model");
    std::vector<LayerGain> gains;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (before[i]->format == after[i]->format && before[i]->outFeatures == after[i]->outFeatures &&
            before[i]->inFeatures == after[i]->inFeatures)
            continue;
        gains.push_back(
            {before[i]->name, times.milliseconds(original, *before[i]), times.milliseconds(planned, *after[i])});
    }
    return gains;
}

} // namespace edgeflex
