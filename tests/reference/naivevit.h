#pragma once

#include "engine/model/vitmodel.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

// A Vision Transformer's forward pass in double precision with plain loops, straight from the stored weights:
// the truth that fast implementations are compared with. Shares no arithmetic with the engine.
namespace edgeflex::reference {

using Matrix = std::vector<double>; // row-major

// IEEE half and bfloat16 by their definition.
inline double halfValue(std::uint16_t bits)
{
    const double sign = (bits & 0x8000U) ? -1.0 : 1.0;
    const int exponent = (bits >> 10) & 0x1f;
    const int mantissa = bits & 0x3ff;
    if (exponent == 31)
        return mantissa ? std::nan("") : sign * HUGE_VAL;
    if (exponent == 0)
        return sign * std::ldexp(mantissa, -24);
    return sign * std::ldexp(1024 + mantissa, exponent - 25);
}

inline double bfloat16Value(std::uint16_t bits)
{
    const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
    float value = 0;
    std::memcpy(&value, &wide, sizeof value);
    return value;
}

// Element `index` of a stored array; files give no alignment.
inline double valueAt(const Tensor &tensor, std::int64_t index)
{
    if (index < 0 || index >= tensor.elements())
        throw std::out_of_range("naive ViT: element " + std::to_string(index) + " of " + tensor.shapeText());
    const std::byte *at = tensor.raw() + static_cast<std::size_t>(index) * elementBytes(tensor.dtype());
    const auto load = [at]<typename T>(T value) {
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    switch (tensor.dtype()) {
    case DType::F64:
        return load(double());
    case DType::F32:
        return load(float());
    case DType::F16:
        return halfValue(load(std::uint16_t()));
    case DType::BF16:
        return bfloat16Value(load(std::uint16_t()));
    case DType::I8:
        return load(std::int8_t());
    case DType::U8:
        return load(std::uint8_t());
    default:
        throw std::logic_error("naive ViT: weights of type " + std::string(toString(tensor.dtype())));
    }
}

// Element `index` of row `row` of 4-bit values, two a byte, low nibble first.
inline int nibbleAt(const Tensor &packed, std::int64_t row, std::int64_t index)
{
    const auto byte = static_cast<unsigned>(valueAt(packed, row * packed.dim(1) + index / 2));
    return static_cast<int>(index % 2 == 0 ? byte & 0xfU : byte >> 4);
}

// The weight matrix [N, K] as its stored format defines it, without inputScale.
inline Matrix weightMatrix(const LinearWeights &layer)
{
    const std::int64_t rows = layer.spec.outFeatures;
    const std::int64_t columns = layer.spec.inFeatures;
    Matrix matrix(static_cast<std::size_t>(rows * columns));
    for (std::int64_t n = 0; n < rows; ++n) {
        for (std::int64_t k = 0; k < columns; ++k) {
            double value = 0;
            switch (layer.spec.format) {
            case NumberFormat::Fp32:
            case NumberFormat::Fp16:
            case NumberFormat::Bf16:
                value = valueAt(layer.values, n * columns + k);
                break;
            case NumberFormat::Int8:
                value = valueAt(layer.scales, n) * valueAt(layer.values, n * columns + k);
                break;
            case NumberFormat::Int4: {
                const std::int64_t group = k / layer.spec.groupSize;
                value = valueAt(layer.scales, n * layer.scales.dim(1) + group) *
                        (nibbleAt(layer.values, n, k) - nibbleAt(layer.zeroPoints, n, group));
                break;
            }
            }
            matrix[static_cast<std::size_t>(n * columns + k)] = value;
        }
    }
    return matrix;
}

// y = W (x * inputScale) + bias for every row of x [rows, K]. The weights are as stored; activations are
// never quantized, so INT8 execution differs from this by its activation rounding.
inline Matrix linear(const LinearWeights &layer, const Matrix &x)
{
    const auto outputs = static_cast<std::size_t>(layer.spec.outFeatures);
    const auto inputs = static_cast<std::size_t>(layer.spec.inFeatures);
    if (inputs == 0 || x.size() % inputs != 0)
        throw std::logic_error("naive ViT: input of " + layer.spec.name);
    const std::size_t rows = x.size() / inputs;
    const Matrix weights = weightMatrix(layer);
    Matrix scaled = x;
    if (!layer.inputScale.empty())
        for (std::size_t i = 0; i < scaled.size(); ++i)
            scaled[i] *= valueAt(layer.inputScale, static_cast<std::int64_t>(i % inputs));
    Matrix y(rows * outputs);
    for (std::size_t r = 0; r < rows; ++r) {
        for (std::size_t n = 0; n < outputs; ++n) {
            double sum = layer.bias.empty() ? 0.0 : valueAt(layer.bias, static_cast<std::int64_t>(n));
            for (std::size_t k = 0; k < inputs; ++k)
                sum += weights[n * inputs + k] * scaled[r * inputs + k];
            y[r * outputs + n] = sum;
        }
    }
    return y;
}

inline Matrix layerNorm(const NormWeights &norm, const Matrix &x, double eps)
{
    const auto width = static_cast<std::size_t>(norm.gamma.elements());
    Matrix y(x.size());
    for (std::size_t start = 0; start < x.size(); start += width) {
        double mean = 0;
        for (std::size_t i = 0; i < width; ++i)
            mean += x[start + i] / static_cast<double>(width);
        double variance = 0;
        for (std::size_t i = 0; i < width; ++i)
            variance += (x[start + i] - mean) * (x[start + i] - mean) / static_cast<double>(width);
        for (std::size_t i = 0; i < width; ++i)
            y[start + i] =
                (x[start + i] - mean) / std::sqrt(variance + eps) * valueAt(norm.gamma, static_cast<std::int64_t>(i)) +
                valueAt(norm.beta, static_cast<std::int64_t>(i));
    }
    return y;
}

inline double activation(Activation kind, double x)
{
    switch (kind) {
    case Activation::Gelu:
        return 0.5 * x * (1.0 + std::erf(x / std::sqrt(2.0)));
    case Activation::GeluTanh:
        return 0.5 * x * (1.0 + std::tanh(std::sqrt(2.0 / 3.14159265358979323846) * (x + 0.044715 * x * x * x)));
    case Activation::QuickGelu:
        return x / (1.0 + std::exp(-1.702 * x));
    }
    throw std::logic_error("naive ViT: unknown activation");
}

// qkv [tokens, heads * (2 * qkDim + voDim)] of one image -> context [tokens, heads * voDim].
inline Matrix attention(const Matrix &qkv, std::size_t heads, std::size_t qkDim, std::size_t voDim, std::size_t headDim)
{
    const std::size_t stride = heads * (2 * qkDim + voDim);
    const std::size_t tokens = qkv.size() / stride;
    Matrix context(tokens * heads * voDim, 0.0);
    Matrix scores(tokens);
    for (std::size_t h = 0; h < heads; ++h) {
        for (std::size_t i = 0; i < tokens; ++i) {
            double highest = -HUGE_VAL;
            for (std::size_t j = 0; j < tokens; ++j) {
                double dot = 0;
                for (std::size_t d = 0; d < qkDim; ++d)
                    dot += qkv[i * stride + h * qkDim + d] * qkv[j * stride + (heads + h) * qkDim + d];
                scores[j] = dot / std::sqrt(static_cast<double>(headDim));
                highest = std::max(highest, scores[j]);
            }
            double total = 0;
            for (double &score : scores)
                total += score = std::exp(score - highest);
            for (std::size_t j = 0; j < tokens; ++j)
                for (std::size_t d = 0; d < voDim; ++d)
                    context[(i * heads + h) * voDim + d] +=
                        scores[j] / total * qkv[j * stride + 2 * heads * qkDim + h * voDim + d];
        }
    }
    return context;
}

inline void accumulate(Matrix &x, const Matrix &y)
{
    if (x.size() != y.size())
        throw std::logic_error("naive ViT: residual of another size");
    for (std::size_t i = 0; i < x.size(); ++i)
        x[i] += y[i];
}

// Normalised pixels [channels, height, width] of one image -> patch rows [patches, channels * patch * patch].
inline Matrix patchRows(const ModelSpec &spec, const float *pixels)
{
    Matrix rows;
    for (int top = 0; top + spec.patchSize <= spec.imageHeight; top += spec.patchSize)
        for (int left = 0; left + spec.patchSize <= spec.imageWidth; left += spec.patchSize)
            for (int c = 0; c < spec.channels; ++c)
                for (int y = top; y < top + spec.patchSize; ++y)
                    for (int x = left; x < left + spec.patchSize; ++x)
                        rows.push_back(
                            pixels[(static_cast<std::ptrdiff_t>(c) * spec.imageHeight + y) * spec.imageWidth + x]);
    return rows;
}

// One block on the tokens [tokens, width] of one image.
inline void block(const ModelSpec &spec, const BlockSpec &shape, const BlockWeights &weights, Matrix &tokens)
{
    Matrix context = layerNorm(weights.norm1, tokens, spec.layerNormEps);
    if (weights.qkv.spec.outFeatures > 0) {
        const auto heads = static_cast<std::size_t>(spec.heads - shape.removedHeads);
        const auto inner = static_cast<std::size_t>(weights.proj.spec.inFeatures);
        const auto queries = (static_cast<std::size_t>(weights.qkv.spec.outFeatures) - inner) / 2;
        context = attention(linear(weights.qkv, context), heads, queries / heads, inner / heads,
                            static_cast<std::size_t>(spec.headDim));
    }
    accumulate(tokens, linear(weights.proj, context));
    Matrix hidden = layerNorm(weights.norm2, tokens, spec.layerNormEps);
    if (weights.fc1.spec.outFeatures > 0) {
        hidden = linear(weights.fc1, hidden);
        for (double &value : hidden)
            value = activation(spec.activation, value);
    }
    accumulate(tokens, linear(weights.fc2, hidden));
}

// Normalised pixels [batch, channels, height, width] -> logits [batch, classes].
inline std::vector<double> naiveLogits(const VitModel &model, const std::vector<float> &pixels)
{
    const ModelSpec &spec = model.spec;
    const VitWeights &weights = model.weights;
    const auto width = static_cast<std::size_t>(spec.width);
    const std::size_t prefix = (spec.classToken ? 1U : 0U) + static_cast<std::size_t>(spec.registerTokens);
    const std::size_t imageSize = static_cast<std::size_t>(spec.channels) * static_cast<std::size_t>(spec.imageHeight) *
                                  static_cast<std::size_t>(spec.imageWidth);
    std::vector<double> logits;
    for (std::size_t start = 0; start + imageSize <= pixels.size(); start += imageSize) {
        Matrix tokens;
        for (std::size_t i = 0; i < prefix * width; ++i)
            tokens.push_back(valueAt(weights.prefixTokens, static_cast<std::int64_t>(i)));
        const Matrix patches = linear(weights.patchEmbed, patchRows(spec, pixels.data() + start));
        tokens.insert(tokens.end(), patches.begin(), patches.end());
        for (std::size_t i = 0; i < tokens.size(); ++i)
            tokens[i] += valueAt(weights.positionEmbedding, static_cast<std::int64_t>(i));
        if (spec.preNorm)
            tokens = layerNorm(weights.preNorm, tokens, spec.layerNormEps);
        for (std::size_t i = 0; i < weights.blocks.size(); ++i)
            block(spec, spec.blocks[i], weights.blocks[i], tokens);
        if (spec.normPlace == NormPlace::BeforePooling)
            tokens = layerNorm(weights.norm, tokens, spec.layerNormEps);
        Matrix pooled(width, 0.0);
        if (spec.pooling == Pooling::ClassToken) {
            pooled.assign(tokens.begin(), tokens.begin() + spec.width);
        } else {
            const auto count = static_cast<double>(tokens.size() / width - prefix);
            for (std::size_t i = prefix * width; i < tokens.size(); ++i)
                pooled[i % width] += tokens[i] / count;
        }
        if (spec.normPlace == NormPlace::AfterPooling)
            pooled = layerNorm(weights.norm, pooled, spec.layerNormEps);
        for (const LinearWeights &layer : weights.preLogits) {
            pooled = linear(layer, pooled);
            for (double &value : pooled)
                value = std::tanh(value);
        }
        const Matrix scores = linear(weights.head, pooled);
        logits.insert(logits.end(), scores.begin(), scores.end());
    }
    return logits;
}

} // namespace edgeflex::reference
