#include "plan/editspeed.h"

#include <stdexcept>

namespace edgeflex {

namespace {

// Nothing where one of the two was not measured.
template<typename Time>
std::optional<EditSpeed> compared(Time edited, Time original, bool interpolated)
{
    try {
        return EditSpeed{edited(), original(), interpolated};
    } catch (const std::out_of_range &) {
        return std::nullopt;
    }
}

} // namespace

std::optional<EditSpeed> formatSpeed(const LayerTimes &times, const ModelSpec &planned, const LinearSpec &layer)
{
    if (layer.format == NumberFormat::Fp32)
        return std::nullopt;
    LinearSpec fp32 = layer;
    fp32.format = NumberFormat::Fp32;
    const auto timeOf = [&](const LinearSpec &spec) {
        return [&times, &planned, &spec] {
            return times.time(planned, spec);
        };
    };
    return compared(timeOf(layer), timeOf(fp32), !times.isMeasured(planned, layer));
}

std::optional<EditSpeed> mlpSpeed(const LayerTimes &times, int block, const BlockSpec &original,
                                  const BlockSpec &planned)
{
    if (planned.mlpWidth() == original.mlpWidth())
        return std::nullopt;
    BlockSpec whole = original;
    whole.fc1.format = planned.mlpIsLinear() ? planned.fc2.format : planned.fc1.format;
    whole.fc2.format = planned.fc2.format;
    const auto timeOf = [&](const BlockSpec &spec) {
        return [&times, &spec, block] {
            return times.mlpTime(block, spec);
        };
    };
    const auto index = static_cast<std::size_t>(block);
    const bool measured =
        planned.mlpIsLinear() || (index < times.mlps.size() && times.mlps[index].contains(planned.mlpWidth()));
    return compared(timeOf(planned), timeOf(whole), !measured);
}

std::optional<EditSpeed> attentionSpeed(const LayerTimes &times, int block, const BlockSpec &original,
                                        const BlockSpec &planned)
{
    const auto index = static_cast<std::size_t>(block);
    // Sessions of before pruned attention was timed know whole layers only.
    if (index >= times.attentions.size() ||
        (planned.qkWidth() == original.qkWidth() && planned.voWidth() == original.voWidth()))
        return std::nullopt;
    BlockSpec whole = original;
    whole.qkv.format = planned.attentionIsLinear() ? planned.proj.format : planned.qkv.format;
    whole.proj.format = planned.proj.format;
    const auto timeOf = [&](const BlockSpec &spec) {
        return [&times, &spec, block] {
            return times.attentionTime(block, spec);
        };
    };
    const LayerTimes::Attention &known = times.attentions[index];
    const bool measured = known.proj.contains(planned.proj.inFeatures) &&
                          (planned.attentionIsLinear() || known.qkv.contains(planned.qkv.outFeatures));
    return compared(timeOf(planned), timeOf(whole), !measured);
}

std::vector<SlowEdit> editsThatDoNotPay(const LayerTimes &times, const ModelSpec &original, const ModelSpec &planned)
{
    std::vector<SlowEdit> slow;
    const auto note = [&](const std::string &edit, const std::optional<EditSpeed> &speed) {
        if (speed && !speed->pays())
            slow.push_back({edit, *speed});
    };
    const auto noteFormat = [&](const LinearSpec &layer) {
        note(layer.name + " in " + std::string(toString(layer.format)), formatSpeed(times, planned, layer));
    };
    noteFormat(planned.patchEmbed);
    for (std::size_t i = 0; i < planned.blocks.size(); ++i) {
        const BlockSpec &block = planned.blocks[i];
        const BlockSpec &whole = original.blocks.at(i);
        const auto index = static_cast<int>(i);
        noteFormat(block.qkv);
        noteFormat(block.proj);
        note(layerName(index, "attn") + (block.attentionIsLinear()
                                             ? " as one linear layer"
                                             : " with " + std::to_string(block.qkv.outFeatures) + " of " +
                                                   std::to_string(whole.qkv.outFeatures) + " outputs of qkv"),
             attentionSpeed(times, index, whole, block));
        noteFormat(block.fc1);
        noteFormat(block.fc2);
        note(layerName(index, "mlp") + (block.mlpIsLinear() ? " as one linear layer"
                                                            : " with " + std::to_string(block.mlpWidth()) + " of " +
                                                                  std::to_string(whole.mlpWidth()) + " channels"),
             mlpSpeed(times, index, whole, block));
    }
    for (const LinearSpec &layer : planned.preLogits)
        noteFormat(layer);
    noteFormat(planned.head);
    return slow;
}

} // namespace edgeflex
