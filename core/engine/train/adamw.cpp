#include "engine/train/adamw.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace edgeflex {

namespace {

constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;
constexpr float epsilon = 1e-8F;
constexpr double largestNorm = 1.0;

// What the threads share out: whole pieces, so that the sum over a piece never depends on their number.
constexpr std::size_t pieceValues = std::size_t{1} << 14;

} // namespace

TrainingWeights TrainingWeights::startingFrom(std::vector<float> values)
{
    TrainingWeights weights;
    weights.average = values;
    weights.firstMoment.resize(values.size());
    weights.secondMoment.resize(values.size());
    weights.values = std::move(values);
    return weights;
}

AdamW::AdamW(const ParameterLayout &layout, const TrainDemoOptions &options)
    : m_layout(layout), m_options(options), m_gradient(layout.count())
{
}

void AdamW::step(TrainingWeights &weights, std::span<const std::vector<float>> gradients, double learningRate)
{
    const std::size_t pieces = (m_gradient.size() + pieceValues - 1) / pieceValues;
    std::vector<double> squares(pieces);
#pragma omp parallel for schedule(static)
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::size_t begin = piece * pieceValues;
        const std::size_t end = std::min(m_gradient.size(), begin + pieceValues);
        double sum = 0;
        for (std::size_t i = begin; i < end; ++i) {
            float gradient = 0;
            for (const std::vector<float> &part : gradients)
                gradient += part[i];
            m_gradient[i] = gradient;
            sum += static_cast<double>(gradient) * gradient;
        }
        squares[piece] = sum;
    }
    double norm = 0;
    for (const double square : squares)
        norm += square;
    norm = std::sqrt(norm);

    ++weights.steps;
    const auto steps = static_cast<double>(weights.steps);
    const auto clip = static_cast<float>(norm > largestNorm ? largestNorm / norm : 1.0);
    const auto rate = static_cast<float>(learningRate / (1 - std::pow(beta1, steps)));
    const auto secondScale = static_cast<float>(1 / (1 - std::pow(beta2, steps)));
    // At first the average follows closely: it must not remember the random weights.
    const auto follow = static_cast<float>(1 - std::min(m_options.averageDecay, (1 + steps) / (10 + steps)));
    constexpr auto keep1 = static_cast<float>(beta1);
    constexpr auto keep2 = static_cast<float>(beta2);
    for (const ParameterSlot &slot : m_layout.slots()) {
        const float keep = slot.linearWeight ? static_cast<float>(1 - learningRate * m_options.weightDecay) : 1.0F;
        float *const values = weights.values.data() + slot.offset;
        float *const average = weights.average.data() + slot.offset;
        float *const first = weights.firstMoment.data() + slot.offset;
        float *const second = weights.secondMoment.data() + slot.offset;
        const float *const gradient = m_gradient.data() + slot.offset;
        const auto count = static_cast<std::ptrdiff_t>(slot.count);
#pragma omp parallel for simd schedule(static) if (slot.count > pieceValues)
        for (std::ptrdiff_t i = 0; i < count; ++i) {
            const float slope = gradient[i] * clip;
            first[i] = keep1 * first[i] + (1 - keep1) * slope;
            second[i] = keep2 * second[i] + (1 - keep2) * slope * slope;
            values[i] = keep * values[i] - rate * first[i] / (std::sqrt(second[i] * secondScale) + epsilon);
            average[i] += follow * (values[i] - average[i]);
        }
    }
}

} // namespace edgeflex
