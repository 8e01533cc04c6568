#include "engine/compress/linearhalf.h"

#include "engine/compress/refit.h"
#include "engine/profile/outputgap.h"

#include <numeric>
#include <vector>

namespace edgeflex {

namespace {

LinearWeights nothing(const LinearSpec &spec)
{
    LinearWeights weights;
    weights.spec = spec;
    weights.values = Tensor::zeros(DType::F32, {spec.outFeatures, spec.inFeatures});
    if (spec.bias)
        weights.bias = Tensor::zeros(DType::F32, {spec.outFeatures});
    return weights;
}

} // namespace

LinearHalf fitLinearHalf(const Transformer &transformer, int block, BlockPart half, const TokenStream &stream,
                         bool weighsClassTokens, const Progress &progress)
{
    const bool attention = half == BlockPart::Attention;
    const int first = 1 + 4 * block + (attention ? 0 : 2);
    ModelSpec spec = transformer.spec();
    LinearSpec &layer = *spec.linears().at(static_cast<std::size_t>(first + 1));
    layer.inFeatures = spec.width;
    layer.inputScale = false;
    StatisticsCollector statistics(spec, {{first + 1, StatisticsCollector::Depth::Gram}}, weighsClassTokens);
    GapCollector collector(spec, first + 1, first, statistics);
    stream.observeHalf(transformer, block, half, collector, progress);

    const OutputGap gap = collector.gap();
    RefitOptions options;
    options.gap = &gap;
    options.correction = 1;
    std::vector<std::int64_t> all(static_cast<std::size_t>(spec.width));
    std::iota(all.begin(), all.end(), 0);
    RefitResult fitted = refitInputs(nothing(layer), statistics.statistics(first + 1), all, options, progress);
    return {std::move(fitted.weights), {fitted.error.plain, fitted.error.refit}};
}

} // namespace edgeflex
