#pragma once

#include "engine/kernels/linear.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

// Random layers of every format and slow references in double precision.
namespace edgeflex::test {

class Random
{
public:
    explicit Random(std::uint32_t seed) : m_engine(seed) {}
    float normal(float deviation = 1) { return std::normal_distribution<float>(0, deviation)(m_engine); }
    int integer(int low, int high) { return std::uniform_int_distribution<int>(low, high)(m_engine); }
    std::vector<float> normals(std::int64_t count, float deviation = 1)
    {
        std::vector<float> values(static_cast<std::size_t>(count));
        std::generate(values.begin(), values.end(), [&] { return normal(deviation); });
        return values;
    }
    Tensor tensor(std::vector<std::int64_t> shape, float deviation = 1)
    {
        Tensor result = Tensor::allocate(DType::F32, std::move(shape));
        std::generate_n(result.floats(), result.elements(), [&] { return normal(deviation); });
        return result;
    }

private:
    std::mt19937 m_engine;
};

// A layer of the spec with random values, each array of its true type. `largest` bounds INT8 values.
inline LinearWeights randomWeights(const LinearSpec &spec, Random &random, int largest = 127)
{
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    LinearWeights weights;
    weights.spec = spec;
    const auto fillBytes = [&](Tensor &tensor, int low, int high) {
        std::generate_n(tensor.as<std::uint8_t>(), tensor.elements(),
                        [&] { return static_cast<std::uint8_t>(random.integer(low, high)); });
    };
    const auto halves = [&](DType dtype, std::vector<std::int64_t> shape, float deviation) {
        Tensor tensor = Tensor::allocate(dtype, std::move(shape));
        std::generate_n(tensor.as<std::uint16_t>(), tensor.elements(), [&] {
            const float value = random.normal(deviation);
            return dtype == DType::F16 ? floatToHalf(value) : floatToBfloat16(value);
        });
        return tensor;
    };
    switch (spec.format) {
    case NumberFormat::Fp32:
        weights.values = random.tensor({n, k}, 0.1F);
        break;
    case NumberFormat::Fp16:
        weights.values = halves(DType::F16, {n, k}, 0.1F);
        break;
    case NumberFormat::Bf16:
        weights.values = halves(DType::BF16, {n, k}, 0.1F);
        break;
    case NumberFormat::Int8:
        weights.values = Tensor::allocate(DType::I8, {n, k});
        std::generate_n(weights.values.as<std::int8_t>(), n * k,
                        [&] { return static_cast<std::int8_t>(random.integer(-largest, largest)); });
        weights.scales = random.tensor({n}, 0.01F);
        break;
    case NumberFormat::Int4: {
        const std::int64_t groups = int4Groups(k, spec.groupSize);
        weights.values = Tensor::allocate(DType::U8, {n, (k + 1) / 2});
        fillBytes(weights.values, 0, 255);
        weights.scales = halves(DType::F16, {n, groups}, 0.02F);
        weights.zeroPoints = Tensor::allocate(DType::U8, {n, (groups + 1) / 2});
        fillBytes(weights.zeroPoints, 0, 255);
        break;
    }
    }
    if (spec.bias)
        weights.bias = random.tensor({n});
    if (spec.inputScale) {
        weights.inputScale = random.tensor({k}, 0.3F);
        std::for_each(weights.inputScale.floats(), weights.inputScale.floats() + k, [](float &v) { v += 1; });
    }
    return weights;
}

// W of any format in double precision, written against the description in linearweights.h.
inline std::vector<double> slowlyDequantized(const LinearWeights &weights)
{
    const LinearSpec &spec = weights.spec;
    const std::int64_t k = spec.inFeatures;
    std::vector<double> result;
    for (std::int64_t row = 0; row < spec.outFeatures; ++row) {
        for (std::int64_t i = 0; i < k; ++i) {
            const std::int64_t at = row * k + i;
            double value = 0;
            switch (spec.format) {
            case NumberFormat::Fp32:
                value = weights.values.floats()[at];
                break;
            case NumberFormat::Fp16:
                value = halfToFloat(weights.values.as<std::uint16_t>()[at]);
                break;
            case NumberFormat::Bf16:
                value = bfloat16ToFloat(weights.values.as<std::uint16_t>()[at]);
                break;
            case NumberFormat::Int8:
                value = static_cast<double>(weights.scales.floats()[row]) * weights.values.as<std::int8_t>()[at];
                break;
            case NumberFormat::Int4: {
                const auto nibble = [](const Tensor &packed, std::int64_t r, std::int64_t column) {
                    return packed.as<std::uint8_t>()[r * packed.dim(1) + column / 2] >> (column % 2 ? 4 : 0) & 15;
                };
                const std::int64_t group = i / spec.groupSize;
                const float scale =
                    halfToFloat(weights.scales.as<std::uint16_t>()[row * weights.scales.dim(1) + group]);
                value = static_cast<double>(scale) *
                        (nibble(weights.values, row, i) - nibble(weights.zeroPoints, row, group));
                break;
            }
            }
            result.push_back(value);
        }
    }
    return result;
}

// y = W (x * inputScale) + bias; for INT8 with the row's quantization error, as defined for the format.
inline std::vector<double> slowForward(const LinearWeights &weights, const std::vector<float> &x, std::int64_t rows)
{
    const LinearSpec &spec = weights.spec;
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    const std::vector<double> w = slowlyDequantized(weights);
    std::vector<double> y;
    for (std::int64_t row = 0; row < rows; ++row) {
        std::vector<double> input;
        float low = 0;
        float high = 0;
        for (std::int64_t i = 0; i < k; ++i) {
            const float value = x[static_cast<std::size_t>(row * k + i)];
            const float scaled = spec.inputScale ? value * weights.inputScale.floats()[i] : value;
            low = std::min(low, scaled);
            high = std::max(high, scaled);
            input.push_back(scaled);
        }
        if (spec.format == NumberFormat::Int8 && high > low) {
            const float scale = (high - low) / 255;
            const float zeroPoint = std::nearbyint(-low / scale);
            for (double &value : input) {
                const float level = std::nearbyint(static_cast<float>(value) / scale) + zeroPoint;
                value = static_cast<double>(scale) * (std::clamp(level, 0.0F, 255.0F) - zeroPoint);
            }
        }
        for (std::int64_t output = 0; output < n; ++output) {
            double sum = spec.bias ? weights.bias.floats()[output] : 0;
            for (std::int64_t i = 0; i < k; ++i)
                sum += input[static_cast<std::size_t>(i)] * w[static_cast<std::size_t>(output * k + i)];
            y.push_back(sum);
        }
    }
    return y;
}

// Largest difference, relative to the largest magnitude of the expected values.
inline double relativeError(const float *actual, const std::vector<double> &expected)
{
    double error = 0;
    double largest = 1e-30;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double difference = std::abs(actual[i] - expected[i]);
        error = difference <= error ? error : difference; // NaN counts as an error
        largest = std::max(largest, std::abs(expected[i]));
    }
    return error / largest;
}

// The sentence of the Error that `action` throws; empty when it throws none.
inline std::string errorOf(const std::function<void()> &action)
{
    try {
        action();
    } catch (const Error &error) {
        return error.what();
    }
    return {};
}

inline LinearSpec layerSpec(NumberFormat format, std::int64_t outFeatures, std::int64_t inFeatures, bool bias = true,
                            bool inputScale = false, int groupSize = 64)
{
    LinearSpec spec;
    spec.name = "blocks.3.mlp.fc1";
    spec.outFeatures = outFeatures;
    spec.inFeatures = inFeatures;
    spec.bias = bias;
    spec.format = format;
    spec.groupSize = groupSize;
    spec.inputScale = inputScale;
    return spec;
}

// An execution target without instructions that this machine may lack.
inline ExecutionTarget plainTarget(int threads)
{
    ExecutionTarget target;
    target.threads = threads;
    return target;
}

} // namespace edgeflex::test
