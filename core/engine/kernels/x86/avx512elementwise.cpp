#include "engine/kernels/x86/avx512kernels.h"
#include "engine/kernels/x86/avx512transpose.h"
#include "engine/kernels/x86/avx512vector.h"
#include "engine/kernels/x86/vectormath.h"

namespace edgeflex::avx512 {

void transpose(const float *x, std::int64_t ldx, std::int64_t rows, std::int64_t columns, float factor, float *to,
               std::int64_t ldto)
{
    const __m512 factors = _mm512_set1_ps(factor);
    for (std::int64_t row = 0; row < rows; row += 16) {
        for (std::int64_t column = 0; column < columns; column += 16) {
            const __mmask16 columnMask = lanesBelow(columns - column);
            const __mmask16 rowMask = lanesBelow(rows - row);
            __m512 block[16];
            for (int i = 0; i < 16; ++i)
                block[i] = row + i < rows ? _mm512_maskz_loadu_ps(columnMask, x + (row + i) * ldx + column)
                                          : _mm512_setzero_ps();
            transposeBlock(block);
            for (int i = 0; i < 16 && column + i < columns; ++i)
                _mm512_mask_storeu_ps(to + (column + i) * ldto + row, rowMask, _mm512_mul_ps(block[i], factors));
        }
    }
}

void unpackInt4Panel(const std::uint8_t *values, std::int64_t inputs, std::int64_t width, const std::uint16_t *scales,
                     const std::uint8_t *zeroPoints, float *to)
{
    const std::int64_t half = (width + 1) / 2;
    const __mmask16 lowMask = lanesBelow(half);
    const __mmask16 highMask = lanesBelow(width - half);
    // A permutation of the 16 levels reads the lowest 4 bits of its index: neither mask nor conversion is needed.
    const __m512 levels = _mm512_setr_ps(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    const auto load = [lowMask](const std::uint8_t *from) {
        return _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(lowMask, from));
    };
    const auto lowLevels = [levels](__m512i packed) {
        return _mm512_permutexvar_ps(packed, levels);
    };
    const auto highLevels = [levels](__m512i packed) {
        return _mm512_permutexvar_ps(_mm512_srli_epi32(packed, 4), levels);
    };
    const __m512 lowScales = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(lowMask, scales));
    const __m512 highScales = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(highMask, scales + half));
    // scale * q - scale * z in one operation is exact: each product has 15 bits and the result no more.
    const __m512i packedZeroPoints = load(zeroPoints);
    const __m512 lowOffsets = _mm512_mul_ps(lowScales, lowLevels(packedZeroPoints));
    const __m512 highOffsets = _mm512_mul_ps(highScales, highLevels(packedZeroPoints));
    for (std::int64_t i = 0; i < inputs; ++i) {
        const __m512i packed = load(values + i * half);
        float *row = to + i * width;
        _mm512_mask_storeu_ps(row, lowMask, _mm512_fmsub_ps(lowScales, lowLevels(packed), lowOffsets));
        _mm512_mask_storeu_ps(row + half, highMask, _mm512_fmsub_ps(highScales, highLevels(packed), highOffsets));
    }
}

void halfToFloat(const std::uint16_t *from, std::int64_t count, float *to)
{
    for (std::int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = lanesBelow(count - i);
        _mm512_mask_storeu_ps(to + i, mask, _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, from + i)));
    }
}

void floatToBfloat16(const float *from, std::int64_t count, std::uint16_t *to)
{
    // Not the instruction for it, which takes subnormal numbers for 0.
    for (std::int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = lanesBelow(count - i);
        const __m512 value = _mm512_maskz_loadu_ps(mask, from + i);
        const __m512i bits = _mm512_castps_si512(value);
        const __m512i odd = _mm512_and_si512(_mm512_srli_epi32(bits, 16), _mm512_set1_epi32(1));
        const __m512i nearest = _mm512_add_epi32(bits, _mm512_add_epi32(odd, _mm512_set1_epi32(0x7fff)));
        const __m512i quiet = _mm512_or_si512(bits, _mm512_set1_epi32(0x400000));
        const __m512i kept = _mm512_mask_mov_epi32(nearest, _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q), quiet);
        _mm256_mask_storeu_epi16(to + i, mask, _mm512_cvtepi32_epi16(_mm512_srli_epi32(kept, 16)));
    }
}

RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    return vectormath::quantizeRow<Avx512>(x, inputScale, count, q);
}

void gelu(float *x, std::int64_t count)
{
    vectormath::gelu<Avx512>(x, count);
}

void geluTanh(float *x, std::int64_t count)
{
    vectormath::geluTanh<Avx512>(x, count);
}

void quickGelu(float *x, std::int64_t count)
{
    vectormath::quickGelu<Avx512>(x, count);
}

void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y)
{
    vectormath::layerNormRow<Avx512>(x, count, gamma, beta, eps, y);
}

void softmaxRow(const float *x, std::int64_t count, float *y)
{
    vectormath::softmaxRow<Avx512>(x, count, y);
}

float exponentials(const float *x, std::int64_t count, float *y)
{
    return vectormath::exponentials<Avx512>(x, count, y);
}

void scale(float *x, std::int64_t count, float factor)
{
    vectormath::scale<Avx512>(x, count, factor);
}

} // namespace edgeflex::avx512
