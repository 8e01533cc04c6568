#pragma once

#include <immintrin.h>

#include <cstdint>

namespace edgeflex::avx512 {

// A bit for each of 16 lanes, those below `count` set.
inline __mmask16 lanesBelow(std::int64_t count)
{
    return count >= 16 ? static_cast<__mmask16>(0xffff) : static_cast<__mmask16>((1U << (count > 0 ? count : 0)) - 1U);
}

// Sixteen floats, for vectormath.h.
struct Avx512
{
    using Floats = __m512;
    static constexpr int lanes = 16;

    static Floats all(float value) { return _mm512_set1_ps(value); }
    static Floats load(const float *from) { return _mm512_loadu_ps(from); }
    static Floats loadFirst(const float *from, std::int64_t count)
    {
        return _mm512_maskz_loadu_ps(lanesBelow(count), from);
    }
    static void store(float *to, Floats value) { _mm512_storeu_ps(to, value); }
    static void storeFirst(float *to, std::int64_t count, Floats value)
    {
        _mm512_mask_storeu_ps(to, lanesBelow(count), value);
    }
    static Floats keepFirst(Floats value, std::int64_t count) { return _mm512_maskz_mov_ps(lanesBelow(count), value); }
    static Floats min(Floats a, Floats b) { return _mm512_min_ps(a, b); }
    static Floats max(Floats a, Floats b) { return _mm512_max_ps(a, b); }
    // An estimate of 14 bits and one step of Newton's method, which takes half the time of a division.
    static Floats reciprocal(Floats value)
    {
        const Floats estimate = _mm512_rcp14_ps(value);
        const Floats error = _mm512_fnmadd_ps(value, estimate, all(1.0F));
        // Where the estimate is exact or the value infinite, the error is 0 or NaN: the estimate stays.
        return _mm512_mask_fmadd_ps(estimate, _mm512_cmp_ps_mask(error, error, _CMP_ORD_Q), error, estimate);
    }
    static Floats fma(Floats a, Floats b, Floats c) { return _mm512_fmadd_ps(a, b, c); }
    static Floats negatedFma(Floats a, Floats b, Floats c) { return _mm512_fnmadd_ps(a, b, c); }
    static Floats round(Floats value)
    {
        return _mm512_roundscale_ps(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    }
    static Floats negated(Floats value) { return _mm512_xor_ps(value, all(-0.0F)); }
    static Floats magnitude(Floats value) { return _mm512_andnot_ps(all(-0.0F), value); }
    static Floats powerOfTwo(Floats p, Floats n) { return _mm512_scalef_ps(p, n); }
    static Floats negativeSelect(Floats value, Floats negative, Floats other)
    {
        return _mm512_mask_mov_ps(other, _mm512_movepi32_mask(_mm512_castps_si512(value)), negative);
    }
    static float sum(Floats value)
    {
        const __m256 quarters = _mm256_add_ps(_mm512_castps512_ps256(value), _mm512_extractf32x8_ps(value, 1));
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(quarters), _mm256_extractf128_ps(quarters, 1));
        half = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    }
    static float highest(Floats value)
    {
        const __m256 quarters = _mm256_max_ps(_mm512_castps512_ps256(value), _mm512_extractf32x8_ps(value, 1));
        __m128 half = _mm_max_ps(_mm256_castps256_ps128(quarters), _mm256_extractf128_ps(quarters, 1));
        half = _mm_max_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
    }
    static bool anyNan(Floats value) { return _mm512_cmp_ps_mask(value, value, _CMP_UNORD_Q) != 0; }
    static void storeLevels(std::uint8_t *to, std::int64_t count, Floats levels)
    {
        const __m512i integers = _mm512_cvtps_epi32(_mm512_max_ps(levels, _mm512_setzero_ps()));
        _mm512_mask_cvtusepi32_storeu_epi8(to, lanesBelow(count), integers); // saturates to 255
    }
};

} // namespace edgeflex::avx512
