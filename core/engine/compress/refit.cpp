#include "engine/compress/refit.h"

#include "engine/compress/covariance.h"
#include "engine/compress/floatweights.h"
#include "engine/compress/linalg.h"
#include "engine/compress/pruning.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace edgeflex {

namespace {

using Indices = std::vector<std::int64_t>;
using Matrix = std::vector<double>; // row-major

double dot(const Matrix &a, const Matrix &b)
{
    double sum = 0;
    const auto count = static_cast<std::int64_t>(a.size());
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = 0; i < count; ++i)
        sum += a[static_cast<std::size_t>(i)] * b[static_cast<std::size_t>(i)];
    return sum;
}

double squaredNorm(const Matrix &vector)
{
    return dot(vector, vector);
}

// v^T M for M [rows, columns].
Matrix leftProduct(const Matrix &v, const Matrix &m, std::size_t columns)
{
    Matrix result(columns, 0.0);
    for (std::size_t i = 0; i < v.size(); ++i)
        for (std::size_t d = 0; d < columns; ++d)
            result[d] += v[i] * m[i * columns + d];
    return result;
}

// W split by input channel, transposed: [|K|, D] and [|P|, D].
struct SplitWeights
{
    std::int64_t outputs = 0;
    Indices kept;
    Indices removed;
    Matrix keptT;
    Matrix removedT;

    std::int64_t keptCount() const { return static_cast<std::int64_t>(kept.size()); }
    std::int64_t removedCount() const { return static_cast<std::int64_t>(removed.size()); }
};

// A refit's shift of the kept weights, and the output offset that goes into the bias.
struct Shift
{
    Matrix x;    // [|K|, D]; empty: only the bias changes
    Matrix bias; // [D]; empty: unchanged
};

// Covariance of the inputs with the gap that is to be made up for, already times the share of it: of one or two sets of
// tokens taken together. Empty where there is none.
struct Target
{
    Matrix mean;  // [D]; zeros when not centred
    Matrix cross; // [H, D]
    double variance = 0;

    Target() = default;
    Target(const std::vector<const GapMoments *> &parts, double share, const Matrix &inputMean, bool centred)
    {
        double tokens = 0;
        for (const GapMoments *part : parts)
            tokens += static_cast<double>(part->tokens);
        for (const GapMoments *part : parts) {
            if (part->tokens <= 0)
                continue;
            const double weight = static_cast<double>(part->tokens) / tokens;
            mean.resize(part->mean.size(), 0.0);
            cross.resize(part->cross.size(), 0.0);
            for (std::size_t i = 0; i < mean.size() && centred; ++i)
                mean[i] += share * weight * part->mean[i];
            for (std::size_t i = 0; i < cross.size(); ++i)
                cross[i] += share * weight * part->cross[i];
            variance += share * share * weight * part->square;
        }
        variance -= squaredNorm(mean);
        for (std::size_t i = 0; i < cross.size(); ++i)
            cross[i] -= inputMean[i / mean.size()] * mean[i % mean.size()];
    }

    bool empty() const { return cross.empty(); }
    // [|channels|, D]
    Matrix rows(const Indices &channels) const
    {
        Matrix result;
        for (const std::int64_t channel : channels) {
            const auto from = cross.begin() + channel * static_cast<std::ptrdiff_t>(mean.size());
            result.insert(result.end(), from, from + static_cast<std::ptrdiff_t>(mean.size()));
        }
        return result;
    }
};

