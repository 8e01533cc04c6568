#include "engine/model/packedweights.h"

#include "engine/io/mappedfile.h"
#include "engine/io/safetensors.h"
#include "engine/io/weightfile.h"
#include "engine/model/identity.h"
#include "engine/model/vitmodel.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

namespace edgeflex {

namespace {

constexpr char layoutKey[] = "layout";

// Of the weights, whether of samples or of all of them.
struct Identity
{
    const char *key;
    std::int64_t wholeBytes;
};
constexpr Identity ofSamples{"identity", 0};
constexpr Identity ofAll{"whole", std::numeric_limits<std::int64_t>::max()};

// Calls visit(name, bytes, select) for every array that a layer has; select(of) gives the array in a PackedLinear or
// in what is like it.
template<typename Visit>
void forEachArray(const LinearSpec &spec, Visit visit)
{
    const LinearArrayBytes bytes = arrayBytes(spec);
    const auto array = [&](const char *suffix, std::int64_t size, auto select) {
        if (size > 0)
            visit(spec.name + suffix, size, select);
    };
    array(
        ".values", bytes.values, [](auto &of) -> auto & { return of.values; });
    array(
        ".scales", bytes.scales, [](auto &of) -> auto & { return of.scales; });
    array(
        ".offsets", bytes.offsets, [](auto &of) -> auto & { return of.offsets; });
    array(
        ".bias", bytes.bias, [](auto &of) -> auto & { return of.bias; });
    array(
        ".input_scale", bytes.inputScale, [](auto &of) -> auto & { return of.inputScale; });
}

std::array<const std::byte *, 5> placesOf(const LinearWeights &weights)
{
    return {weights.values.raw(), weights.scales.raw(), weights.zeroPoints.raw(), weights.bias.raw(),
            weights.inputScale.raw()};
}

} // namespace

void PackedWeights::write(const VitModel &model, const std::string &path)
{
    std::vector<TensorEntry> entries;
    for (const LinearSpec *linear : model.spec.linears()) {
        if (linear->isAbsent())
            continue;
        forEachArray(*linear, [&](const std::string &name, std::int64_t bytes, auto) {
            entries.push_back({name, DType::U8, {allocatedBytes(bytes)}});
        });
    }
    SafetensorsWriter writer(path, std::move(entries),
                             {{layoutKey, std::to_string(packedLayoutVersion)},
                              {ofSamples.key, modelIdentity(model, ofSamples.wholeBytes)},
                              {ofAll.key, modelIdentity(model, ofAll.wholeBytes)}});
    // The writer's order is by name, so that a layer's arrays come one after the other.
    PackedLinear packed;
    for (const TensorEntry &entry : writer.entries()) {
        const std::string layer = entry.name.substr(0, entry.name.rfind('.'));
        if (packed.spec.name != layer)
            packed = packLinear(model.linear(layer));
        forEachArray(packed.spec, [&](const std::string &name, std::int64_t bytes, auto select) {
            if (name != entry.name)
                return;
            const Tensor filled = Tensor::zeros(DType::U8, entry.shape);
            std::memcpy(Tensor(filled).raw(), select(packed).template as<std::byte>(), static_cast<std::size_t>(bytes));
            writer.write(filled);
        });
    }
    writer.commit();
}

PackedWeights PackedWeights::read(const VitModel &model, const std::string &path, Compare compare)
{
    const Identity &compared = compare == Compare::All ? ofAll : ofSamples;
    // First: from a disk it would have to wait until all that is read ahead below has come.
    const std::string identity = modelIdentity(model, compared.wholeBytes);
    const WeightFile file = readSafetensors(path, MappedFile::Reading::Often);
    const auto said = [&](const char *key) {
        const auto found = file.metadata.find(key);
        return found == file.metadata.end() ? std::string() : found->second;
    };
    if (said(layoutKey) != std::to_string(packedLayoutVersion))
        throw Error(path + " has the weights in another layout than this version of EdgeFlex reads");
    if (said(compared.key) != identity)
        throw Error(path + " was made of other weights than those beside it");
    PackedWeights result;
    std::size_t used = 0;
    for (const LinearSpec *linear : model.spec.linears()) {
        if (linear->isAbsent())
            continue;
        Layer layer;
        layer.spec = *linear;
        layer.of = placesOf(model.linear(linear->name));
        forEachArray(*linear, [&](const std::string &name, std::int64_t bytes, auto select) {
            const Tensor &stored = file.tensor(name);
            const Tensor wanted = Tensor::view(DType::U8, {allocatedBytes(bytes)}, nullptr, nullptr);
            if (stored.dtype() != wanted.dtype() || stored.shape() != wanted.shape())
                throw Error(path + ": " + name + " is " + std::string(toString(stored.dtype())) + " " +
                            stored.shapeText() + " instead of U8 " + wanted.shapeText());
            if (reinterpret_cast<std::uintptr_t>(stored.raw()) % dataAlignment != 0)
                throw Error(path + ": " + name + " does not start at a multiple of " + std::to_string(dataAlignment) +
                            " bytes");
            select(layer) = stored;
            ++used;
        });
        result.m_layers.emplace(linear->name, std::move(layer));
    }
    if (used != file.tensors.size())
        throw Error(path + " has arrays that belong to no layer of the model");
    return result;
}

std::optional<PackedLinear> PackedWeights::layer(const LinearWeights &weights) const
{
    const auto found = m_layers.find(weights.spec.name);
    if (found == m_layers.end() || found->second.spec != weights.spec || found->second.of != placesOf(weights))
        return std::nullopt;
    PackedLinear packed;
    packed.spec = weights.spec;
    forEachArray(weights.spec, [&](const std::string &, std::int64_t, auto select) {
        select(packed) = WeightArray(select(found->second));
    });
    return packed;
}

} // namespace edgeflex
