#pragma once

#include "engine/compress/roundinggrid.h"
#include "engine/tensor/tensor.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Codes [N, K] that make the output error tr(D H D^T), D = W - W', small, by GPTQ (arXiv 2210.17323): inputs are
// rounded one after another, the loudest first, and each takes up what it can of the errors before it. `gram` [K, K] is
// E[x x^T], or the covariance where the bias is corrected for the mean afterwards; H adds a tenth of its mean diagonal
// to it. In the form of LDLQ (arXiv 2307.13304, which shows it to be the same): with H = (I + F) D (I + F)^T, F
// strictly upper,
//   w'_k = Q(w_k + sum_{j<k} (w_j - w'_j) F_jk),
// so that one Cholesky factorization, in double precision, is all. Then codes are changed one by one, in the same
// order, as long as that lowers tr(D H D^T), at most `sweeps` times over all inputs.
// A Gram matrix of zeros, or of no finite factor, rounds to nearest; so does a diagonal one. Scaling the matrix changes
// nothing, nor does the order of rows. Throws Error when the sizes contradict each other, and Cancelled.
// Takes 24 K^2 bytes while it factors, K^3 / 3 + 2 N K^2 multiplications.
std::vector<std::int8_t> gptqCodes(const Tensor &values, const RoundingGrid &grid, const std::vector<double> &gram,
                                   const Progress &progress = neverCancelled);

} // namespace edgeflex
