#include "engine/kernels/x86/avx2kernels.h"

#include <immintrin.h>

namespace edgeflex::avx2 {

namespace {

__m256 all(float value)
{
    return _mm256_set1_ps(value);
}

// e^x for x clamped to [-87.3, 88.3], relative error below 1e-7; NaN stays NaN. x = n ln 2 + r with
// |r| <= ln 2 / 2, ln 2 in two parts so that r is exact, and e^r by its Taylor polynomial of degree 7.
__m256 exponential(__m256 x)
{
    x = _mm256_min_ps(all(88.3F), _mm256_max_ps(all(-87.3F), x));
    const __m256 n = _mm256_round_ps(_mm256_mul_ps(x, all(1.44269504F)), _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
    __m256 r = _mm256_fnmadd_ps(n, all(0.693359375F), x);
    r = _mm256_fnmadd_ps(n, all(-2.12194440e-4F), r);
    __m256 p = all(1.0F / 5040);
    p = _mm256_fmadd_ps(p, r, all(1.0F / 720));
    p = _mm256_fmadd_ps(p, r, all(1.0F / 120));
    p = _mm256_fmadd_ps(p, r, all(1.0F / 24));
    p = _mm256_fmadd_ps(p, r, all(1.0F / 6));
    p = _mm256_fmadd_ps(p, r, all(0.5F));
    p = _mm256_fmadd_ps(p, r, all(1.0F));
    p = _mm256_fmadd_ps(p, r, all(1.0F));
    const __m256i exponent = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
    return _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), exponent));
}

__m256i laneMask(std::int64_t lanes)
{
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(lanes)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

template<typename Step>
void inPlace(float *x, std::int64_t count, Step step)
{
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(x + i, step(_mm256_loadu_ps(x + i)));
    if (i < count) {
        const __m256i mask = laneMask(count - i);
        _mm256_maskstore_ps(x + i, mask, step(_mm256_maskload_ps(x + i, mask)));
    }
}

// x times the logistic function of u.
__m256 gated(__m256 x, __m256 u)
{
    const __m256 negated = _mm256_xor_ps(u, all(-0.0F));
    return _mm256_div_ps(x, _mm256_add_ps(all(1.0F), exponential(negated)));
}

float horizontalSum(__m256 value)
{
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_movehdup_ps(half)));
}

float horizontalMax(__m256 value)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

// Sum over 8 lanes x 4 parts, which errs far less than a running sum. `term` is given a value and the mask of
// the lanes that count.
template<typename Term>
float stableSum(const float *x, std::int64_t count, Term term)
{
    __m256 parts[4] = {_mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps(), _mm256_setzero_ps()};
    std::int64_t i = 0;
    for (; i + 32 <= count; i += 32)
        for (int part = 0; part < 4; ++part)
            parts[part] = _mm256_add_ps(parts[part], term(_mm256_loadu_ps(x + i + 8 * part)));
    for (; i + 8 <= count; i += 8)
        parts[0] = _mm256_add_ps(parts[0], term(_mm256_loadu_ps(x + i)));
    if (i < count) {
        const __m256i mask = laneMask(count - i);
        const __m256 last = term(_mm256_maskload_ps(x + i, mask));
        parts[1] = _mm256_add_ps(parts[1], _mm256_and_ps(last, _mm256_castsi256_ps(mask)));
    }
    return horizontalSum(_mm256_add_ps(_mm256_add_ps(parts[0], parts[1]), _mm256_add_ps(parts[2], parts[3])));
}

} // namespace

