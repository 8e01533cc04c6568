#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace edgeflex {

// The library's matrix products; the only file that knows oneDNN. gemm() is FP32, row-major, leading dimensions in
// elements. Called outside an OpenMP parallel region they use all threads, inside one a single thread. May be
// called from several threads at once. Throw Error when the library refuses, e.g. for want of memory.

// C [M, N] = alpha * A [M, K] * op(B) + beta * C; op(B) is B [K, N], or B^T with B [N, K] when transposeB.
// transposeA: A is [K, M].
void gemm(bool transposeA, bool transposeB, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float *a,
          std::int64_t lda, const float *b, std::int64_t ldb, float beta, float *c, std::int64_t ldc);

// The library's product of 8-bit matrices with its weights packed as it likes best: a yardstick for ours, which add
// what a layer needs besides. C s32 [M, N] = A u8 [M, K] * B^T, B s8 [N, K]; exact. One multiply() at a time.
class Int8Gemm
{
public:
    Int8Gemm(std::int64_t m, std::int64_t n, std::int64_t k, const std::int8_t *b); // b is copied
    ~Int8Gemm();
    Int8Gemm(Int8Gemm &&) noexcept;
    Int8Gemm &operator=(Int8Gemm &&) noexcept;

    void multiply(const std::uint8_t *a, std::int32_t *c) const;
    // The library's name for what executes; "ref..." would be its slow reference.
    const std::string &implementation() const;

private:
    struct Primitive;
    std::unique_ptr<Primitive> m_primitive;
};

std::string oneDnnVersion(); // "2.6.3"

// Whether the library's BF16 products have instructions of their own here; the environment may forbid them.
bool oneDnnHasBf16();

} // namespace edgeflex
