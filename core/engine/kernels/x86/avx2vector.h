#pragma once

#include <immintrin.h>

#include <cstdint>

namespace edgeflex::avx2 {

// Eight floats, for vectormath.h.
struct Avx2
{
    using Floats = __m256;
    static constexpr int lanes = 8;

    static Floats all(float value) { return _mm256_set1_ps(value); }
    static __m256i laneMask(std::int64_t count)
    {
        return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count)),
                                  _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
    }
    static Floats load(const float *from) { return _mm256_loadu_ps(from); }
    static Floats loadFirst(const float *from, std::int64_t count) { return _mm256_maskload_ps(from, laneMask(count)); }
    static void store(float *to, Floats value) { _mm256_storeu_ps(to, value); }
    static void storeFirst(float *to, std::int64_t count, Floats value)
    {
        _mm256_maskstore_ps(to, laneMask(count), value);
    }
    static Floats keepFirst(Floats value, std::int64_t count)
    {
        return _mm256_and_ps(value, _mm256_castsi256_ps(laneMask(count)));
    }
    static Floats min(Floats a, Floats b) { return _mm256_min_ps(a, b); }
    static Floats max(Floats a, Floats b) { return _mm256_max_ps(a, b); }
    static Floats reciprocal(Floats value) { return _mm256_div_ps(all(1.0F), value); }
    static Floats fma(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
    static Floats negatedFma(Floats a, Floats b, Floats c) { return _mm256_fnmadd_ps(a, b, c); }
    static Floats round(Floats value) { return _mm256_round_ps(value, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
    static Floats negated(Floats value) { return _mm256_xor_ps(value, all(-0.0F)); }
    static Floats magnitude(Floats value) { return _mm256_andnot_ps(all(-0.0F), value); }
    static Floats powerOfTwo(Floats p, Floats n)
    {
        const __m256i exponent = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
        return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), exponent));
    }
    static Floats negativeSelect(Floats value, Floats negative, Floats other)
    {
        return _mm256_blendv_ps(other, negative, value);
    }
    static float sum(Floats value)
    {
        __m128 half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
        half = _mm_add_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
    }
    static float highest(Floats value)
    {
        __m128 half = _mm_max_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
        half = _mm_max_ps(half, _mm_movehl_ps(half, half));
        return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
    }
    static bool anyNan(Floats value) { return _mm256_movemask_ps(_mm256_cmp_ps(value, value, _CMP_UNORD_Q)) != 0; }
    static void storeLevels(std::uint8_t *to, std::int64_t count, Floats levels)
    {
        const __m256i integers = _mm256_cvtps_epi32(levels);
        // Packing saturates to 0 and 255.
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(integers), _mm256_extracti128_si256(integers, 1));
        const __m128i bytes = _mm_packus_epi16(words, words);
        if (count >= lanes) {
            _mm_storel_epi64(reinterpret_cast<__m128i *>(to), bytes);
            return;
        }
        alignas(16) std::uint8_t last[16];
        _mm_store_si128(reinterpret_cast<__m128i *>(last), bytes);
        for (std::int64_t i = 0; i < count; ++i)
            to[i] = last[i];
    }
};

} // namespace edgeflex::avx2
