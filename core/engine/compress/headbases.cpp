#include "engine/compress/headbases.h"

#include "engine/compress/channelmoments.h"
#include "engine/compress/covariance.h"
#include "engine/compress/floatweights.h"
#include "engine/compress/folds.h"
#include "engine/compress/linalg.h"
#include "plan/error.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <string>

namespace edgeflex {

namespace {

using Matrix = std::vector<double>; // row-major
using Indices = std::vector<std::int64_t>;

// Ridge as a share of the mean variance, and of the mean square, whose rounding a variance cannot fall below.
constexpr double leastVariance = 1e-6;
constexpr double leastSquare = 1e-8;
constexpr double mostRidge = 1e5;           // times the least
constexpr double leastSingularValue = 1e-6; // as a share of the greatest

Indices range(std::int64_t first, std::int64_t count)
{
    Indices indices(static_cast<std::size_t>(count));
    std::iota(indices.begin(), indices.end(), first);
    return indices;
}

Matrix transposed(const Matrix &a, std::int64_t rows, std::int64_t columns)
{
    Matrix result(a.size());
    for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j)
            result[static_cast<std::size_t>(j * rows + i)] = a[static_cast<std::size_t>(i * columns + j)];
    return result;
}

// Rows first .. first + count of M [*, columns].
Matrix rowsOf(const Matrix &m, std::int64_t first, std::int64_t count, std::int64_t columns)
{
    return {m.begin() + first * columns, m.begin() + (first + count) * columns};
}

Matrix diagonalBlock(const Matrix &m, std::int64_t width, std::int64_t first, std::int64_t count)
{
    Matrix block;
    for (std::int64_t i = first; i < first + count; ++i)
        block.insert(block.end(), m.begin() + i * width + first, m.begin() + i * width + first + count);
    return block;
}

void scaleRows(Matrix &m, const std::vector<double> &scales)
{
    const std::size_t columns = m.size() / scales.size();
    for (std::size_t i = 0; i < m.size(); ++i)
        m[i] *= scales[i / columns];
}

double meanDiagonal(const Matrix &m, std::int64_t n)
{
    double sum = 0;
    for (std::int64_t i = 0; i < n; ++i)
        sum += m[static_cast<std::size_t>(i * n + i)];
    return sum / static_cast<double>(n);
}

double leastRidge(const Matrix &covariance, double meanSquare, std::int64_t n)
{
    const double ridge = leastVariance * std::max(meanDiagonal(covariance, n), 0.0) + leastSquare * meanSquare;
    return ridge > 0 ? ridge : 1; // silent inputs: any will do
}

// Square roots of singular values, none so small that its inverse would blow up.
std::vector<double> splitEvenly(const std::vector<double> &values)
{
    std::vector<double> roots;
    const double least = values.empty() || !(values.front() > 0) ? 1.0 : leastSingularValue * values.front();
    for (const double value : values)
        roots.push_back(std::sqrt(std::max(value, least)));
    return roots;
}

std::vector<double> inverted(std::vector<double> values)
{
    for (double &value : values)
        value = 1 / value;
    return values;
}

// Adds what is lost once only the first r dimensions are left, for every r.
void addLosses(std::vector<double> &errors, const std::vector<double> &values, std::int64_t dim)
{
    double lost = 0;
    for (std::int64_t r = dim; r >= 0; --r) {
        errors[static_cast<std::size_t>(r)] += lost;
        if (r > 0)
            lost += values[static_cast<std::size_t>(r - 1)] * values[static_cast<std::size_t>(r - 1)];
    }
}

void divideByFirst(std::vector<double> &errors)
{
    if (const double all = errors.front(); all > 0)
        for (double &error : errors)
            error /= all;
}

void append(Matrix &to, const Matrix &from)
{
    to.insert(to.end(), from.begin(), from.end());
}

// Each head's block times its rows of M [heads * dim, columns]; the heads of `blocks` and of the result come in
// `order`.
Matrix blockProduct(const Matrix &blocks, const std::vector<int> &order, std::int64_t dim, const Matrix &m,
                    std::int64_t columns)
{
    Matrix result;
    result.reserve(m.size());
    for (std::size_t head = 0; head < order.size(); ++head)
        append(result, linalg::multiply(rowsOf(blocks, static_cast<std::int64_t>(head) * dim, dim, dim),
                                        rowsOf(m, order[head] * dim, dim, columns), dim, dim, columns));
    return result;
}

// `blocks` of all heads, [dim, dim] each, put in an order.
void reorder(Matrix &blocks, const std::vector<int> &order, std::int64_t dim)
{
    Matrix result;
    result.reserve(blocks.size());
    for (const int head : order)
        append(result, rowsOf(blocks, head * dim, dim, dim));
    blocks = std::move(result);
}

// What a layer is given, as it counts for what it makes of that.
struct InputMoments
{
    Matrix mean;
    Matrix covariance;
};

InputMoments inputMoments(const LinearStatistics &input)
{
    const Indices all = range(0, input.features);
    const Covariance covariance({&input.fit, &input.validation}, input.features, true);
    return {covariance.mean(), covariance.block(all, all)};
}

// The same with class tokens, where they are known apart, counting as much as all together.
InputMoments queryInputMoments(const LinearStatistics &input, InputMoments moments)
{
    if (input.classTokens.tokens <= 0)
        return moments;
    const std::size_t features = moments.mean.size();
    const Matrix all = moments.mean;
    for (std::size_t i = 0; i < features; ++i)
        moments.mean[i] = (all[i] + input.classTokens.mean[i]) / 2;
    for (std::size_t i = 0; i < features; ++i)
        for (std::size_t j = 0; j < features; ++j) {
            double &value = moments.covariance[i * features + j];
            const double square = value + all[i] * all[j] + input.classTokens.gram[i * features + j];
            value = square / 2 - moments.mean[i] * moments.mean[j];
        }
    return moments;
}

// Moments of the outputs y = W x + b, W [heads * dim, K], by head.
struct OutputMoments
{
    Matrix covariance;              // [heads, dim, dim]
    Matrix mean;                    // [heads * dim]
    std::vector<double> meanSquare; // [heads] over its dimensions
};

OutputMoments outputMoments(const Matrix &weights, const Matrix &bias, const InputMoments &input, const HeadDims &dims,
                            const Progress &progress)
{
    const auto features = static_cast<std::int64_t>(input.mean.size());
    const std::int64_t dim = dims.qk;
    const std::int64_t width = dims.heads * dim;
    OutputMoments result;
    result.mean = linalg::multiply(weights, input.mean, width, features, 1);
    for (std::size_t i = 0; i < bias.size(); ++i)
        result.mean[i] += bias[i];
    const Matrix gained = linalg::multiply(weights, input.covariance, width, features, features, progress);
    for (int head = 0; head < dims.heads; ++head) {
        const Matrix weightsT = transposed(rowsOf(weights, head * dim, dim, features), dim, features);
        const Matrix covariance =
            linalg::multiply(rowsOf(gained, head * dim, dim, features), weightsT, dim, features, dim, progress);
        double square = meanDiagonal(covariance, dim);
        for (std::int64_t i = head * dim; i < (head + 1) * dim; ++i)
            square += std::pow(result.mean[static_cast<std::size_t>(i)], 2) / static_cast<double>(dim);
        result.meanSquare.push_back(square);
        append(result.covariance, covariance);
    }
    return result;
}

void decomposeScores(HeadBases &bases, const LinearWeights &qkv, const LinearStatistics &input,
                     const Progress &progress)
{
    const std::int64_t dim = bases.dims.qk;
    const std::int64_t width = bases.dims.heads * dim;
    const Tensor values = floatWeights(qkv);
    const Matrix weights(values.floats(), values.floats() + 2 * width * qkv.spec.inFeatures);
    Matrix bias;
    if (!qkv.bias.empty()) {
        const Tensor all = qkv.bias.toFloat();
        bias.assign(all.floats(), all.floats() + width);
    }
    const InputMoments seen = inputMoments(input);
    const OutputMoments keys =
        outputMoments(rowsOf(weights, width, width, qkv.spec.inFeatures), {}, seen, bases.dims, progress);
    const OutputMoments queries = outputMoments(rowsOf(weights, 0, width, qkv.spec.inFeatures), bias,
                                                queryInputMoments(input, seen), bases.dims, progress);
    bases.qkError.assign(static_cast<std::size_t>(dim + 1), 0.0);
    for (int head = 0; head < bases.dims.heads; ++head) {
        throwIfCancelled(progress);
        Matrix queryMoments = rowsOf(queries.covariance, head * dim, dim, dim);
        for (std::int64_t i = 0; i < dim; ++i)
            for (std::int64_t j = 0; j < dim; ++j)
                queryMoments[static_cast<std::size_t>(i * dim + j)] +=
                    queries.mean[static_cast<std::size_t>(head * dim + i)] *
                    queries.mean[static_cast<std::size_t>(head * dim + j)];
        const Matrix keyMoments = rowsOf(keys.covariance, head * dim, dim, dim);
        const double keySquare = keys.meanSquare[static_cast<std::size_t>(head)];
        const auto q = linalg::symmetricRoots(queryMoments, leastRidge(queryMoments, 0, dim), dim);
        const auto k = linalg::symmetricRoots(keyMoments, leastRidge(keyMoments, keySquare, dim), dim);
        const auto svd = linalg::singularVectors(linalg::multiply(q.root, k.root, dim, dim, dim), dim, dim);
        addLosses(bases.qkError, svd.values, dim);
        std::vector<double> roots;
        for (const double value : svd.values)
            roots.push_back(std::sqrt(value));
        Matrix newQueries = linalg::multiply(transposed(svd.u, dim, dim), q.inverse, dim, dim, dim);
        Matrix newKeys = linalg::multiply(transposed(svd.v, dim, dim), k.inverse, dim, dim, dim);
        scaleRows(newQueries, roots);
        scaleRows(newKeys, roots);
        append(bases.queries, newQueries);
        append(bases.keys, newKeys);
    }
    divideByFirst(bases.qkError);
}

// (C + lambda I)^-1 with the least lambda that lets it be inverted.
Matrix precisionOf(const Matrix &covariance, double meanSquare, std::int64_t n, const LinearSpec &spec)
{
    const double least = leastRidge(covariance, meanSquare, n);
    for (double ridge = least; ridge <= mostRidge * least; ridge *= 10) {
        if (auto precision = linalg::inverseSpd(covariance, ridge, n))
            return std::move(*precision);
    }
    throw Error("The covariance of the inputs of layer " + spec.name +
                " cannot be inverted: check the checkpoint and use more calibration images.");
}

// Which heads matter most, and what is lost once only so many are left: see headBases(). `precision` is of the inputs,
// `weightsT` [width, outputs].
void orderHeads(HeadBases &bases, Matrix precision, Matrix weightsT, const LinearSpec &spec, const Progress &progress)
{
    const int heads = bases.dims.heads;
    const std::int64_t dim = bases.dims.vo;
    const std::int64_t width = heads * dim;
    bases.headError.assign(static_cast<std::size_t>(heads) + 1, 0.0);
    std::vector<int> left(static_cast<std::size_t>(heads));
    std::iota(left.begin(), left.end(), 0);
    while (!left.empty()) {
        std::size_t least = 0;
        double leastLoss = 0;
        Matrix leastTaken; // R_h W_h^T
        Matrix leastOwn;   // R_h
        for (std::size_t i = 0; i < left.size(); ++i) {
            throwIfCancelled(progress);
            const std::int64_t first = left[i] * dim;
            Matrix own = precisionOf(diagonalBlock(precision, width, first, dim), 0, dim, spec);
            const Matrix weights = rowsOf(weightsT, first, dim, spec.outFeatures);
            Matrix taken = linalg::multiply(own, weights, dim, dim, spec.outFeatures);
            const double loss = std::inner_product(weights.begin(), weights.end(), taken.begin(), 0.0);
            if (i == 0 || loss < leastLoss) {
                least = i;
                leastLoss = loss;
                leastTaken = std::move(taken);
                leastOwn = std::move(own);
            }
        }
        const int head = left[least];
        left.erase(left.begin() + static_cast<std::ptrdiff_t>(least));
        bases.order.insert(bases.order.begin(), head);
        bases.headError[left.size()] = bases.headError[left.size() + 1] + std::max(leastLoss, 0.0);
        const Matrix rows = rowsOf(precision, head * dim, dim, width);
        const Matrix columns = transposed(rows, dim, width); // P is symmetric
        linalg::subtractProduct(weightsT, columns, leastTaken, width, dim, spec.outFeatures);
        linalg::subtractProduct(precision, columns, linalg::multiply(leastOwn, rows, dim, dim, width), width, dim,
                                width);
    }
    divideByFirst(bases.headError);
}

void decomposeValues(HeadBases &bases, const LinearWeights &proj, const LinearStatistics &input,
                     const Progress &progress)
{
    const std::int64_t dim = bases.dims.vo;
    const std::int64_t width = bases.dims.heads * dim;
    const std::int64_t outputs = proj.spec.outFeatures;
    const Indices all = range(0, width);
    const Covariance covariance({&input.fit, &input.validation}, width, !proj.bias.empty());
    const std::vector<double> squares = channelMoments(input).meanSquare;
    const double meanSquare = std::accumulate(squares.begin(), squares.end(), 0.0) / static_cast<double>(width);
    const Matrix precision = precisionOf(covariance.block(all, all), meanSquare, width, proj.spec);
    throwIfCancelled(progress);
    const Matrix weightsT = transposedColumns(floatWeights(proj), all); // [width, D]
    bases.voError.assign(static_cast<std::size_t>(dim + 1), 0.0);
    for (int head = 0; head < bases.dims.heads; ++head) {
        throwIfCancelled(progress);
        // R = P^-1, so its roots are those of P the other way round.
        const Matrix own = diagonalBlock(precision, width, head * dim, dim);
        const auto p =
            linalg::symmetricRoots(own, leastSingularValue * leastSingularValue * meanDiagonal(own, dim), dim);
        const Matrix gained =
            linalg::multiply(p.inverse, rowsOf(weightsT, head * dim, dim, outputs), dim, dim, outputs, progress);
        // Of the square, which has all dimensions even where proj has fewer outputs.
        auto svd = linalg::singularVectors(
            linalg::multiply(gained, transposed(gained, dim, outputs), dim, outputs, dim), dim, dim);
        for (double &value : svd.values)
            value = std::sqrt(value);
        addLosses(bases.voError, svd.values, dim);
        const std::vector<double> roots = splitEvenly(svd.values);
        Matrix values = linalg::multiply(transposed(svd.u, dim, dim), p.root, dim, dim, dim);
        scaleRows(values, roots);
        Matrix back = transposed(svd.u, dim, dim); // of outputs = R^1/2 U S^-1/2
        scaleRows(back, inverted(roots));
        append(bases.values, values);
        append(bases.outputs, linalg::multiply(p.inverse, transposed(back, dim, dim), dim, dim, dim));
    }
    divideByFirst(bases.voError);
    orderHeads(bases, precision, weightsT, proj.spec, progress);
}

void requireHeads(const LinearWeights &qkv, const LinearWeights &proj, const HeadDims &dims)
{
    if (dims.heads < 1 || dims.qk < 1 || dims.vo < 1 || qkv.spec.outFeatures != dims.heads * (2 * dims.qk + dims.vo) ||
        proj.spec.inFeatures != dims.heads * dims.vo)
        throw Error("Layers " + qkv.spec.name + " and " + proj.spec.name + " are not those of " +
                    std::to_string(dims.heads) + " heads with " + std::to_string(dims.qk) +
                    " query and key dimensions and " + std::to_string(dims.vo) + " of values.");
}

Tensor tensorOf(const Matrix &values, std::vector<std::int64_t> shape, const LinearSpec &spec)
{
    Tensor result = Tensor::allocate(DType::F32, std::move(shape));
    for (std::size_t i = 0; i < values.size(); ++i) {
        result.floats()[i] = static_cast<float>(values[i]);
        if (!std::isfinite(result.floats()[i]))
            throw Error("Layer " + spec.name +
                        " gets weights beyond the range of FP32 when its heads are pruned: check the checkpoint.");
    }
    return result;
}

Moments inBases(const Moments &moments, const HeadBases &bases)
{
    const std::int64_t width = bases.dims.heads * bases.dims.vo;
    Moments result;
    result.tokens = moments.tokens;
    if (moments.tokens <= 0)
        return result;
    const auto product = [&](const Matrix &m, std::int64_t columns) {
        return blockProduct(bases.values, bases.order, bases.dims.vo, m, columns);
    };
    result.mean = product(moments.mean, 1);
    result.gram = product(transposed(product(moments.gram, width), width, width), width);
    return result;
}

} // namespace