void gelu(float *x, std::int64_t count)
{
    // x Phi(x), with the tail erfc(z) / 2, z = |x| / sqrt 2, from Abramowitz and Stegun 7.1.26 (1.5e-7 absolute).
    inPlace(x, count, [](__m256 value) {
        const __m256 sign = _mm256_and_ps(value, all(-0.0F));
        const __m256 z = _mm256_mul_ps(_mm256_andnot_ps(all(-0.0F), value), all(0.707106781F));
        const __m256 t = _mm256_div_ps(all(1.0F), _mm256_fmadd_ps(z, all(0.3275911F), all(1.0F)));
        __m256 p = all(0.5F * 1.061405429F);
        p = _mm256_fmadd_ps(p, t, all(0.5F * -1.453152027F));
        p = _mm256_fmadd_ps(p, t, all(0.5F * 1.421413741F));
        p = _mm256_fmadd_ps(p, t, all(0.5F * -0.284496736F));
        p = _mm256_fmadd_ps(p, t, all(0.5F * 0.254829592F));
        const __m256 tail =
            _mm256_mul_ps(_mm256_mul_ps(p, t), exponential(_mm256_mul_ps(value, _mm256_mul_ps(value, all(-0.5F)))));
        // Phi is the tail for negative x and 1 - tail for positive x.
        const __m256 phi = _mm256_blendv_ps(_mm256_sub_ps(all(1.0F), tail), tail, sign);
        return _mm256_mul_ps(value, phi);
    });
}

void geluTanh(float *x, std::int64_t count)
{
    // 0.5 (1 + tanh u) is the logistic function of 2 u, u = sqrt(2 / pi) (x + 0.044715 x^3).
    inPlace(x, count, [](__m256 value) {
        const __m256 square = _mm256_mul_ps(value, value);
        const __m256 factor = _mm256_fmadd_ps(square, all(1.59576912F * 0.044715F), all(1.59576912F));
        return gated(value, _mm256_mul_ps(value, factor));
    });
}

void quickGelu(float *x, std::int64_t count)
{
    inPlace(x, count, [](__m256 value) { return gated(value, _mm256_mul_ps(value, all(1.702F))); });
}

void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y)
{
    const auto n = static_cast<float>(count);
    const float mean = stableSum(x, count, [](__m256 value) { return value; }) / n;
    const __m256 means = all(mean);
    const float variance = stableSum(x, count,
                                     [means](__m256 value) {
                                         const __m256 difference = _mm256_sub_ps(value, means);
                                         return _mm256_mul_ps(difference, difference);
                                     }) /
                           n;
    const __m256 factor = all(1.0F / __builtin_sqrtf(variance + eps));
    const auto normalized = [means, factor](__m256 value, __m256 g, __m256 b) {
        return _mm256_fmadd_ps(_mm256_mul_ps(_mm256_sub_ps(value, means), factor), g, b);
    };
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        _mm256_storeu_ps(y + i,
                         normalized(_mm256_loadu_ps(x + i), _mm256_loadu_ps(gamma + i), _mm256_loadu_ps(beta + i)));
    if (i < count) {
        const __m256i mask = laneMask(count - i);
        _mm256_maskstore_ps(y + i, mask,
                            normalized(_mm256_maskload_ps(x + i, mask), _mm256_maskload_ps(gamma + i, mask),
                                       _mm256_maskload_ps(beta + i, mask)));
    }
}

void softmaxRow(const float *x, std::int64_t count, float *y)
{
    if (count == 0)
        return;
    float high = x[0];
    std::int64_t i = 0;
    if (count >= 8) {
        __m256 highs = _mm256_loadu_ps(x);
        for (i = 8; i + 8 <= count; i += 8)
            highs = _mm256_max_ps(highs, _mm256_loadu_ps(x + i));
        high = horizontalMax(highs);
    }
    for (; i < count; ++i)
        high = x[i] > high ? x[i] : high;

    const __m256 highs = all(high);
    __m256 sums = _mm256_setzero_ps();
    for (i = 0; i + 8 <= count; i += 8) {
        const __m256 value = exponential(_mm256_sub_ps(_mm256_loadu_ps(x + i), highs));
        sums = _mm256_add_ps(sums, value);
        _mm256_storeu_ps(y + i, value);
    }
    if (i < count) {
        const __m256i mask = laneMask(count - i);
        const __m256 value = exponential(_mm256_sub_ps(_mm256_maskload_ps(x + i, mask), highs));
        sums = _mm256_add_ps(sums, _mm256_and_ps(value, _mm256_castsi256_ps(mask)));
        _mm256_maskstore_ps(y + i, mask, value);
    }
    const __m256 factor = all(1.0F / horizontalSum(sums));
    inPlace(y, count, [factor](__m256 value) { return _mm256_mul_ps(value, factor); });
}

} // namespace edgeflex::avx2
