#include "engine/compress/pruningpath.h"

#include "engine/compress/covariance.h"
#include "engine/compress/floatweights.h"
#include "engine/compress/importance.h"
#include "engine/compress/linalg.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

namespace edgeflex {

namespace {

using Indices = std::vector<std::int64_t>;
using Matrix = std::vector<double>; // row-major

constexpr std::int64_t blockSize = 32;
constexpr double leastRho = 1e-3; // ridge as a share of the mean variance
constexpr double mostRho = 1;

Indices ascending(std::int64_t count)
{
    Indices indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), std::int64_t{0});
    return indices;
}

// M [rows.size(), columns.size()] of M [*, width]
Matrix gather(const Matrix &matrix, std::int64_t width, const Indices &rows, const Indices &columns)
{
    Matrix result(rows.size() * columns.size());
    const auto count = static_cast<std::int64_t>(rows.size());
#pragma omp parallel for schedule(static) if (result.size() > 65536)
    for (std::int64_t i = 0; i < count; ++i) {
        const double *from = matrix.data() + rows[static_cast<std::size_t>(i)] * width;
        double *to = result.data() + static_cast<std::size_t>(i) * columns.size();
        for (std::size_t j = 0; j < columns.size(); ++j)
            to[j] = from[columns[j]];
    }
    return result;
}

// Lower Cholesky factor of a small matrix, in place; false when it is not positive definite.
bool factorise(Matrix &a, std::size_t n)
{
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = a[i * n + j];
            for (std::size_t k = 0; k < j; ++k)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j && !(sum > 0))
                return false;
            a[i * n + j] = i == j ? std::sqrt(sum) : sum / a[j * n + j];
        }
    return true;
}

// L^-1 B in place, B [n, columns].
void solveLower(const Matrix &l, std::size_t n, Matrix &b, std::size_t columns)
{
    for (std::size_t i = 0; i < n; ++i) {
        double *row = b.data() + i * columns;
        for (std::size_t k = 0; k < i; ++k) {
            const double factor = l[i * n + k];
            const double *above = b.data() + k * columns;
            for (std::size_t c = 0; c < columns; ++c)
                row[c] -= factor * above[c];
        }
        for (std::size_t c = 0; c < columns; ++c)
            row[c] /= l[i * n + i];
    }
}

Matrix transposed(const Matrix &a, std::size_t rows, std::size_t columns)
{
    Matrix result(a.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j)
            result[j * rows + i] = a[i * columns + j];
    return result;
}

double squaredNorm(const double *values, std::size_t count)
{
    return std::inner_product(values, values + count, values, 0.0);
}

class Elimination
{
public:
    Elimination(Matrix precision, Matrix weightsT, std::int64_t channels)
        : m_alive(ascending(channels)),
          m_outputs(weightsT.size() / static_cast<std::size_t>(channels)),
          m_precision(std::move(precision)),
          m_weightsT(std::move(weightsT))
    {
    }

    bool done() const { return m_alive.empty(); }
    const Indices &alive() const { return m_alive; } // channels

    // What removing each alone would cost.
    std::vector<double> costs() const
    {
        const std::size_t n = m_alive.size();
        std::vector<double> costs(n);
        for (std::size_t i = 0; i < n; ++i)
            costs[i] = squaredNorm(m_weightsT.data() + i * m_outputs, m_outputs) / m_precision[i * n + i];
        return costs;
    }

    // Removes the channels at positions of alive(), in that order; what each adds to the error, or nothing when
    // rounding has left no positive definite matrix.
    std::optional<std::vector<double>> remove(const Indices &positions)
    {
        const std::size_t n = m_alive.size();
        const std::size_t m = positions.size();
        std::vector<bool> goes(n, false);
        for (const std::int64_t position : positions)
            goes[static_cast<std::size_t>(position)] = true;
        Indices rest;
        Indices alive;
        for (std::size_t i = 0; i < n; ++i) {
            if (goes[i])
                continue;
            rest.push_back(static_cast<std::int64_t>(i));
            alive.push_back(m_alive[i]);
        }
        const auto width = static_cast<std::int64_t>(n);
        const auto outputs = static_cast<std::int64_t>(m_outputs);
        Matrix factor = gather(m_precision, width, positions, positions);
        if (!factorise(factor, m))
            return std::nullopt;
        Matrix gone = gather(m_weightsT, outputs, positions, ascending(outputs)); // [m, D]
        solveLower(factor, m, gone, m_outputs);
        std::vector<double> errors(m);
        for (std::size_t i = 0; i < m; ++i)
            errors[i] = squaredNorm(gone.data() + i * m_outputs, m_outputs);

        Matrix across = gather(m_precision, width, positions, rest); // [m, n - m]
        solveLower(factor, m, across, rest.size());
        const Matrix acrossT = transposed(across, m, rest.size());
        const auto left = static_cast<std::int64_t>(rest.size());
        const auto removed = static_cast<std::int64_t>(m);
        m_precision = gather(m_precision, width, rest, rest);
        linalg::subtractProduct(m_precision, acrossT, across, left, removed, left);
        m_weightsT = gather(m_weightsT, outputs, rest, ascending(outputs));
        linalg::subtractProduct(m_weightsT, acrossT, gone, left, removed, outputs);
        m_alive = std::move(alive);
        return errors;
    }

private:
    Indices m_alive;
    std::size_t m_outputs;
    Matrix m_precision; // P [alive, alive]
    Matrix m_weightsT;  // W^T [alive, D], refitted
};

