#pragma once

#include <immintrin.h>

namespace edgeflex::avx512 {

// Rows and columns of a 16 x 16 block of 32-bit words exchanged, whatever the words mean: pairs of words, then of
// pairs, then quarters of registers.
inline void transposeBlock(__m512 (&rows)[16])
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

} // namespace edgeflex::avx512
