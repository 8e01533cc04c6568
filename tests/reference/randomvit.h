#pragma once

#include "engine/model/vitmodel.h"

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

// Small FP32 Vision Transformers and inputs with seeded random values, for tests of any variant.
namespace edgeflex::reference {

inline Tensor randomTensor(std::vector<std::int64_t> shape, double mean, double deviation, std::mt19937 &random)
{
    std::normal_distribution<float> normal(static_cast<float>(mean), static_cast<float>(deviation));
    Tensor tensor = Tensor::allocate(DType::F32, std::move(shape));
    for (std::int64_t i = 0; i < tensor.elements(); ++i)
        tensor.floats()[i] = normal(random);
    return tensor;
}

// FP32 whatever spec.format says; with an input scale where the spec has one.
inline LinearWeights randomLinear(LinearSpec spec, std::mt19937 &random)
{
    LinearWeights layer;
    if (spec.isAbsent()) {
        layer.spec = std::move(spec);
        return layer;
    }
    spec.format = NumberFormat::Fp32;
    layer.values = randomTensor({spec.outFeatures, spec.inFeatures}, 0.0,
                                1.0 / std::sqrt(static_cast<double>(spec.inFeatures)), random);
    if (spec.bias)
        layer.bias = randomTensor({spec.outFeatures}, 0.0, 0.3, random);
    if (spec.inputScale)
        layer.inputScale = randomTensor({spec.inFeatures}, 1.0, 0.1, random);
    layer.spec = std::move(spec);
    return layer;
}

// Any values that the spec's format can hold, INT8 and INT4 scaled to about the size of randomLinear()'s.
inline LinearWeights randomStoredLinear(const LinearSpec &spec, std::mt19937 &random)
{
    LinearWeights layer = randomLinear(spec, random);
    if (spec.format == NumberFormat::Fp16 || spec.format == NumberFormat::Bf16)
        return castWeights(layer, spec.format);
    if (spec.format == NumberFormat::Fp32)
        return layer;
    layer.spec.format = spec.format;
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    const double size = 1.0 / std::sqrt(static_cast<double>(k));
    std::uniform_int_distribution<int> bytes(0, 255);
    if (spec.format == NumberFormat::Int8) {
        layer.values = Tensor::allocate(DType::I8, {n, k});
        for (std::int64_t i = 0; i < n * k; ++i)
            layer.values.as<std::int8_t>()[i] = static_cast<std::int8_t>(bytes(random) % 255 - 127);
        layer.scales = randomTensor({n}, size / 64, size / 640, random);
        return layer;
    }
    const std::int64_t groups = (k + spec.groupSize - 1) / spec.groupSize;
    layer.values = Tensor::allocate(DType::U8, {n, (k + 1) / 2});
    layer.zeroPoints = Tensor::allocate(DType::U8, {n, (groups + 1) / 2});
    for (Tensor *packed : {&layer.values, &layer.zeroPoints}) {
        for (std::int64_t i = 0; i < packed->elements(); ++i)
            packed->as<std::uint8_t>()[i] = static_cast<std::uint8_t>(bytes(random));
    }
    layer.scales = Tensor::allocate(DType::F16, {n, groups});
    for (std::int64_t i = 0; i < n * groups; ++i)
        layer.scales.as<std::uint16_t>()[i] = floatToHalf(static_cast<float>(size / 8));
    return layer;
}

inline NormWeights randomNorm(std::int64_t width, std::mt19937 &random)
{
    return {randomTensor({width}, 1.0, 0.2, random), randomTensor({width}, 0.0, 0.2, random)};
}

// Weights for exactly this spec, every layer FP32. Logits are of the order of 1.
inline VitModel randomVit(const ModelSpec &spec, std::uint32_t seed)
{
    std::mt19937 random(seed);
    VitModel model;
    model.spec = spec;
    for (LinearSpec *layer : model.spec.linears())
        layer->format = NumberFormat::Fp32;
    model.path = "random ViT";
    VitWeights &weights = model.weights;
    const ModelSpec &made = model.spec;
    const std::int64_t prefix = (made.classToken ? 1 : 0) + made.registerTokens;
    weights.patchEmbed = randomLinear(made.patchEmbed, random);
    if (prefix > 0)
        weights.prefixTokens = randomTensor({prefix, made.width}, 0.0, 1.0, random);
    weights.positionEmbedding = randomTensor({made.tokens(), made.width}, 0.0, 0.5, random);
    if (made.preNorm)
        weights.preNorm = randomNorm(made.width, random);
    for (const BlockSpec &block : made.blocks) {
        BlockWeights blockWeights;
        blockWeights.norm1 = randomNorm(made.width, random);
        blockWeights.qkv = randomLinear(block.qkv, random);
        blockWeights.proj = randomLinear(block.proj, random);
        blockWeights.norm2 = randomNorm(made.width, random);
        blockWeights.fc1 = randomLinear(block.fc1, random);
        blockWeights.fc2 = randomLinear(block.fc2, random);
        weights.blocks.push_back(std::move(blockWeights));
    }
    weights.norm = randomNorm(made.width, random);
    for (const LinearSpec &layer : made.preLogits)
        weights.preLogits.push_back(randomLinear(layer, random));
    weights.head = randomLinear(made.head, random);
    return model;
}

// Weights for exactly this spec, each layer stored in its format.
inline VitModel randomStoredVit(const ModelSpec &spec, std::uint32_t seed)
{
    VitModel model = randomVit(spec, seed);
    std::mt19937 random(seed + 1);
    model.spec = spec;
    for (const LinearSpec *layer : spec.linears()) {
        if (!layer->isAbsent())
            model.linear(layer->name) = randomStoredLinear(*layer, random);
    }
    return model;
}

// Normalised pixels [batch, channels, height, width].
inline std::vector<float> randomPixels(const ModelSpec &spec, std::int64_t batch, std::uint32_t seed)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0F, 1.0F);
    std::vector<float> pixels(static_cast<std::size_t>(batch * spec.channels * spec.imageHeight * spec.imageWidth));
    for (float &pixel : pixels)
        pixel = normal(random);
    return pixels;
}

} // namespace edgeflex::reference