// The positions of those of least value, least first; of equals the later goes first.
Indices leastOf(const std::vector<double> &values)
{
    Indices positions = ascending(static_cast<std::int64_t>(values.size()));
    const auto before = [&](std::int64_t a, std::int64_t b) {
        const double left = values[static_cast<std::size_t>(a)];
        const double right = values[static_cast<std::size_t>(b)];
        return left < right || (left == right && a > b);
    };
    const std::size_t count = std::min(static_cast<std::size_t>(blockSize), positions.size());
    std::partial_sort(positions.begin(), positions.begin() + static_cast<std::ptrdiff_t>(count), positions.end(),
                      before);
    positions.resize(count);
    return positions;
}

// Nothing when the matrix loses its definiteness on the way.
std::optional<PruningPath> eliminate(Elimination elimination, const std::vector<double> &importance,
                                     const Progress &progress)
{
    PruningPath path;
    path.error.push_back(0);
    while (!elimination.done()) {
        throwIfCancelled(progress);
        const Indices &alive = elimination.alive();
        std::vector<double> values;
        if (importance.empty())
            values = elimination.costs();
        for (std::size_t i = 0; i < alive.size() && !importance.empty(); ++i)
            values.push_back(importance[static_cast<std::size_t>(alive[i])]);
        const Indices positions = leastOf(values);
        for (const std::int64_t position : positions)
            path.order.push_back(alive[static_cast<std::size_t>(position)]);
        const auto errors = elimination.remove(positions);
        if (!errors)
            return std::nullopt;
        for (const double error : *errors)
            path.error.push_back(path.error.back() + error);
    }
    if (const double all = path.error.back(); all > 0)
        for (double &error : path.error)
            error /= all;
    return path;
}

} // namespace

std::vector<std::int64_t> PruningPath::kept(std::int64_t width) const
{
    const auto channels = static_cast<std::int64_t>(order.size());
    if (width <= 0 || width > channels)
        throw Error("A layer of " + std::to_string(channels) + " channels cannot keep " + std::to_string(width) +
                    " of them: choose a width between 1 and " + std::to_string(channels) + ".");
    Indices kept(order.end() - width, order.end());
    std::sort(kept.begin(), kept.end());
    return kept;
}

PruningPath pruningPath(ImportanceScore score, const LinearWeights &weights, const LinearStatistics &statistics,
                        const Progress &progress)
{
    const LinearSpec &spec = weights.spec;
    requireGram(statistics, spec);
    const std::int64_t channels = spec.inFeatures;
    const Indices all = ascending(channels);
    const Matrix weightsT = transposedColumns(floatWeights(weights), all);
    std::vector<double> importance;
    if (score != ImportanceScore::Obs)
        importance = channelImportance(score, weights, statistics);

    const Matrix covariance =
        Covariance({&statistics.fit, &statistics.validation}, channels, !weights.bias.empty()).block(all, all);
    double meanVariance = 0;
    for (std::int64_t i = 0; i < channels; ++i)
        meanVariance += covariance[static_cast<std::size_t>(i * channels + i)] / static_cast<double>(channels);
    if (!(meanVariance > 0)) {
        // Constant inputs: the bias makes up for any of them.
        PruningPath path{all, {}};
        path.error.assign(all.size() + 1, 0.0);
        return path;
    }
    Matrix identity(covariance.size(), 0.0);
    for (std::int64_t i = 0; i < channels; ++i)
        identity[static_cast<std::size_t>(i * channels + i)] = 1;
    for (double rho = leastRho; rho <= mostRho; rho *= 10) {
        auto precision = linalg::solveSpd(covariance, rho * meanVariance, channels, identity, channels, progress);
        if (!precision)
            continue;
        if (auto path = eliminate({std::move(*precision), weightsT, channels}, importance, progress))
            return std::move(*path);
    }
    throw Error("The covariance of the inputs of layer " + spec.name +
                " cannot be inverted: check the checkpoint and use more calibration images.");
}

} // namespace edgeflex
