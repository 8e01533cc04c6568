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
// C [M, N] s32 = A u8 [M, K] * B^T, B s8 [N, K]. Exact only where the CPU has 8-bit dot products.
void gemmU8S8(std::int64_t m, std::int64_t n, std::int64_t k, const std::uint8_t *a, std::int64_t lda,
              const std::int8_t *b, std::int64_t ldb, std::int32_t *c, std::int64_t ldc);
// C FP32 [M, N] = A BF16 [M, K] * B^T, B BF16 [N, K].
void gemmBf16(std::int64_t m, std::int64_t n, std::int64_t k, const std::uint16_t *a, const std::uint16_t *b, float *c);

std::string oneDnnVersion(); // "2.6.3"

// What the library's products run on here; the environment may hold it below what the CPU has.
struct GemmSupport
{
    bool int8DotProduct = false; // AVX-512 VNNI: gemmU8S8 is exact
    bool bf16 = false;           // AVX-512 BF16: gemmBf16 works
    std::string instructionSet;  // "AVX2", "AVX-512 VNNI", ...; "generic" where there is no x86
};
GemmSupport gemmSupport();

} // namespace edgeflex
