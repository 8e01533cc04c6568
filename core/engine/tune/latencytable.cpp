#include "engine/tune/latencytable.h"

#include "engine/kernels/linear.h"
#include "plan/linearlayout.h"
#include "plan/statistics.h"

#include <chrono>
#include <vector>

namespace edgeflex {

namespace {

constexpr int runs = 5;

// Small reproducible values; their size does not change how long a product takes.
class Noise
{
public:
    std::uint32_t bits()
    {
        m_state = m_state * 1664525U + 1013904223U;
        return m_state >> 8;
    }
    float value() { return (static_cast<float>(bits()) / static_cast<float>(1 << 23) - 1.0F) * 0.1F; }

private:
    std::uint32_t m_state = 12345;
};

Tensor randomTensor(DType dtype, std::vector<std::int64_t> shape, Noise &noise)
{
    Tensor tensor = Tensor::allocate(dtype, std::move(shape));
    const std::int64_t count = tensor.elements();
    for (std::int64_t i = 0; i < count; ++i) {
        switch (dtype) {
        case DType::F32:
            tensor.floats()[i] = noise.value();
            break;
        case DType::F16:
            tensor.as<std::uint16_t>()[i] = floatToHalf(noise.value());
            break;
        case DType::BF16:
            tensor.as<std::uint16_t>()[i] = floatToBfloat16(noise.value());
            break;
        default:
            // -128 is no INT8 weight.
            tensor.as<std::int8_t>()[i] = static_cast<std::int8_t>(static_cast<int>(noise.bits() % 255U) - 127);
        }
    }
    return tensor;
}

LinearWeights randomWeights(const LinearSpec &spec)
{
    Noise noise;
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    LinearWeights weights;
    weights.spec = spec;
    switch (spec.format) {
    case NumberFormat::Fp32:
        weights.values = randomTensor(DType::F32, {n, k}, noise);
        break;
    case NumberFormat::Fp16:
        weights.values = randomTensor(DType::F16, {n, k}, noise);
        break;
    case NumberFormat::Bf16:
        weights.values = randomTensor(DType::BF16, {n, k}, noise);
        break;
    case NumberFormat::Int8:
        weights.values = randomTensor(DType::I8, {n, k}, noise);
        weights.scales = randomTensor(DType::F32, {n}, noise);
        break;
    case NumberFormat::Int4: {
        const std::int64_t groups = int4Groups(k, spec.groupSize);
        weights.values = randomTensor(DType::U8, {n, (k + 1) / 2}, noise);
        weights.scales = randomTensor(DType::F16, {n, groups}, noise);
        weights.zeroPoints = randomTensor(DType::U8, {n, (groups + 1) / 2}, noise);
        break;
    }
    }
    if (spec.bias)
        weights.bias = randomTensor(DType::F32, {n}, noise);
    if (spec.inputScale)
        weights.inputScale = randomTensor(DType::F32, {k}, noise);
    return weights;
}

} // namespace

double LatencyTable::milliseconds(const LinearSpec &linear, std::int64_t rows)
{
    const Key key{linear.format, linear.outFeatures, linear.inFeatures, rows, linear.inputScale};
    if (const auto found = m_measured.find(key); found != m_measured.end())
        return found->second;
    const auto layer = makeLinear(randomWeights(linear), m_target);
    Noise noise;
    const Tensor x = randomTensor(DType::F32, {rows, linear.inFeatures}, noise);
    Tensor y = Tensor::allocate(DType::F32, {rows, linear.outFeatures});
    std::vector<double> times;
    for (int run = 0; run <= runs; ++run) {
        const auto start = std::chrono::steady_clock::now();
        layer->forward(x.floats(), rows, y.floats());
        if (run > 0)
            times.push_back(
                std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
    }
    return m_measured[key] = median(times);
}

} // namespace edgeflex
