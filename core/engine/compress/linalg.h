#pragma once

#include "plan/progress.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Dense double-precision algebra for calibration, on LibTorch's LAPACK. Matrices are row-major arrays. Every call
// uses as many threads as omp_get_max_threads() says. Thread-safe. Throws Error when the sizes contradict
// each other or memory runs out, and Cancelled within a fraction of a second where it takes a Progress.
namespace edgeflex::linalg {

// e.g. "1.13.1".
std::string libTorchVersion();

// A [rows, inner] * B [inner, columns].
std::vector<double> multiply(const std::vector<double> &a, const std::vector<double> &b, std::int64_t rows,
                             std::int64_t inner, std::int64_t columns, const Progress &progress = neverCancelled);

// C [rows, columns] -= A [rows, inner] * B [inner, columns], in place.
void subtractProduct(std::vector<double> &c, const std::vector<double> &a, const std::vector<double> &b,
                     std::int64_t rows, std::int64_t inner, std::int64_t columns);

// The X [n, columns] of (S + ridge I) X = B for a symmetric positive definite S [n, n], by Cholesky factorization.
// Nothing when S + ridge I is not positive definite in double precision.
std::optional<std::vector<double>> solveSpd(const std::vector<double> &s, double ridge, std::int64_t n,
                                            const std::vector<double> &b, std::int64_t columns,
                                            const Progress &progress = neverCancelled);

// The lower triangular L of L L^T = S + ridge I for a symmetric positive definite S [n, n]; nothing when it is not
// positive definite.
std::optional<std::vector<double>> cholesky(const std::vector<double> &s, double ridge, std::int64_t n,
                                            const Progress &progress = neverCancelled);

// (S + ridge I)^-1 for a symmetric positive definite S [n, n]; nothing when it is not positive definite.
std::optional<std::vector<double>> inverseSpd(const std::vector<double> &s, double ridge, std::int64_t n);

// (C + ridge I)^1/2 and its inverse for a symmetric C [n, n] that is positive semidefinite but for rounding.
// Throws Error unless ridge > 0.
struct SymmetricRoots
{
    std::vector<double> root;    // [n, n]
    std::vector<double> inverse; // [n, n]
};
SymmetricRoots symmetricRoots(const std::vector<double> &c, double ridge, std::int64_t n);

// A [rows, columns] = U diag(values) V^T with k = min(rows, columns) singular values, greatest first.
struct SingularVectors
{
    std::vector<double> u;      // [rows, k]
    std::vector<double> values; // [k]
    std::vector<double> v;      // [columns, k]
};
SingularVectors singularVectors(const std::vector<double> &a, std::int64_t rows, std::int64_t columns);

// tr(D G D^T) for D [rows, n] and a symmetric G [n, n]: the output error E||D x||^2 of weights that differ by D, with
// G = E[x x^T]. The product is in single precision, its sum in double.
double quadraticTrace(const std::vector<float> &d, const std::vector<float> &g, std::int64_t rows, std::int64_t n);

} // namespace edgeflex::linalg
