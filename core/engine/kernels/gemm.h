#pragma once

#include <cstdint>
#include <string>

namespace edgeflex {

// The library's matrix products; the only file that knows oneDNN. FP32, row-major, leading dimensions in
// elements. Called outside an OpenMP parallel region they use all threads, inside one a single thread. May be
// called from several threads at once. Throw Error when the library refuses, e.g. for want of memory.

// C [M, N] = alpha * A [M, K] * op(B) + beta * C; op(B) is B [K, N], or B^T with B [N, K] when transposeB.
// transposeA: A is [K, M].
void gemm(bool transposeA, bool transposeB, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float *a,
          std::int64_t lda, const float *b, std::int64_t ldb, float beta, float *c, std::int64_t ldc);

std::string oneDnnVersion(); // "2.6.3"

// Whether the library's BF16 products have instructions of their own here; the environment may forbid them.
bool oneDnnHasBf16();

} // namespace edgeflex
