#include "engine/profile/statisticscollector.h"

#include "engine/kernels/gemm.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace edgeflex {

namespace {

constexpr std::int64_t flushRows = 2048; // FP32 sums stay accurate over so many rows
constexpr std::int64_t columnBlock = 64;

// Running sums of one set of tokens.
struct Sums
{
    std::int64_t tokens = 0;
    std::vector<double> sum;
    std::vector<double> products;      // [K, K]
    std::vector<float> recentProducts; // [K, K], rows since the last flush
    std::int64_t recentRows = 0;

    void addProducts(const float *x, std::int64_t rows, std::int64_t features, float weight)
    {
        if (products.empty()) {
            products.assign(static_cast<std::size_t>(features * features), 0);
            recentProducts.assign(static_cast<std::size_t>(features * features), 0);
        }
        gemm(true, false, features, features, rows, weight, x, features, x, features, 1.0F, recentProducts.data(),
             features);
        recentRows += rows;
        if (recentRows >= flushRows)
            flush();
    }

    void flush()
    {
        if (recentRows == 0)
            return;
        const auto count = static_cast<std::int64_t>(products.size());
#pragma omp parallel for
        for (std::int64_t i = 0; i < count; ++i)
            products[static_cast<std::size_t>(i)] += recentProducts[static_cast<std::size_t>(i)];
        std::fill(recentProducts.begin(), recentProducts.end(), 0.0F);
        recentRows = 0;
    }

    Moments moments()
    {
        flush();
        Moments result;
        result.tokens = tokens;
        if (tokens == 0)
            return result;
        const double scale = 1.0 / static_cast<double>(tokens);
        result.mean = sum;
        for (double &value : result.mean)
            value *= scale;
        result.gram = std::move(products);
        recentProducts = {};
        for (double &value : result.gram)
            value *= scale;
        return result;
    }
};

} // namespace

struct StatisticsCollector::Layer
{
    std::string name;
    std::int64_t features = 0;
    Depth depth = Depth::Channels;
    std::int64_t weight = 1; // of class tokens
    std::int64_t rows = 0;   // seen
    std::vector<double> sumAbs;
    std::vector<double> sumSquare;
    std::vector<float> maxAbs;
    bool keepsClassTokens = false; // apart
    Sums fit;
    Sums validation;
    Sums classTokens;
};

StatisticsCollector::StatisticsCollector(const ModelSpec &spec, const std::map<int, Depth> &layers,
                                         bool weighsClassTokens)
    : m_tokens(spec.tokens()), m_weighsClassTokens(weighsClassTokens)
{
    const auto linears = spec.linears();
    const auto blocks = static_cast<int>(spec.blocks.size());
    for (const auto &[index, depth] : layers) {
        const LinearSpec &linear = *linears.at(static_cast<std::size_t>(index));
        Layer &layer = m_layers[index];
        layer.name = linear.name;
        layer.features = linear.inFeatures;
        layer.depth = depth;
        if (weighsClassTokens && index >= 1 && index <= 4 * blocks) {
            if (index % 2 == 0) // proj, fc2
                layer.weight = classTokenWeight(spec);
            else if (index % 4 == 1) // qkv
                layer.keepsClassTokens = depth == Depth::Gram && classTokenWeight(spec) > 1;
        }
        const auto features = static_cast<std::size_t>(linear.inFeatures);
        layer.sumAbs.assign(features, 0);
        layer.sumSquare.assign(features, 0);
        layer.maxAbs.assign(features, 0);
        for (Sums *sums : {&layer.fit, &layer.validation, &layer.classTokens})
            sums->sum.assign(features, 0);
    }
}

StatisticsCollector::~StatisticsCollector() = default;

