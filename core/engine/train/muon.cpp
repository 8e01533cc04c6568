#include "engine/train/muon.h"

#include "engine/kernels/gemm.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace edgeflex {

namespace {

// The polynomial a x + b x^3 + c x^5 that each round applies to the singular values: steep at 0, near 1 around 1.
constexpr float a = 3.4445F;
constexpr float b = -4.7750F;
constexpr float c = 2.0315F;
constexpr int rounds = 5;

void transpose(const float *matrix, std::int64_t rows, std::int64_t columns, float *out)
{
    for (std::int64_t row = 0; row < rows; ++row)
        for (std::int64_t column = 0; column < columns; ++column)
            out[column * rows + row] = matrix[row * columns + column];
}

} // namespace

void orthogonalize(const float *matrix, std::int64_t rows, std::int64_t columns, float *out)
{
    // x is [short, long]: its products with itself are then small.
    const bool tall = rows > columns;
    const std::int64_t m = tall ? columns : rows;
    const std::int64_t n = tall ? rows : columns;
    const auto count = static_cast<std::size_t>(m * n);
    std::vector<float> x(matrix, matrix + count);
    if (tall)
        transpose(matrix, rows, columns, x.data());
    double squares = 0;
    for (const float value : x)
        squares += static_cast<double>(value) * value;
    const auto scale = static_cast<float>(1 / (std::sqrt(squares) + 1e-7)); // no singular value above 1
    for (float &value : x)
        value *= scale;

    std::vector<float> next(count);
    std::vector<float> gram(static_cast<std::size_t>(m * m));
    std::vector<float> polynomial(gram.size());
    for (int round = 0; round < rounds; ++round) {
        gemm(false, true, m, m, n, 1, x.data(), n, x.data(), n, 0, gram.data(), m);
        polynomial = gram;
        gemm(false, false, m, m, m, c, gram.data(), m, gram.data(), m, b, polynomial.data(), m);
        next = x;
        gemm(false, false, m, n, m, 1, polynomial.data(), m, x.data(), n, a, next.data(), n);
        x.swap(next);
    }
    if (tall)
        transpose(x.data(), m, n, out);
    else
        std::copy(x.begin(), x.end(), out);
}

} // namespace edgeflex
