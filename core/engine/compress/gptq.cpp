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
        const double *row = lower->data() + (features - 1 - j) * features;
        for (std::int64_t k = j + 1; k < features; ++k) {
            const std::int64_t mirrored = features - 1 - k;
            feedback[at(j, features, k)] =
                static_cast<float>(row[mirrored] / (*lower)[at(mirrored, features, mirrored)]);
        }
    }
    return feedback;
}

// Codes of W and the errors W - W' [N, K], inputs in the order of rounding.
struct Rounded
{
    std::vector<float> codes;
    std::vector<float> errors;
};

Rounded roundedOneAfterAnother(const Tensor &values, const RoundingGrid &grid, const std::vector<float> &feedback,
                               const std::vector<std::int64_t> &order, const Progress &progress)
{
    const std::int64_t rows = grid.rows;
    const std::int64_t features = grid.features;
    Rounded result;
    result.codes.resize(static_cast<std::size_t>(rows * features));
    result.errors.resize(result.codes.size());
    std::vector<float> reached(static_cast<std::size_t>(rows * blockSize)); // by the errors before
    for (std::int64_t first = 0; first < features; first += blockSize) {
        throwIfCancelled(progress);
        const std::int64_t size = std::min(blockSize, features - first);
        if (first > 0)
            gemm(false, false, rows, size, first, 1.0F, result.errors.data(), features, feedback.data() + first,
                 features, 0.0F, reached.data(), blockSize);
#pragma omp parallel for schedule(static) if (rows * features > 16384)
        for (std::int64_t n = 0; n < rows; ++n) {
            float *reach = reached.data() + n * blockSize;
            for (std::int64_t c = 0; c < size; ++c) {
                const std::int64_t k = order[static_cast<std::size_t>(first + c)];
                const float weight = values.floats()[n * features + k];
                const float q = grid.code(weight + reach[c], n, k);
                const float error = weight - grid.value(q, n, k);
                result.codes[at(n, features, first + c)] = q;
                result.errors[at(n, features, first + c)] = error;
                const float *row = feedback.data() + (first + c) * features + first;
                for (std::int64_t later = c + 1; later < size; ++later)
                    reach[later] += error * row[later];
            }
        }
    }
    return result;
}

// The damped matrix in `order`, as shares of its mean diagonal.
std::vector<float> dampedOf(const std::vector<double> &gram, double unit, const std::vector<std::int64_t> &order)
{
    const auto features = static_cast<std::int64_t>(order.size());
    std::vector<float> damped(gram.size());
#pragma omp parallel for schedule(static) if (features > 256)
    for (std::int64_t i = 0; i < features; ++i) {
        const double *row = gram.data() + order[static_cast<std::size_t>(i)] * features;
        for (std::int64_t j = 0; j < features; ++j)
            damped[at(i, features, j)] = static_cast<float>(row[order[static_cast<std::size_t>(j)]] / unit);
        damped[at(i, features, i)] += static_cast<float>(damping);
    }
    return damped;
}

// Coordinate descent on tr(D H D^T), row by row; the errors are left as they were.
void changeWhereBetter(Rounded &rounded, const RoundingGrid &grid, const std::vector<float> &h,
                       const std::vector<std::int64_t> &order, const Progress &progress)
{
    const std::int64_t rows = grid.rows;
    const std::int64_t features = grid.features;
    std::vector<float> gradients(rounded.errors.size()); // D H
    for (std::int64_t first = 0; first < rows; first += blockSize) {
        throwIfCancelled(progress);
        gemm(false, false, std::min(blockSize, rows - first), features, features, 1.0F,
             rounded.errors.data() + first * features, features, h.data(), features, 0.0F,
             gradients.data() + first * features, features);
    }
#pragma omp parallel for schedule(dynamic, 4) if (rows * features > 4096)
    for (std::int64_t n = 0; n < rows; ++n) {
        if (progress.cancelled())
            continue; // no exception may leave the loop
        float *gradient = gradients.data() + n * features;
        bool changed = true;
        for (int sweep = 0; sweep < sweeps && changed; ++sweep) {
            changed = false;
            for (std::int64_t i = 0; i < features; ++i) {
                const std::int64_t k = order[static_cast<std::size_t>(i)];
                float &q = rounded.codes[at(n, features, i)];
                const float slope = gradient[i];
                const float curvature = h[at(i, features, i)];
                const float before = grid.value(q, n, k);
                const float better = grid.code(before + slope / curvature, n, k);
                const float change = before - grid.value(better, n, k);
                if (better == q || !(change * (2 * slope + change * curvature) < 0))
                    continue;
                q = better;
                const float *row = h.data() + i * features;
                for (std::int64_t j = 0; j < features; ++j)
                    gradient[j] += change * row[j];
                changed = true;
            }
        }
    }
    throwIfCancelled(progress);
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
    Rounded rounded = roundedOneAfterAnother(values, grid, *feedback, order, progress);
    feedback.reset();
    changeWhereBetter(rounded, grid, dampedOf(gram, unit, order), order, progress);

    std::vector<std::int8_t> result(rounded.codes.size());
#pragma omp parallel for schedule(static) if (rows * features > 65536)
    for (std::int64_t n = 0; n < rows; ++n)
        for (std::int64_t i = 0; i < features; ++i)
            result[at(n, features, order[static_cast<std::size_t>(i)])] =
                static_cast<std::int8_t>(rounded.codes[at(n, features, i)]);
    return result;
}

} // namespace edgeflex