// The output error of shifts of the kept weights, judged on one set of tokens.
class ErrorJudge
{
public:
    ErrorJudge(const Covariance &covariance, const SplitWeights &weights, const Target &target,
               const Progress &progress)
        : m_weights(weights),
          m_progress(progress),
          m_keptMean(covariance.mean(weights.kept)),
          m_removedMean(covariance.mean(weights.removed))
    {
        const std::int64_t k = weights.keptCount();
        const std::int64_t p = weights.removedCount();
        const std::int64_t d = weights.outputs;
        m_cross =
            linalg::multiply(covariance.block(weights.kept, weights.removed), weights.removedT, k, p, d, progress);
        m_removedVariance = dot(weights.removedT, linalg::multiply(covariance.block(weights.removed, weights.removed),
                                                                   weights.removedT, p, p, d, progress));
        m_keptCovariance = covariance.block(weights.kept, weights.kept);
        m_outputVariance = m_removedVariance + 2 * dot(weights.keptT, m_cross) +
                           dot(weights.keptT, linalg::multiply(m_keptCovariance, weights.keptT, k, k, d, progress));
        if (target.empty())
            return;
        m_targetMean = target.mean;
        const Matrix kept = target.rows(weights.kept);
        const double ofTarget = 2 * dot(weights.removedT, target.rows(weights.removed)) + target.variance;
        m_removedVariance += ofTarget;
        m_outputVariance += ofTarget + 2 * dot(weights.keptT, kept);
        for (std::size_t i = 0; i < kept.size(); ++i)
            m_cross[i] += kept[i];
    }

    const Matrix &keptCovariance() const { return m_keptCovariance; }
    const Matrix &cross() const { return m_cross; } // C_KP W_P^T, and the target's [|K|, D]

    // The bias shift that makes the mean output exact on these tokens: W_P mu_P - X^T mu_K.
    Matrix biasShift(const Matrix &x) const
    {
        const auto d = static_cast<std::size_t>(m_weights.outputs);
        Matrix shift = leftProduct(m_removedMean, m_weights.removedT, d);
        for (std::size_t i = 0; i < m_targetMean.size(); ++i)
            shift[i] += m_targetMean[i];
        if (x.empty())
            return shift;
        const Matrix kept = leftProduct(m_keptMean, x, d);
        for (std::size_t i = 0; i < d; ++i)
            shift[i] -= kept[i];
        return shift;
    }

    // E||y - y'||^2 over E||y - E y||^2, y the target where there is one.
    double relative(const Shift &shift) const
    {
        double error = m_removedVariance;
        if (!shift.x.empty()) {
            const std::int64_t k = m_weights.keptCount();
            error += dot(shift.x, linalg::multiply(m_keptCovariance, shift.x, k, k, m_weights.outputs, m_progress)) -
                     2 * dot(shift.x, m_cross);
        }
        // Rounding may leave a tiny negative where the error is zero.
        error = std::max(error, 0.0);
        Matrix offset = biasShift(shift.x);
        for (std::size_t i = 0; i < shift.bias.size(); ++i)
            offset[i] -= shift.bias[i];
        error += squaredNorm(offset);
        if (error == 0)
            return 0;
        return m_outputVariance > 0 ? error / m_outputVariance : 1;
    }

private:
    const SplitWeights &m_weights;
    const Progress &m_progress;
    Matrix m_keptMean;
    Matrix m_removedMean;
    Matrix m_targetMean; // [D]; empty: no target but the layer's own output
    Matrix m_cross;
    Matrix m_keptCovariance;
    double m_removedVariance = 0;
    double m_outputVariance = 0;
};

// X for one rho; nothing when the kept channels are constant or their covariance is not positive definite.
std::optional<Matrix> solve(const ErrorJudge &fit, const SplitWeights &weights, double rho, const Progress &progress)
{
    const std::int64_t k = weights.keptCount();
    double meanVariance = 0;
    for (std::int64_t i = 0; i < k; ++i)
        meanVariance += fit.keptCovariance()[static_cast<std::size_t>(i * k + i)];
    meanVariance /= static_cast<double>(k);
    if (!(meanVariance > 0))
        return std::nullopt;
    std::optional<Matrix> x =
        linalg::solveSpd(fit.keptCovariance(), rho * meanVariance, k, fit.cross(), weights.outputs, progress);
    if (x && !std::all_of(x->begin(), x->end(), [](double value) { return std::isfinite(value); }))
        return std::nullopt;
    return x;
}

