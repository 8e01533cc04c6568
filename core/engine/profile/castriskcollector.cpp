#include "engine/profile/castriskcollector.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/simdkernels.h"

#include <algorithm>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::size_t keptRows = 48;
constexpr std::int64_t keptOfCall = 4; // of one tile or image, evenly spread
constexpr double largestHalf = 65504;
constexpr float leastNormalHalf = 6.103515625e-5F;

std::vector<float> cast(std::vector<float> values, NumberFormat format)
{
    const SimdKernels &kernels = simdKernels();
    const auto count = static_cast<std::int64_t>(values.size());
    std::vector<std::uint16_t> halves(values.size());
    if (format == NumberFormat::Fp16) {
        kernels.floatToHalf(values.data(), count, halves.data());
        kernels.halfToFloat(halves.data(), count, values.data());
    } else {
        kernels.floatToBfloat16(values.data(), count, halves.data());
        kernels.bfloat16ToFloat(halves.data(), count, values.data());
    }
    return values;
}

std::vector<float> product(const std::vector<float> &x, const std::vector<float> &w, std::int64_t features)
{
    const auto rows = static_cast<std::int64_t>(x.size()) / features;
    const auto outputs = static_cast<std::int64_t>(w.size()) / features;
    std::vector<float> y(static_cast<std::size_t>(rows * outputs));
    gemm(false, true, rows, outputs, features, 1.0F, x.data(), features, w.data(), features, 0.0F, y.data(), outputs);
    return y;
}

double relativeError(const std::vector<float> &exact, const std::vector<float> &rounded)
{
    double error = 0;
    double square = 0;
    for (std::size_t i = 0; i < exact.size(); ++i) {
        const double difference = static_cast<double>(rounded[i]) - exact[i];
        error += difference * difference;
        square += static_cast<double>(exact[i]) * exact[i];
    }
    if (!std::isfinite(error))
        return 1;
    return square > 0 ? std::min(1.0, error / square) : 0;
}

} // namespace

CastRiskCollector::CastRiskCollector(const VitModel &model) : m_model(model), m_layers(model.spec.linears().size()) {}

void CastRiskCollector::linearInput(int linear, const float *x, std::int64_t rows)
{
    Layer &layer = m_layers.at(static_cast<std::size_t>(linear));
    const std::int64_t features = m_model.spec.linears()[static_cast<std::size_t>(linear)]->inFeatures;
    double maxAbs = layer.maxAbs;
    double maxSquaredNorm = layer.maxSquaredNorm;
    std::int64_t nonZero = 0;
    std::int64_t tiny = 0;
#pragma omp parallel for reduction(max : maxAbs, maxSquaredNorm) reduction(+ : nonZero, tiny)
    for (std::int64_t row = 0; row < rows; ++row) {
        float greatest = 0;
        double squares = 0;
        for (std::int64_t k = 0; k < features; ++k) {
            const float magnitude = std::fabs(x[row * features + k]);
            greatest = std::max(greatest, magnitude);
            squares += static_cast<double>(magnitude) * magnitude;
            nonZero += magnitude > 0;
            tiny += magnitude > 0 && magnitude < leastNormalHalf;
        }
        maxAbs = std::max(maxAbs, static_cast<double>(greatest));
        maxSquaredNorm = std::max(maxSquaredNorm, squares);
    }
    layer.maxAbs = maxAbs;
    layer.maxSquaredNorm = maxSquaredNorm;
    layer.nonZero += nonZero;
    layer.tiny += tiny;
    const std::int64_t keep = std::min(rows, keptOfCall);
    for (std::int64_t i = 0; i < keep && layer.rows.size() < keptRows * static_cast<std::size_t>(features); ++i) {
        const float *row = x + i * rows / keep * features;
        layer.rows.insert(layer.rows.end(), row, row + features);
    }
}

CastRisk CastRiskCollector::risk(int linear) const
{
    const Layer &layer = m_layers.at(static_cast<std::size_t>(linear));
    const LinearSpec &spec = *m_model.spec.linears()[static_cast<std::size_t>(linear)];
    const LinearWeights &stored = m_model.linear(spec.name);
    const Tensor dense = stored.dequantized();
    std::vector<float> weights(dense.floats(), dense.floats() + dense.elements());
    if (!stored.inputScale.empty()) {
        const Tensor scale = stored.inputScale.toFloat();
        for (std::size_t i = 0; i < weights.size(); ++i)
            weights[i] *= scale.floats()[i % static_cast<std::size_t>(spec.inFeatures)];
    }
    double maxSquaredRow = 0;
    for (std::int64_t n = 0; n < spec.outFeatures; ++n) {
        double squares = 0;
        for (std::int64_t k = 0; k < spec.inFeatures; ++k) {
            const double w = weights[static_cast<std::size_t>(n * spec.inFeatures + k)];
            squares += w * w;
        }
        maxSquaredRow = std::max(maxSquaredRow, squares);
    }
    CastRisk risk;
    risk.overflow = layer.maxAbs / largestHalf;
    risk.accumulation = std::sqrt(layer.maxSquaredNorm) * std::sqrt(maxSquaredRow) / largestHalf;
    risk.underflow = layer.nonZero > 0 ? static_cast<double>(layer.tiny) / static_cast<double>(layer.nonZero) : 0;
    if (layer.rows.empty())
        return risk;
    const std::vector<float> exact = product(layer.rows, weights, spec.inFeatures);
    const auto error = [&](NumberFormat format) {
        return relativeError(exact, product(cast(layer.rows, format), cast(weights, format), spec.inFeatures));
    };
    risk.fp16Error = error(NumberFormat::Fp16);
    risk.bf16Error = error(NumberFormat::Bf16);
    return risk;
}

} // namespace edgeflex
