#include "engine/compress/gptq.h"

#include "engine/compress/linalg.h"
#include "engine/kernels/gemm.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>

namespace edgeflex {

namespace {

constexpr double damping = 0.1;         // of the mean diagonal
constexpr std::int64_t blockSize = 128; // inputs whose errors reach the rest in one product
constexpr int sweeps = 4;

std::size_t at(std::int64_t row, std::int64_t columns, std::int64_t column)
{
    return static_cast<std::size_t>(row * columns + column);
}

std::vector<std::int64_t> loudestFirst(const std::vector<double> &gram, std::int64_t features)
{
    std::vector<std::int64_t> order(static_cast<std::size_t>(features));
    std::iota(order.begin(), order.end(), std::int64_t(0));
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
        return gram[at(a, features, a)] > gram[at(b, features, b)];
    });
    return order;
}

// F [K, K] of the damped matrix in `order`, whose entries are as shares of its mean diagonal.
std::optional<std::vector<float>> feedbackOf(const std::vector<double> &gram, double unit,
                                             const std::vector<std::int64_t> &order, const Progress &progress)
{
    const auto features = static_cast<std::int64_t>(order.size());
    std::optional<std::vector<double>> lower;
    {
        // The factor that is wanted is upper, that of LAPACK is lower: hence from behind.
        std::vector<double> reversed(gram.size());
#pragma omp parallel for schedule(static) if (features > 256)
        for (std::int64_t i = 0; i < features; ++i) {
            const double *row = gram.data() + order[static_cast<std::size_t>(features - 1 - i)] * features;
            for (std::int64_t j = 0; j < features; ++j)
                reversed[at(i, features, j)] = row[order[static_cast<std::size_t>(features - 1 - j)]] / unit;
        }
        lower = linalg::cholesky(reversed, damping, features, progress);
    }
    if (!lower)
        return std::nullopt;
    std::vector<float> feedback(gram.size(), 0.0F);
#pragma omp parallel for schedule(static) if (features > 256)
    for (std::int64_t j = 0; j < features; ++j) {
        const double *column = lower->data() + features - 1 - j;
        for (std::int64_t k = j + 1; k < features; ++k) {
            const std::int64_t row = features - 1 - k;
            feedback[at(j, features, k)] =
                static_cast<float>(column[row * features] / (*lower)[at(row, features, row)]);
        }
    }
    return feedback;
}

} // namespace

std::vector<std::int8_t> gptqCodes(const Tensor &values, const RoundingGrid &grid, const std::vector<double> &gram,
                                   const Progress &progress)
{
    const std::int64_t rows = grid.rows;
    const std::int64_t features = grid.features;
    if (values.elements() != rows * features || gram.size() != static_cast<std::size_t>(features * features))
        throw Error("Weights with " + std::to_string(features) + " inputs cannot be rounded after a Gram matrix of " +
                    std::to_string(gram.size()) + " values: calibrate this model.");
    double unit = 0;
    for (std::int64_t k = 0; k < features; ++k)
        unit += gram[at(k, features, k)] / static_cast<double>(features);
    if (!(unit > 0) || !std::isfinite(unit))
        return nearestCodes(values, grid);
    const std::vector<std::int64_t> order = loudestFirst(gram, features);
    std::optional<std::vector<float>> feedback = feedbackOf(gram, unit, order, progress);
    if (!feedback)
        return nearestCodes(values, grid);

    // In the order of rounding from here on.
    std::vector<float> codes(static_cast<std::size_t>(rows * features));
    std::vector<float> errors(codes.size()); // W - W'
    std::vector<float> targets(static_cast<std::size_t>(rows * blockSize));
    for (std::int64_t first = 0; first < features; first += blockSize) {
        throwIfCancelled(progress);
        const std::int64_t size = std::min(blockSize, features - first);
        if (first > 0)
            gemm(false, false, rows, size, first, 1.0F, errors.data(), features, feedback->data() + first, features,
                 0.0F, targets.data(), blockSize);
#pragma omp parallel for schedule(static) if (rows * features > 16384)
        for (std::int64_t n = 0; n < rows; ++n) {
            float *target = targets.data() + n * blockSize;
            for (std::int64_t c = 0; c < size; ++c) {
                const std::int64_t k = order[static_cast<std::size_t>(first + c)];
                const float weight = values.floats()[n * features + k];
                const float q = grid.code(weight + target[c], n, k);
                const float error = weight - grid.value(q, n, k);
                codes[at(n, features, first + c)] = q;
                errors[at(n, features, first + c)] = error;
                const float *reach = feedback->data() + (first + c) * features + first;
                for (std::int64_t later = c + 1; later < size; ++later)
                    target[later] += error * reach[later];
            }
        }
    }
    feedback.reset();

    if (sweeps > 0) {
        std::vector<float> h(gram.size());
#pragma omp parallel for schedule(static) if (features > 256)
        for (std::int64_t i = 0; i < features; ++i) {
            const double *row = gram.data() + order[static_cast<std::size_t>(i)] * features;
            for (std::int64_t j = 0; j < features; ++j)
                h[at(i, features, j)] = static_cast<float>(row[order[static_cast<std::size_t>(j)]] / unit);
            h[at(i, features, i)] += static_cast<float>(damping);
        }
#pragma omp parallel for schedule(dynamic, 4) if (rows * features > 4096)
        for (std::int64_t n = 0; n < rows; ++n) {
            float *error = errors.data() + n * features;
            std::vector<float> gradient(static_cast<std::size_t>(features), 0.0F); // D H
            for (std::int64_t j = 0; j < features; ++j)
                for (std::int64_t k = 0; k < features; ++k)
                    gradient[static_cast<std::size_t>(k)] += error[j] * h[at(j, features, k)];
            bool changed = true;
            for (int sweep = 0; sweep < sweeps && changed && !progress.cancelled(); ++sweep) {
                changed = false;
                for (std::int64_t i = 0; i < features; ++i) {
                    const std::int64_t k = order[static_cast<std::size_t>(i)];
                    float &q = codes[at(n, features, i)];
                    const float before = grid.value(q, n, k);
                    const float better =
                        grid.code(before + gradient[static_cast<std::size_t>(i)] / h[at(i, features, i)], n, k);
                    if (better == q)
                        continue;
                    const float change = before - grid.value(better, n, k);
                    // Equal to rounding: the sums are no more exact than that.
                    const float gain =
                        change * (2 * gradient[static_cast<std::size_t>(i)] + change * h[at(i, features, i)]);
                    if (!(gain < 0))
                        continue;
                    q = better;
                    error[i] += change;
                    for (std::int64_t j = 0; j < features; ++j)
                        gradient[static_cast<std::size_t>(j)] += change * h[at(i, features, j)];
                    changed = true;
                }
            }
        }
        throwIfCancelled(progress);
    }

    std::vector<std::int8_t> result(codes.size());
#pragma omp parallel for schedule(static) if (rows * features > 65536)
    for (std::int64_t n = 0; n < rows; ++n)
        for (std::int64_t i = 0; i < features; ++i)
            result[at(n, features, order[static_cast<std::size_t>(i)])] =
                static_cast<std::int8_t>(codes[at(n, features, i)]);
    return result;
}

} // namespace edgeflex
