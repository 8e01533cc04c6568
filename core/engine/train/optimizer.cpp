#include "engine/train/optimizer.h"

#include "engine/train/muon.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>

namespace edgeflex {

namespace {

constexpr double beta1 = 0.9; // AdamW's
constexpr double beta2 = 0.999;
constexpr float epsilon = 1e-8F;
constexpr float momentum = 0.95F; // Muon's
// A Muon step of this root mean square goes about as far as one of AdamW with the same learning rate (Liu and others
// 2025), so that the two share one.
constexpr double muonDeviation = 0.2;
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

Optimizer::Optimizer(const ParameterLayout &layout, const TrainDemoOptions &options)
    : m_options(options), m_gradient(layout.count())
{
    for (const ParameterSlot &slot : layout.slots()) {
        if (!slot.linearWeight || !slot.name.starts_with("blocks.")) {
            m_others.push_back(slot);
            continue;
        }
        const std::int64_t parts = slot.name.ends_with("qkv.weight") ? 3 : 1;
        const std::int64_t rows = slot.shape[0] / parts;
        for (std::int64_t part = 0; part < parts; ++part)
            m_matrices.push_back(
                {slot.offset + static_cast<std::size_t>(part * rows * slot.shape[1]), rows, slot.shape[1]});
    }
    // The large ones first, so that no thread begins one when the others are done.
    std::stable_sort(m_matrices.begin(), m_matrices.end(),
                     [](const Matrix &a, const Matrix &b) { return a.rows * a.columns > b.rows * b.columns; });
}

void Optimizer::step(TrainingWeights &weights, std::span<const std::vector<float>> gradients, double learningRate)
{
    const double norm = sum(gradients);
    ++weights.steps;
    const auto steps = static_cast<double>(weights.steps);
    Step step;
    step.clip = static_cast<float>(norm > largestNorm ? largestNorm / norm : 1.0);
    // At first the average follows closely: it must not remember the random weights.
    step.follow = static_cast<float>(1 - std::min(m_options.averageDecay, (1 + steps) / (10 + steps)));
    step.learningRate = learningRate;
    std::exception_ptr failure;
#pragma omp parallel for schedule(dynamic)
    for (std::size_t i = 0; i < m_matrices.size(); ++i) {
        try {
            stepMatrix(weights, m_matrices[i], step);
        } catch (...) {
#pragma omp critical(edgeflexOptimizerFailure)
            failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
    for (const ParameterSlot &slot : m_others)
        stepValues(weights, slot, step);
}

// Leaves the sum in m_gradient; its norm.
double Optimizer::sum(std::span<const std::vector<float>> gradients)
{
    const std::size_t pieces = (m_gradient.size() + pieceValues - 1) / pieceValues;
    std::vector<double> squares(pieces);
#pragma omp parallel for schedule(static)
    for (std::size_t piece = 0; piece < pieces; ++piece) {
        const std::size_t begin = piece * pieceValues;
        const std::size_t end = std::min(m_gradient.size(), begin + pieceValues);
        double square = 0;
        for (std::size_t i = begin; i < end; ++i) {
            float gradient = 0;
            for (const std::vector<float> &part : gradients)
                gradient += part[i];
            m_gradient[i] = gradient;
            square += static_cast<double>(gradient) * gradient;
        }
        squares[piece] = square;
    }
    double all = 0;
    for (const double square : squares)
        all += square;
    return std::sqrt(all);
}

void Optimizer::stepMatrix(TrainingWeights &weights, const Matrix &matrix, const Step &step) const
{
    const auto count = static_cast<std::size_t>(matrix.rows * matrix.columns);
    float *const values = weights.values.data() + matrix.offset;
    float *const average = weights.average.data() + matrix.offset;
    float *const first = weights.firstMoment.data() + matrix.offset;
    const float *const gradient = m_gradient.data() + matrix.offset;
    std::vector<float> ahead(count); // Nesterov's
    for (std::size_t i = 0; i < count; ++i) {
        const float slope = gradient[i] * step.clip;
        first[i] = momentum * first[i] + (1 - momentum) * slope;
        ahead[i] = momentum * first[i] + (1 - momentum) * slope;
    }
    std::vector<float> direction(count);
    orthogonalize(ahead.data(), matrix.rows, matrix.columns, direction.data());
    // Of an orthogonal matrix the root mean square is that of 1 / longer side.
    const double longer = static_cast<double>(std::max(matrix.rows, matrix.columns));
    const auto rate = static_cast<float>(step.learningRate * muonDeviation * std::sqrt(longer));
    const auto keep = static_cast<float>(1 - step.learningRate * m_options.weightDecay);
    for (std::size_t i = 0; i < count; ++i) {
        values[i] = keep * values[i] - rate * direction[i];
        average[i] += step.follow * (values[i] - average[i]);
    }
}

void Optimizer::stepValues(TrainingWeights &weights, const ParameterSlot &slot, const Step &step) const
{
    const auto steps = static_cast<double>(weights.steps);
    const auto rate = static_cast<float>(step.learningRate / (1 - std::pow(beta1, steps)));
    const auto secondScale = static_cast<float>(1 / (1 - std::pow(beta2, steps)));
    const float keep = slot.linearWeight ? static_cast<float>(1 - step.learningRate * m_options.weightDecay) : 1.0F;
    constexpr auto keep1 = static_cast<float>(beta1);
    constexpr auto keep2 = static_cast<float>(beta2);
    for (std::size_t i = slot.offset; i < slot.offset + slot.count; ++i) {
        const float slope = m_gradient[i] * step.clip;
        float &first = weights.firstMoment[i];
        float &second = weights.secondMoment[i];
        float &value = weights.values[i];
        first = keep1 * first + (1 - keep1) * slope;
        second = keep2 * second + (1 - keep2) * slope * slope;
        value = keep * value - rate * first / (std::sqrt(second * secondScale) + epsilon);
        weights.average[i] += step.follow * (value - weights.average[i]);
    }
}

} // namespace edgeflex
