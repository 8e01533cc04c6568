#include "engine/train/parameters.h"

#include "engine/model/savedmodel.h"
#include "engine/train/randomstream.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

namespace edgeflex {

namespace {

constexpr std::uint64_t initialStream = 1; // keeps these numbers apart from the augmentation's

// Where a patch lies, in waves of its row and column.
void addWaves(const ModelSpec &spec, float *positions)
{
    constexpr double height = 0.3;          // about that of an embedded patch
    constexpr double slowest = 1.0 / 100.0; // of the waves, in radians a patch; the fastest is 1
    const std::int64_t prefix = spec.tokens() - spec.patches();
    const std::int64_t columns = spec.imageWidth / spec.patchSize;
    const std::int64_t waves = spec.width / 4;
    for (std::int64_t patch = 0; patch < spec.patches(); ++patch) {
        float *const values = positions + (prefix + patch) * spec.width;
        for (std::int64_t wave = 0; wave < waves; ++wave) {
            const double speed = std::pow(slowest, static_cast<double>(wave) / static_cast<double>(waves));
            const double y = speed * static_cast<double>(patch / columns);
            const double x = speed * static_cast<double>(patch % columns);
            values[wave] += static_cast<float>(height * std::sin(y));
            values[waves + wave] += static_cast<float>(height * std::cos(y));
            values[2 * waves + wave] += static_cast<float>(height * std::sin(x));
            values[3 * waves + wave] += static_cast<float>(height * std::cos(x));
        }
    }
}

} // namespace

ParameterLayout::ParameterLayout(const ModelSpec &spec)
{
    std::set<std::string> linearWeights;
    for (const LinearSpec *linear : spec.linears())
        linearWeights.insert(linear->name + ".weight");
    for (const TensorEntry &entry : savedTensors(spec)) {
        if (entry.dtype != DType::F32)
            throw std::logic_error(entry.name + " is not FP32 and cannot be trained");
        ParameterSlot slot;
        slot.name = entry.name;
        slot.shape = entry.shape;
        slot.offset = m_count;
        slot.count = 1;
        for (const std::int64_t extent : entry.shape)
            slot.count *= static_cast<std::size_t>(extent);
        slot.linearWeight = linearWeights.contains(entry.name);
        m_count += slot.count;
        m_index.emplace(slot.name, m_slots.size());
        m_slots.push_back(std::move(slot));
    }
}

const ParameterSlot &ParameterLayout::slot(const std::string &name) const
{
    const auto found = m_index.find(name);
    if (found == m_index.end())
        throw std::logic_error("the model has no tensor " + name);
    return m_slots[found->second];
}

std::vector<float> initialParameters(const ModelSpec &spec, const ParameterLayout &layout, std::uint64_t seed)
{
    constexpr double smallDeviation = 0.02; // of tokens and positions
    const double branchScale = 1.0 / std::sqrt(2.0 * static_cast<double>(spec.blocks.size()));
    std::vector<float> values(layout.count(), 0.0F);
    for (std::size_t i = 0; i < layout.slots().size(); ++i) {
        const ParameterSlot &slot = layout.slots()[i];
        float *const begin = values.data() + slot.offset;
        double deviation = 0;
        if (slot.linearWeight) {
            deviation = std::sqrt(2.0 / static_cast<double>(slot.shape[0] + slot.shape[1]));
            if (slot.name.ends_with("proj.weight") || slot.name.ends_with("fc2.weight"))
                deviation *= branchScale;
        } else if (slot.name == "prefix_tokens" || slot.name == "pos_embed") {
            deviation = smallDeviation;
        } else if (slot.name.ends_with(".weight")) {
            std::fill_n(begin, slot.count, 1.0F); // a LayerNorm's gain
            continue;
        }
        RandomStream random{seed, initialStream, i};
        for (std::size_t j = 0; deviation > 0 && j < slot.count; ++j)
            begin[j] = static_cast<float>(deviation * random.bell());
    }
    addWaves(spec, values.data() + layout.slot("pos_embed").offset);
    return values;
}

VitModel modelFromParameters(const ModelSpec &spec, const ParameterLayout &layout, const std::vector<float> &values,
                             const std::map<std::string, std::string> &provenance)
{
    WeightFile file;
    file.path = spec.name;
    for (const ParameterSlot &slot : layout.slots()) {
        const auto begin = values.begin() + static_cast<std::ptrdiff_t>(slot.offset);
        file.tensors[slot.name] =
            Tensor::fromFloats(slot.shape, {begin, begin + static_cast<std::ptrdiff_t>(slot.count)});
    }
    return modelFromSaved(savedConfig(spec, provenance), spec.name, file);
}

} // namespace edgeflex
