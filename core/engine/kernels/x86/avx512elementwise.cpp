#include "engine/kernels/x86/avx512kernels.h"
#include "engine/kernels/x86/avx512vector.h"
#include "engine/kernels/x86/vectormath.h"

namespace edgeflex::avx512 {

namespace {

// Rows and columns of a 16 x 16 block exchanged: pairs of floats, then of pairs, then quarters of registers.
void transposeBlock(__m512 (&rows)[16])
{
    __m512 pairs[16];
#pragma GCC unroll 8
    for (int i = 0; i < 8; ++i) {
        pairs[2 * i] = _mm512_unpacklo_ps(rows[2 * i], rows[2 * i + 1]);
        pairs[2 * i + 1] = _mm512_unpackhi_ps(rows[2 * i], rows[2 * i + 1]);
    }
    __m512 fours[16]; // fours[4 g + c]: column c of every quarter, rows 4 g to 4 g + 3
#pragma GCC unroll 4
    for (int group = 0; group < 4; ++group) {
        const auto unpacked = [&](int first, int second, bool high) {
            const __m512d a = _mm512_castps_pd(pairs[4 * group + first]);
            const __m512d b = _mm512_castps_pd(pairs[4 * group + second]);
            return _mm512_castpd_ps(high ? _mm512_unpackhi_pd(a, b) : _mm512_unpacklo_pd(a, b));
        };
        fours[4 * group] = unpacked(0, 2, false);
        fours[4 * group + 1] = unpacked(0, 2, true);
        fours[4 * group + 2] = unpacked(1, 3, false);
        fours[4 * group + 3] = unpacked(1, 3, true);
    }
#pragma GCC unroll 4
    for (int column = 0; column < 4; ++column) {
        const __m512 low02 = _mm512_shuffle_f32x4(fours[column], fours[4 + column], 0x88);
        const __m512 low13 = _mm512_shuffle_f32x4(fours[column], fours[4 + column], 0xdd);
        const __m512 high02 = _mm512_shuffle_f32x4(fours[8 + column], fours[12 + column], 0x88);
        const __m512 high13 = _mm512_shuffle_f32x4(fours[8 + column], fours[12 + column], 0xdd);
        rows[column] = _mm512_shuffle_f32x4(low02, high02, 0x88);
        rows[4 + column] = _mm512_shuffle_f32x4(low13, high13, 0x88);
        rows[8 + column] = _mm512_shuffle_f32x4(low02, high02, 0xdd);
        rows[12 + column] = _mm512_shuffle_f32x4(low13, high13, 0xdd);
    }
}

} // namespace

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
    const __m512i nibble = _mm512_set1_epi32(15);
    const auto load = [lowMask](const std::uint8_t *from) {
        return _mm512_cvtepu8_epi32(_mm_maskz_loadu_epi8(lowMask, from));
    };
    const auto lowLevels = [nibble](__m512i packed) {
        return _mm512_cvtepi32_ps(_mm512_and_si512(packed, nibble));
    };
    const auto highLevels = [](__m512i packed) {
        return _mm512_cvtepi32_ps(_mm512_srli_epi32(packed, 4));
    };
    const __m512 lowScales = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(lowMask, scales));
    const __m512 highScales = _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(highMask, scales + half));
    const __m512i packedZeroPoints = load(zeroPoints);
    const __m512 lowZeroPoints = lowLevels(packedZeroPoints);
    const __m512 highZeroPoints = highLevels(packedZeroPoints);
    for (std::int64_t i = 0; i < inputs; ++i) {
        const __m512i packed = load(values + i * half);
        float *row = to + i * width;
        _mm512_mask_storeu_ps(row, lowMask, _mm512_mul_ps(lowScales, _mm512_sub_ps(lowLevels(packed), lowZeroPoints)));
        _mm512_mask_storeu_ps(row + half, highMask,
                              _mm512_mul_ps(highScales, _mm512_sub_ps(highLevels(packed), highZeroPoints)));
    }
}

void halfToFloat(const std::uint16_t *from, std::int64_t count, float *to)
{
    for (std::int64_t i = 0; i < count; i += 16) {
        const __mmask16 mask = lanesBelow(count - i);
        _mm512_mask_storeu_ps(to + i, mask, _mm512_cvtph_ps(_mm256_maskz_loadu_epi16(mask, from + i)));
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
