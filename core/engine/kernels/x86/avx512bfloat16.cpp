#include "engine/kernels/x86/avx512kernels.h"
#include "engine/kernels/x86/avx512products.h"
#include "engine/kernels/x86/avx512transpose.h"

namespace edgeflex::avx512 {

namespace {

struct Bfloat16Product
{
    using Sum = __m512;
    using Weights = __m512i;
    static Sum zero() { return _mm512_setzero_ps(); }
    static Weights load(__mmask16 mask, const void *from) { return _mm512_maskz_loadu_epi32(mask, from); }
    static __m512i broadcast(const char *x)
    {
        std::int32_t pair;
        __builtin_memcpy(&pair, x, sizeof pair);
        return _mm512_set1_epi32(pair);
    }
    static Sum multiplyAdd(Sum sum, __m512i value, Weights weights)
    {
        return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(value), reinterpret_cast<__m512bh>(weights));
    }
    __m512 finish(Sum sum, int, std::int64_t, __mmask16) const { return sum; }
    void skipRows(std::int64_t) {}
};

// 16 floats below the others of a pair of registers, rounded to BF16: 16 words of 2 values where both are neighbours.
__m512i rounded(__m512 low, __m512 high)
{
    return reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(high, low));
}

// e^x for x from -87 to 0 to 16 bits: a polynomial of degree 4 errs by 4e-5, a twentieth of BF16's rounding.
__m512 exponential(__m512 x)
{
    x = _mm512_max_ps(_mm512_set1_ps(-87.0F), x); // NaN stays NaN
    const __m512 n = Avx512::round(_mm512_mul_ps(x, _mm512_set1_ps(1.44269504F)));
    const __m512 r = _mm512_fnmadd_ps(n, _mm512_set1_ps(0.693147181F), x);
    __m512 p = _mm512_set1_ps(1.0F / 24);
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F / 6));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(0.5F));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F));
    p = _mm512_fmadd_ps(p, r, _mm512_set1_ps(1.0F));
    return _mm512_scalef_ps(p, n);
}

} // namespace

void packBfloat16Rows(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k, float factor,
                      std::uint16_t *to)
{
    const __m512 factors = _mm512_set1_ps(factor);
    const std::int64_t pairs = (k + 1) / 2;
    for (std::int64_t row = 0; row < width; row += 16) {
        const __mmask16 rowMask = lanesBelow(width - row);
        for (std::int64_t column = 0; column < k; column += 32) {
            const __mmask16 lowMask = lanesBelow(k - column);
            const __mmask16 highMask = lanesBelow(k - column - 16);
            __m512 block[16]; // words of 2 values
            for (int i = 0; i < 16; ++i) {
                if (row + i >= width) {
                    block[i] = _mm512_setzero_ps();
                    continue;
                }
                const float *from = x + (row + i) * ldx + column;
                block[i] =
                    _mm512_castsi512_ps(rounded(_mm512_mul_ps(_mm512_maskz_loadu_ps(lowMask, from), factors),
                                                _mm512_mul_ps(_mm512_maskz_loadu_ps(highMask, from + 16), factors)));
            }
            transposeBlock(block);
            for (int i = 0; i < 16 && column / 2 + i < pairs; ++i)
                _mm512_mask_storeu_ps(to + 2 * ((column / 2 + i) * width + row), rowMask, block[i]);
        }
    }
}

void packBfloat16Columns(const float *x, std::int64_t ldx, std::int64_t width, std::int64_t k, std::uint16_t *to)
{
    const __m512i interleaved = _mm512_set_epi16(31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7,
                                                 22, 6, 21, 5, 20, 4, 19, 3, 18, 2, 17, 1, 16, 0);
    for (std::int64_t i = 0; i < k; i += 2) {
        const float *first = x + i * ldx;
        for (std::int64_t column = 0; column < width; column += 16) {
            const __mmask16 mask = lanesBelow(width - column);
            const __m512 low = _mm512_maskz_loadu_ps(mask, first + column);
            const __m512 high = i + 1 < k ? _mm512_maskz_loadu_ps(mask, first + ldx + column) : _mm512_setzero_ps();
            _mm512_mask_storeu_epi32(to + i * width + 2 * column, mask,
                                     _mm512_permutexvar_epi16(interleaved, rounded(low, high)));
        }
    }
}

float bfloat16Exponentials(const float *x, std::int64_t count, std::uint16_t *y)
{
    __m512 highs = _mm512_set1_ps(-__builtin_inff());
    for (std::int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = lanesBelow(count - i);
        highs = _mm512_mask_max_ps(highs, mask, highs, _mm512_maskz_loadu_ps(mask, x + i));
    }
    highs = _mm512_set1_ps(Avx512::highest(highs));
    __m512 sums = _mm512_setzero_ps();
    for (std::int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = lanesBelow(count - i);
        const __m512 value = exponential(_mm512_sub_ps(_mm512_maskz_loadu_ps(mask, x + i), highs));
        sums = _mm512_mask_add_ps(sums, mask, sums, value);
        _mm256_mask_storeu_epi16(y + i, mask, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(value)));
    }
    return 1.0F / Avx512::sum(sums);
}

void bfloat16Panel(const std::uint16_t *x, std::int64_t ldx, std::int64_t rows, const std::uint16_t *panel,
                   std::int64_t width, std::int64_t pairs, const PanelOutput &to)
{
    panelProducts(Bfloat16Product{}, x, 2 * ldx, rows, panel, 4 * width, width, pairs, to);
}

} // namespace edgeflex::avx512