void StatisticsCollector::linearInput(int linear, const float *x, std::int64_t rows)
{
    const auto found = m_layers.find(linear);
    if (found == m_layers.end())
        return;
    Layer &layer = found->second;
    Sums &sums = m_validation ? layer.validation : layer.fit;
    const std::int64_t features = layer.features;

#pragma omp parallel for
    for (std::int64_t first = 0; first < features; first += columnBlock) {
        const std::int64_t n = std::min(columnBlock, features - first);
        double sum[columnBlock] = {};
        double sumAbs[columnBlock] = {};
        double sumSquare[columnBlock] = {};
        float maxAbs[columnBlock] = {};
        for (std::int64_t r = 0; r < rows; ++r) {
            const float *row = x + r * features + first;
            for (std::int64_t c = 0; c < n; ++c) {
                const float magnitude = std::abs(row[c]);
                sum[c] += row[c];
                sumAbs[c] += magnitude;
                sumSquare[c] += static_cast<double>(magnitude) * magnitude;
                maxAbs[c] = std::max(maxAbs[c], magnitude);
            }
        }
        for (std::int64_t c = 0; c < n; ++c) {
            const auto at = static_cast<std::size_t>(first + c);
            sums.sum[at] += sum[c];
            layer.sumAbs[at] += sumAbs[c];
            layer.sumSquare[at] += sumSquare[c];
            layer.maxAbs[at] = std::max(layer.maxAbs[at], maxAbs[c]);
        }
    }
    sums.tokens += rows;

    if (layer.depth == Depth::Gram)
        sums.addProducts(x, rows, features, 1.0F);
    if (layer.weight > 1 || layer.keepsClassTokens)
        addClassTokens(layer, x, rows);
    layer.rows += rows;
}

// Counts the class tokens, of which every image has one and first, as often again as they are to count more than once,
// or apart.
void StatisticsCollector::addClassTokens(Layer &layer, const float *x, std::int64_t rows)
{
    const std::int64_t features = layer.features;
    std::vector<float> classTokens;
    for (std::int64_t r = (m_tokens - layer.rows % m_tokens) % m_tokens; r < rows; r += m_tokens)
        classTokens.insert(classTokens.end(), x + r * features, x + (r + 1) * features);
    const auto count = static_cast<std::int64_t>(classTokens.size()) / features;
    if (count == 0)
        return;
    if (layer.keepsClassTokens) {
        for (std::size_t i = 0; i < classTokens.size(); ++i)
            layer.classTokens.sum[i % static_cast<std::size_t>(features)] += classTokens[i];
        layer.classTokens.tokens += count;
        layer.classTokens.addProducts(classTokens.data(), count, features, 1.0F);
        return;
    }
    Sums &sums = m_validation ? layer.validation : layer.fit;
    const std::int64_t more = layer.weight - 1;
    for (std::size_t i = 0; i < classTokens.size(); ++i) {
        const std::size_t at = i % static_cast<std::size_t>(features);
        const double value = classTokens[i];
        sums.sum[at] += static_cast<double>(more) * value;
        layer.sumAbs[at] += static_cast<double>(more) * std::abs(value);
        layer.sumSquare[at] += static_cast<double>(more) * value * value;
    }
    sums.tokens += more * count;
    if (layer.depth == Depth::Gram)
        sums.addProducts(classTokens.data(), count, features, static_cast<float>(more));
}

std::int64_t StatisticsCollector::classTokenWeight(const ModelSpec &spec)
{
    return spec.pooling == Pooling::ClassToken ? std::max<std::int64_t>(1, spec.tokens() - 1) : 1;
}

LinearStatistics StatisticsCollector::statistics(int linear)
{
    Layer &layer = m_layers.at(linear);
    LinearStatistics result;
    result.features = layer.features;
    result.tokens = layer.rows;
    if (result.tokens == 0)
        throw Error("layer \"" + layer.name + "\" saw no calibration tokens; use more calibration images");
    result.maxAbs = layer.maxAbs;
    const auto weight = static_cast<double>(layer.fit.tokens + layer.validation.tokens);
    for (std::size_t c = 0; c < layer.sumAbs.size(); ++c) {
        if (!std::isfinite(layer.sumSquare[c]))
            throw Error("the inputs of layer \"" + layer.name +
                        "\" overflow on the calibration images; check the model's normalisation and weights");
        result.meanAbs.push_back(static_cast<float>(layer.sumAbs[c] / weight));
        result.meanSquare.push_back(layer.sumSquare[c] / weight);
    }
    result.fit = layer.fit.moments();
    result.validation = layer.validation.moments();
    result.classTokens = layer.classTokens.moments();
    return result;
}

std::int64_t StatisticsCollector::bytes(std::int64_t features, Depth depth)
{
    const std::int64_t channels = features * 52;
    // FP64 sums and their FP32 tail, for fit, for validation and for class tokens.
    return depth == Depth::Gram ? channels + 36 * features * features : channels;
}

} // namespace edgeflex
