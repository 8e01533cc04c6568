#include "engine/kernels/x86/avx512products.h"

#include "engine/kernels/x86/avx512kernels.h"

namespace edgeflex::avx512 {

namespace {

struct FloatProduct
{
    using Sum = __m512;
    using Weights = __m512;
    static Sum zero() { return _mm512_setzero_ps(); }
    static Weights load(__mmask16 mask, const void *from) { return _mm512_maskz_loadu_ps(mask, from); }
    static __m512 broadcast(const char *x)
    {
        float value;
        __builtin_memcpy(&value, x, sizeof value);
        return _mm512_set1_ps(value);
    }
    static Sum multiplyAdd(Sum sum, __m512 value, Weights weights) { return _mm512_fmadd_ps(value, weights, sum); }
    __m512 finish(Sum sum, int, std::int64_t, __mmask16) const { return sum; }
    void skipRows(std::int64_t) {}
};

struct Int8Product
{
    const RowQuantization *rows;
    const float *scales;
    const std::int32_t *columnSums;

    using Sum = __m512i;
    using Weights = __m512i;
    static Sum zero() { return _mm512_setzero_si512(); }
    static Weights load(__mmask16 mask, const void *from) { return _mm512_maskz_loadu_epi32(mask, from); }
    static __m512i broadcast(const char *x)
    {
        std::int32_t value;
        __builtin_memcpy(&value, x, sizeof value);
        return _mm512_set1_epi32(value);
    }
    // vpdpbusd adds four exact products without saturation. As an intrinsic it makes GCC 12 copy every sum to other
    // registers and to memory in each step, which halves the speed.
    static Sum multiplyAdd(Sum sum, __m512i value, Weights weights)
    {
        __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(value), "v"(weights));
        return sum;
    }
    __m512 finish(Sum sum, int row, std::int64_t output, __mmask16 mask) const
    {
        const __m512i corrections = _mm512_mullo_epi32(_mm512_set1_epi32(rows[row].zeroPoint),
                                                       _mm512_maskz_loadu_epi32(mask, columnSums + output));
        const __m512 value = _mm512_cvtepi32_ps(_mm512_sub_epi32(sum, corrections));
        return _mm512_mul_ps(_mm512_set1_ps(rows[row].scale),
                             _mm512_mul_ps(_mm512_maskz_loadu_ps(mask, scales + output), value));
    }
    void skipRows(std::int64_t count) { rows += count; }
};

} // namespace

void floatPanel(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                std::int64_t width, std::int64_t k, const PanelOutput &to)
{
    panelProducts(FloatProduct{}, x, 4 * ldx, rows, panel, 4 * ldpanel, width, k, to);
}

void int8Panel(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
               const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
               const std::int32_t *columnSums, const PanelOutput &to)
{
    panelProducts(Int8Product{rowsOfX, scales, columnSums}, x, ldx, rows, panel, 4 * width, width, quads, to);
}

} // namespace edgeflex::avx512
