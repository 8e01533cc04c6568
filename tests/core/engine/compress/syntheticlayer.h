#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

// Layers and tokens with a known truth, for the tests of compression.
namespace edgeflex::test {

// Rows of inputs, kept so that moments can be checked against a replay.
struct Tokens
{
    std::int64_t count = 0;
    std::int64_t features = 0;
    std::vector<float> values; // [count, features]

    const float *row(std::int64_t t) const { return values.data() + t * features; }
};

// Correlated inputs with a mean: `features` mixtures of a third as many sources, plus noise of their own.
inline Tokens makeTokens(std::int64_t count, std::int64_t features, unsigned seed, double mean = 0.5)
{
    // The mixture is one for all seeds: seeds are draws from one distribution.
    std::mt19937 mixtureRandom(7);
    std::mt19937 random(seed);
    std::normal_distribution<double> normal;
    const std::int64_t sources = std::max<std::int64_t>(features / 3, 1);
    std::vector<double> mixture(static_cast<std::size_t>(features * sources));
    std::vector<double> centre(static_cast<std::size_t>(features));
    for (double &value : mixture)
        value = normal(mixtureRandom) / std::sqrt(static_cast<double>(sources));
    for (double &value : centre)
        value = mean * normal(mixtureRandom);
    Tokens tokens{count, features, std::vector<float>(static_cast<std::size_t>(count * features))};
    std::vector<double> source(static_cast<std::size_t>(sources));
    for (std::int64_t t = 0; t < count; ++t) {
        for (double &value : source)
            value = normal(random);
        for (std::int64_t k = 0; k < features; ++k) {
            double value = centre[static_cast<std::size_t>(k)] + 0.2 * normal(random);
            for (std::int64_t s = 0; s < sources; ++s)
                value += mixture[static_cast<std::size_t>(k * sources + s)] * source[static_cast<std::size_t>(s)];
            tokens.values[static_cast<std::size_t>(t * features + k)] = static_cast<float>(value);
        }
    }
    return tokens;
}

inline Moments momentsOf(const Tokens &tokens)
{
    Moments moments;
    moments.tokens = tokens.count;
    const auto features = static_cast<std::size_t>(tokens.features);
    moments.mean.assign(features, 0.0);
    moments.gram.assign(features * features, 0.0);
    const double share = 1.0 / static_cast<double>(tokens.count);
    for (std::int64_t t = 0; t < tokens.count; ++t) {
        const float *row = tokens.row(t);
        for (std::size_t i = 0; i < features; ++i) {
            moments.mean[i] += share * row[i];
            for (std::size_t j = 0; j < features; ++j)
                moments.gram[i * features + j] += share * row[i] * row[j];
        }
    }
    return moments;
}

inline LinearStatistics statisticsOf(const Tokens &fit, const Tokens &validation = {})
{
    LinearStatistics statistics;
    statistics.features = fit.features;
    statistics.tokens = fit.count + validation.count;
    statistics.fit = momentsOf(fit);
    if (validation.count > 0)
        statistics.validation = momentsOf(validation);
    statistics.meanAbs.assign(static_cast<std::size_t>(fit.features), 0.0f);
    statistics.maxAbs = statistics.meanAbs;
    for (const Tokens *tokens : {&fit, &validation})
        for (std::size_t i = 0; i < tokens->values.size(); ++i) {
            const std::size_t k = i % static_cast<std::size_t>(fit.features);
            const float magnitude = std::fabs(tokens->values[i]);
            statistics.meanAbs[k] += magnitude / static_cast<float>(statistics.tokens);
            statistics.maxAbs[k] = std::max(statistics.maxAbs[k], magnitude);
        }
    return statistics;
}

inline LinearWeights linearOf(std::int64_t outputs, std::int64_t inputs, const std::vector<float> &values,
                              const std::vector<float> &bias = {})
{
    LinearWeights linear;
    linear.spec.name = "blocks.0.mlp.fc2";
    linear.spec.outFeatures = outputs;
    linear.spec.inFeatures = inputs;
    linear.spec.bias = !bias.empty();
    linear.values = Tensor::fromFloats({outputs, inputs}, values);
    if (!bias.empty())
        linear.bias = Tensor::fromFloats({outputs}, bias);
    return linear;
}

inline std::vector<float> normals(std::int64_t count, unsigned seed, float deviation = 1.0f)
{
    std::mt19937 random(seed);
    std::normal_distribution<float> normal(0.0f, deviation);
    std::vector<float> values(static_cast<std::size_t>(count));
    for (float &value : values)
        value = normal(random);
    return values;
}

inline LinearWeights randomLinear(std::int64_t outputs, std::int64_t inputs, unsigned seed, bool bias = true)
{
    return linearOf(outputs, inputs, normals(outputs * inputs, seed, 0.1f),
                    bias ? normals(outputs, seed + 1) : std::vector<float>());
}

// y = W (x * inputScale) + b in double, one token.
inline std::vector<double> outputOf(const LinearWeights &linear, const std::vector<double> &x)
{
    const Tensor w = linear.dequantized();
    const std::int64_t columns = linear.spec.inFeatures;
    std::vector<double> y(static_cast<std::size_t>(linear.spec.outFeatures));
    for (std::size_t n = 0; n < y.size(); ++n) {
        y[n] = linear.bias.empty() ? 0.0 : linear.bias.floats()[n];
        for (std::int64_t k = 0; k < columns; ++k) {
            const double scale = linear.inputScale.empty() ? 1.0 : linear.inputScale.floats()[k];
            y[n] += static_cast<double>(w.floats()[static_cast<std::int64_t>(n) * columns + k]) * scale *
                    x[static_cast<std::size_t>(k)];
        }
    }
    return y;
}

// Outputs for every token, [count, N]; `kept` selects the inputs that a pruned layer still has.
inline std::vector<double> replay(const LinearWeights &linear, const Tokens &tokens,
                                  const std::vector<std::int64_t> &kept = {})
{
    const Tensor w = linear.dequantized();
    const std::int64_t columns = linear.spec.inFeatures;
    std::vector<double> outputs;
    for (std::int64_t t = 0; t < tokens.count; ++t) {
        const float *row = tokens.row(t);
        for (std::int64_t n = 0; n < linear.spec.outFeatures; ++n) {
            double y = linear.bias.empty() ? 0.0 : linear.bias.floats()[n];
            for (std::int64_t k = 0; k < columns; ++k) {
                const double scale = linear.inputScale.empty() ? 1.0 : linear.inputScale.floats()[k];
                const float x = row[kept.empty() ? k : kept[static_cast<std::size_t>(k)]];
                y += static_cast<double>(w.floats()[n * columns + k]) * scale * x;
            }
            outputs.push_back(y);
        }
    }
    return outputs;
}

// E||a - b||^2 for outputs of `tokens` tokens.
inline double meanSquaredDistance(const std::vector<double> &a, const std::vector<double> &b, std::int64_t tokens)
{
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum / static_cast<double>(tokens);
}

// E||y - E y||^2.
inline double outputVariance(const std::vector<double> &y, std::int64_t tokens)
{
    const std::size_t outputs = y.size() / static_cast<std::size_t>(tokens);
    std::vector<double> mean(outputs, 0.0);
    for (std::size_t i = 0; i < y.size(); ++i)
        mean[i % outputs] += y[i] / static_cast<double>(tokens);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        sum += (y[i] - mean[i % outputs]) * (y[i] - mean[i % outputs]);
    return sum / static_cast<double>(tokens);
}

inline bool allFinite(const Tensor &tensor)
{
    const Tensor values = tensor.empty() ? Tensor() : tensor.toFloat();
    for (std::int64_t i = 0; i < values.elements(); ++i)
        if (!std::isfinite(values.floats()[i]))
            return false;
    return true;
}

} // namespace edgeflex::test