RefitError errors(const ErrorJudge &judge, const ErrorJudge &fitted, const Shift &shift, bool centred)
{
    RefitError result;
    result.plain = judge.relative({});
    result.biasOnly = centred ? judge.relative({{}, fitted.biasShift({})}) : result.plain;
    result.refit = shift.x.empty() ? result.biasOnly : judge.relative(shift);
    return result;
}

} // namespace

RefitResult refitInputs(const LinearWeights &weights, const LinearStatistics &statistics,
                        const std::vector<std::int64_t> &kept, const RefitOptions &options, const Progress &progress)
{
    const LinearSpec &spec = weights.spec;
    requireGram(statistics, spec);
    RefitResult result;
    result.weights = keepInputs(weights, kept);
    const bool centred = !weights.bias.empty();

    const Tensor full = floatWeights(weights);
    SplitWeights split;
    split.outputs = spec.outFeatures;
    split.kept = kept;
    split.removed = removedChannels(kept, spec.inFeatures);
    if (split.removed.empty() && (!options.gap || options.correction == 0))
        return result;
    split.keptT = transposedColumns(full, split.kept);
    split.removedT = transposedColumns(full, split.removed);

    // Judges by some of the tokens: those to fit on, those to validate, or both.
    const auto judgeOf = [&](bool fits, bool validates) {
        std::vector<const Moments *> parts;
        std::vector<const GapMoments *> gaps;
        if (fits)
            parts.push_back(&statistics.fit);
        if (validates)
            parts.push_back(&statistics.validation);
        const Covariance covariance(parts, spec.inFeatures, centred);
        if (!options.gap || options.correction == 0)
            return ErrorJudge(covariance, split, {}, progress);
        if (fits)
            gaps.push_back(&options.gap->fit);
        if (validates)
            gaps.push_back(&options.gap->validation);
        return ErrorJudge(covariance, split, {gaps, options.correction, covariance.mean(), centred}, progress);
    };

    if (statistics.validation.tokens > 0) {
        const ErrorJudge fit = judgeOf(true, false);
        const ErrorJudge judge = judgeOf(false, true);
        Shift best;
        if (centred)
            best.bias = fit.biasShift({});
        double least = judge.relative(best);
        for (const double rho : options.rhos) {
            throwIfCancelled(progress);
            std::optional<Matrix> x = solve(fit, split, rho, progress);
            if (!x)
                continue;
            Shift shift{std::move(*x), {}};
            if (centred)
                shift.bias = fit.biasShift(shift.x);
            const double error = judge.relative(shift);
            if (error < least) {
                least = error;
                best = std::move(shift);
                result.rho = rho;
            }
        }
        result.heldOut = errors(judge, fit, best, centred);
    } else {
        result.rho = options.rhoWithoutValidation;
    }

    const ErrorJudge all = judgeOf(true, true);
    Shift shift;
    if (result.rho) {
        if (std::optional<Matrix> x = solve(all, split, *result.rho, progress))
            shift.x = std::move(*x);
        else
            result.rho.reset();
    }
    if (centred)
        shift.bias = all.biasShift(shift.x);
    result.error = errors(all, all, shift, centred);

    const auto outputs = static_cast<std::size_t>(spec.outFeatures);
    bool finite = true;
    if (!shift.x.empty()) {
        float *values = result.weights.values.floats();
        for (std::size_t d = 0; d < outputs; ++d)
            for (std::size_t k = 0; k < kept.size(); ++k) {
                const std::size_t at = k * outputs + d;
                float &value = values[d * kept.size() + k];
                value = static_cast<float>(split.keptT[at] + shift.x[at]);
                finite = finite && std::isfinite(value);
            }
    }
    if (centred) {
        result.weights.bias = weights.bias.toFloat();
        for (std::size_t d = 0; d < outputs; ++d) {
            float &value = result.weights.bias.floats()[d];
            value = static_cast<float>(value + shift.bias[d]);
            finite = finite && std::isfinite(value);
        }
    }
    if (!finite)
        throw Error("The refit of layer " + spec.name +
                    " gives weights beyond the range of FP32: check the checkpoint, or compress without the refit.");
    return result;
}

} // namespace edgeflex