HeadDims headDims(const ModelSpec &spec, const BlockSpec &block)
{
    return {spec.headCount(block), spec.qkDim(block), spec.voDim(block)};
}

HeadBases headBases(const LinearWeights &qkv, const LinearWeights &proj, const HeadDims &dims,
                    const LinearStatistics &qkvInput, const LinearStatistics &projInput, const Progress &progress)
{
    requireHeads(qkv, proj, dims);
    requireGram(qkvInput, qkv.spec);
    requireGram(projInput, proj.spec);
    HeadBases bases;
    bases.dims = dims;
    decomposeScores(bases, qkv, qkvInput, progress);
    decomposeValues(bases, proj, projInput, progress);
    for (Matrix *ofQueries : {&bases.queries, &bases.keys})
        reorder(*ofQueries, bases.order, dims.qk);
    for (Matrix *ofValues : {&bases.values, &bases.outputs})
        reorder(*ofValues, bases.order, dims.vo);
    return bases;
}

LinearWeights qkvInBases(const LinearWeights &qkv, const HeadBases &bases)
{
    const HeadDims &dims = bases.dims;
    const std::int64_t columns = qkv.spec.inFeatures;
    const std::int64_t keys = dims.heads * dims.qk;
    const std::int64_t values = dims.heads * dims.vo;
    const auto changed = [&](const Tensor &from, std::int64_t width) {
        const Matrix all(from.floats(), from.floats() + from.elements());
        Matrix result = blockProduct(bases.queries, bases.order, dims.qk, rowsOf(all, 0, keys, width), width);
        append(result, blockProduct(bases.keys, bases.order, dims.qk, rowsOf(all, keys, keys, width), width));
        append(result, blockProduct(bases.values, bases.order, dims.vo, rowsOf(all, 2 * keys, values, width), width));
        return result;
    };
    LinearWeights result = qkv.bias.empty() ? qkv : withoutKeyBias(qkv, keys);
    result.values = tensorOf(changed(floatWeights(qkv), columns), {qkv.spec.outFeatures, columns}, qkv.spec);
    if (!result.bias.empty())
        result.bias = tensorOf(changed(result.bias, 1), {qkv.spec.outFeatures}, qkv.spec);
    return result;
}

