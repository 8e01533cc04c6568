#include "engine/compress/pruning.h"

#include "engine/compress/floatweights.h"
#include "plan/error.h"

#include <algorithm>
#include <numeric>
#include <string>

namespace edgeflex {

namespace {

void checkKept(const std::vector<std::int64_t> &kept, std::int64_t width, const std::string &what)
{
    bool valid = !kept.empty() && kept.front() >= 0 && kept.back() < width;
    for (std::size_t i = 1; valid && i < kept.size(); ++i)
        valid = kept[i - 1] < kept[i];
    if (!valid)
        throw Error(what + " has " + std::to_string(width) + " channels and the " + std::to_string(kept.size()) +
                    " to keep are not ascending indices of them: choose the channels on this model.");
}

Tensor gather(const Tensor &vector, const std::vector<std::int64_t> &kept)
{
    const Tensor source = vector.toFloat();
    Tensor result = Tensor::allocate(DType::F32, {static_cast<std::int64_t>(kept.size())});
    for (std::size_t i = 0; i < kept.size(); ++i)
        result.floats()[i] = source.floats()[kept[i]];
    return result;
}

template<typename Real>
std::vector<Real> gather(const std::vector<Real> &values, const std::vector<std::int64_t> &kept)
{
    if (values.empty())
        return {};
    std::vector<Real> result(kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i)
        result[i] = values.at(static_cast<std::size_t>(kept[i]));
    return result;
}

Moments keepFeatures(const Moments &moments, std::int64_t features, const std::vector<std::int64_t> &kept)
{
    Moments result;
    result.tokens = moments.tokens;
    result.mean = gather(moments.mean, kept);
    if (moments.gram.empty())
        return result;
    if (moments.gram.size() != static_cast<std::size_t>(features * features))
        throw Error("A Gram matrix of " + std::to_string(moments.gram.size()) + " values does not fit " +
                    std::to_string(features) + " channels: profile the model again.");
    const auto count = static_cast<std::int64_t>(kept.size());
    result.gram.resize(kept.size() * kept.size());
#pragma omp parallel for schedule(static) if (count * count > 65536)
    for (std::int64_t i = 0; i < count; ++i) {
        const double *row = moments.gram.data() + kept[static_cast<std::size_t>(i)] * features;
        double *target = result.gram.data() + i * count;
        for (std::int64_t j = 0; j < count; ++j)
            target[j] = row[kept[static_cast<std::size_t>(j)]];
    }
    return result;
}

} // namespace

std::vector<std::int64_t> keptChannels(const std::vector<double> &importance, std::int64_t width)
{
    const auto channels = static_cast<std::int64_t>(importance.size());
    if (width <= 0 || width > channels)
        throw Error("A layer of " + std::to_string(channels) + " channels cannot keep " + std::to_string(width) +
                    " of them: choose a width between 1 and " + std::to_string(channels) + ".");
    std::vector<std::int64_t> order(importance.size());
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return importance[static_cast<std::size_t>(a)] > importance[static_cast<std::size_t>(b)];
    });
    order.resize(static_cast<std::size_t>(width));
    std::sort(order.begin(), order.end());
    return order;
}

std::vector<std::int64_t> removedChannels(const std::vector<std::int64_t> &kept, std::int64_t width)
{
    std::vector<std::int64_t> removed;
    auto next = kept.begin();
    for (std::int64_t j = 0; j < width; ++j) {
        if (next != kept.end() && *next == j)
            ++next;
        else
            removed.push_back(j);
    }
    return removed;
}

LinearWeights keepOutputs(const LinearWeights &weights, const std::vector<std::int64_t> &kept)
{
    const Tensor source = floatWeights(weights);
    checkKept(kept, weights.spec.outFeatures, "Layer " + weights.spec.name);
    const auto columns = static_cast<std::size_t>(weights.spec.inFeatures);
    LinearWeights result;
    result.spec = weights.spec;
    result.spec.outFeatures = static_cast<std::int64_t>(kept.size());
    result.values = Tensor::allocate(DType::F32, {result.spec.outFeatures, weights.spec.inFeatures});
    for (std::size_t i = 0; i < kept.size(); ++i)
        std::copy_n(source.floats() + static_cast<std::size_t>(kept[i]) * columns, columns,
                    result.values.floats() + i * columns);
    if (!weights.bias.empty())
        result.bias = gather(weights.bias, kept);
    result.inputScale = weights.inputScale;
    return result;
}

LinearWeights keepInputs(const LinearWeights &weights, const std::vector<std::int64_t> &kept)
{
    const Tensor source = floatWeights(weights);
    checkKept(kept, weights.spec.inFeatures, "Layer " + weights.spec.name);
    LinearWeights result;
    result.spec = weights.spec;
    result.spec.inFeatures = static_cast<std::int64_t>(kept.size());
    result.values = Tensor::allocate(DType::F32, {weights.spec.outFeatures, result.spec.inFeatures});
    float *target = result.values.floats();
    for (std::int64_t n = 0; n < weights.spec.outFeatures; ++n)
        for (const std::int64_t k : kept)
            *target++ = source.floats()[n * weights.spec.inFeatures + k];
    result.bias = weights.bias;
    if (!weights.inputScale.empty())
        result.inputScale = gather(weights.inputScale, kept);
    return result;
}

LinearStatistics keepFeatures(const LinearStatistics &statistics, const std::vector<std::int64_t> &kept)
{
    checkKept(kept, statistics.features, "A layer's calibration statistics");
    LinearStatistics result;
    result.features = static_cast<std::int64_t>(kept.size());
    result.tokens = statistics.tokens;
    result.meanAbs = gather(statistics.meanAbs, kept);
    result.maxAbs = gather(statistics.maxAbs, kept);
    result.meanSquare = gather(statistics.meanSquare, kept);
    result.fit = keepFeatures(statistics.fit, statistics.features, kept);
    result.validation = keepFeatures(statistics.validation, statistics.features, kept);
    return result;
}

} // namespace edgeflex
