#include "engine/model/synthesize.h"

#include "engine/io/atomicfolder.h"
#include "engine/model/savedmodel.h"
#include "plan/error.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

namespace edgeflex {

namespace {

struct Architecture
{
    std::string_view name;
    int patchSize;
    std::int64_t width;
    int depth;
    int heads;
};

constexpr std::array architectures{Architecture{"vit-tiny", 16, 192, 12, 3}, Architecture{"vit-small", 16, 384, 12, 6},
                                   Architecture{"vit-base", 16, 768, 12, 12},
                                   Architecture{"vit-large", 16, 1024, 24, 16},
                                   Architecture{"vit-huge", 14, 1280, 32, 16}};

constexpr std::int64_t chunkValues = std::int64_t{1} << 20; // between two looks at cancelling

// SplitMix64's mixing function (Steele, Lea and Flood 2014), here of a counter.
std::uint64_t mixed(std::uint64_t value)
{
    value += 0x9e3779b97f4a7c15U;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

// Standard deviation of bell().
constexpr double bellDeviation = 37836.6; // 65536 / sqrt(3)

// A whole number, bell-shaped about 0, at most 131070 (3.5 standard deviations) away from it: the sum of
// four uniform ones. Whole numbers, so that every platform agrees.
std::int32_t bell(std::uint64_t key, std::uint64_t index)
{
    const std::uint64_t bits = mixed(key + index * 0xd1342543de82ef95U);
    const auto part = [bits](int at) {
        return static_cast<std::int32_t>((bits >> at) & 0xffffU);
    };
    return part(0) + part(16) + part(32) + part(48) - 2 * 65535;
}

enum class Role { Values, NormGain, Small };

Role roleOf(std::string_view name)
{
    if (name.ends_with(".bias"))
        return Role::Small;
    if (name.ends_with("norm.weight") || name.ends_with("norm1.weight") || name.ends_with("norm2.weight"))
        return Role::NormGain;
    return Role::Values;
}

bool isOutlier(std::uint64_t seed, std::int64_t channel, std::int64_t width)
{
    for (std::uint64_t i = 0; i < 3; ++i)
        if (mixed(seed + i) % static_cast<std::uint64_t>(width) == static_cast<std::uint64_t>(channel))
            return true;
    return false;
}

// Fills values [begin, end) of a tensor. Each is one exact product of a whole number, so that rounding and
// contraction do not depend on the compiler.
void fill(float *values, std::int64_t begin, std::int64_t end, Role role, std::uint64_t key, std::uint64_t seed,
          std::int64_t elements)
{
    constexpr auto weightStep = static_cast<float>(0.02 / bellDeviation);
    constexpr auto smallStep = static_cast<float>(0.01 / bellDeviation);
    constexpr float gainStep = 1.0F / (1 << 19); // a standard deviation of 0.07
    for (std::int64_t i = begin; i < end; ++i) {
        const auto number = bell(key, static_cast<std::uint64_t>(i));
        switch (role) {
        case Role::Values:
            values[i] = static_cast<float>(number) * weightStep;
            break;
        case Role::Small:
            values[i] = static_cast<float>(number) * smallStep;
            break;
        case Role::NormGain:
            values[i] =
                static_cast<float>((1 << 19) + number) * gainStep * (isOutlier(seed, i, elements) ? 8.0F : 1.0F);
            break;
        }
    }
}

} // namespace

ModelSpec synthesizedSpec(const SynthesizeOptions &options)
{
    std::string known;
    for (const Architecture &architecture : architectures) {
        known += (known.empty() ? "" : ", ") + std::string(architecture.name);
        if (architecture.name != options.architecture)
            continue;
        VitShape shape;
        shape.patchSize = architecture.patchSize;
        shape.width = architecture.width;
        shape.depth = architecture.depth;
        shape.heads = architecture.heads;
        shape.mlpWidth = 4 * architecture.width;
        shape.classes = options.classes;
        ModelSpec spec = makeVitSpec(shape);
        spec.name = architecture.name;
        spec.preprocessing.resizeShorter = 248;
        spec.preprocessing.cropHeight = spec.imageHeight;
        spec.preprocessing.cropWidth = spec.imageWidth;
        spec.preprocessing.stated = true;
        return spec;
    }
    throw Error("\"" + options.architecture + "\" is not an architecture that can be synthesized: choose one of " +
                known);
}

void synthesizeModel(const SynthesizeOptions &options, Progress &progress)
{
    const ModelSpec spec = synthesizedSpec(options);
    AtomicFolder out(options.out, isSavedModel);
    writeTextFile(out.temporary() + "/" + savedConfigFile,
                  savedConfig(spec, {{"made", "synthesized weights: speed of a shape, no accuracy"},
                                     {"seed", std::to_string(options.seed)}}));
    SafetensorsWriter writer(out.temporary() + "/" + savedWeightsFile, savedTensors(spec), {});
    progress.stage("synthesizing " + spec.name, spec.parameterCount());
    std::int64_t done = 0;
    for (const TensorEntry &entry : writer.entries()) {
        Tensor tensor = Tensor::allocate(entry.dtype, entry.shape);
        const std::int64_t elements = tensor.elements();
        const std::uint64_t key = mixed(options.seed ^ hashOf(entry.name));
        for (std::int64_t begin = 0; begin < elements; begin += chunkValues) {
            const std::int64_t end = std::min(elements, begin + chunkValues);
            fill(tensor.floats(), begin, end, roleOf(entry.name), key, options.seed, elements);
            progress.step(done + end);
        }
        done += elements;
        writer.write(tensor);
    }
    writer.commit();
    out.commit();
}

} // namespace edgeflex