LinearWeights projInBases(const LinearWeights &proj, const HeadBases &bases)
{
    const HeadDims &dims = bases.dims;
    const std::int64_t width = dims.heads * dims.vo;
    const std::int64_t outputs = proj.spec.outFeatures;
    Matrix outputsT;
    for (int head = 0; head < dims.heads; ++head)
        append(outputsT, transposed(rowsOf(bases.outputs, head * dims.vo, dims.vo, dims.vo), dims.vo, dims.vo));
    const Matrix weightsT =
        blockProduct(outputsT, bases.order, dims.vo, transposedColumns(floatWeights(proj), range(0, width)), outputs);
    LinearWeights result = proj;
    result.values = tensorOf(transposed(weightsT, width, outputs), {outputs, width}, proj.spec);
    return result;
}

LinearStatistics projInputInBases(const LinearStatistics &projInput, const HeadBases &bases)
{
    LinearStatistics result;
    result.features = projInput.features;
    result.tokens = projInput.tokens;
    result.fit = inBases(projInput.fit, bases);
    result.validation = inBases(projInput.validation, bases);
    const ChannelMoments before = channelMoments(projInput);
    double deviations = 1;
    for (std::size_t k = 0; k < before.meanSquare.size(); ++k) {
        const double deviation = std::sqrt(before.meanSquare[k]);
        if (deviation > 0)
            deviations = std::max(deviations, projInput.maxAbs[k] / deviation);
    }
    result.meanSquare = channelMoments(result).meanSquare;
    for (const double square : result.meanSquare) {
        const double deviation = std::sqrt(std::max(square, 0.0));
        result.meanAbs.push_back(static_cast<float>(deviation * std::sqrt(2 * std::numbers::inv_pi)));
        result.maxAbs.push_back(static_cast<float>(deviation * deviations));
    }
    return result;
}

std::vector<std::int64_t> keptQkvRows(const HeadDims &dims, const HeadDims &left)
{
    Indices rows;
    std::int64_t first = 0;
    const auto add = [&](std::int64_t dim, std::int64_t kept) {
        for (int head = 0; head < dims.heads; ++head, first += dim)
            for (std::int64_t i = 0; i < kept && head < left.heads; ++i)
                rows.push_back(first + i);
    };
    add(dims.qk, left.qk);
    add(dims.qk, left.qk);
    add(dims.vo, left.vo);
    return rows;
}

std::vector<std::int64_t> keptProjColumns(const HeadDims &dims, const HeadDims &left)
{
    Indices columns;
    for (int head = 0; head < left.heads; ++head)
        for (std::int64_t i = 0; i < left.vo; ++i)
            columns.push_back(head * dims.vo + i);
    return columns;
}

} // namespace edgeflex
