#include "engine/kernels/x86/avx2kernels.h"
#include "engine/kernels/x86/avx2vector.h"

#include <immintrin.h>

namespace edgeflex::avx2 {

namespace {

constexpr int nearestEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

__m128i load16(const void *from)
{
    return _mm_loadu_si128(static_cast<const __m128i *>(from));
}

__m256 widen(__m128i bfloat16)
{
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bfloat16), 16));
}

// The upper halves of 8 floats, rounded to nearest even, NaN kept NaN.
__m128i narrow(__m256 value)
{
    const __m256i bits = _mm256_castps_si256(value);
    const __m256i odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    const __m256i rounded =
        _mm256_srli_epi32(_mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff))), 16);
    const __m256i quiet = _mm256_or_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(0x40));
    const __m256i isNan = _mm256_castps_si256(_mm256_cmp_ps(value, value, _CMP_UNORD_Q));
    const __m256i result = _mm256_blendv_epi8(rounded, quiet, isNan);
    return _mm_packus_epi32(_mm256_castsi256_si128(result), _mm256_extracti128_si256(result, 1));
}

// Runs `step` on 8 values at a time; the last few go through a padded copy.
template<typename From, typename To, typename Step>
void convert(const From *from, std::int64_t count, To *to, Step step)
{
    std::int64_t i = 0;
    for (; i + 8 <= count; i += 8)
        step(from + i, to + i);
    if (i == count)
        return;
    From last[8] = {};
    To converted[8];
    for (std::int64_t j = 0; i + j < count; ++j)
        last[j] = from[i + j];
    step(last, converted);
    for (std::int64_t j = 0; i + j < count; ++j)
        to[i + j] = converted[j];
}

} // namespace

void halfToFloat(const std::uint16_t *from, std::int64_t count, float *to)
{
    convert(from, count, to,
            [](const std::uint16_t *in, float *out) { _mm256_storeu_ps(out, _mm256_cvtph_ps(load16(in))); });
}

void floatToHalf(const float *from, std::int64_t count, std::uint16_t *to)
{
    convert(from, count, to, [](const float *in, std::uint16_t *out) {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(out), _mm256_cvtps_ph(_mm256_loadu_ps(in), nearestEven));
    });
}

void bfloat16ToFloat(const std::uint16_t *from, std::int64_t count, float *to)
{
    convert(from, count, to, [](const std::uint16_t *in, float *out) { _mm256_storeu_ps(out, widen(load16(in))); });
}

void floatToBfloat16(const float *from, std::int64_t count, std::uint16_t *to)
{
    convert(from, count, to, [](const float *in, std::uint16_t *out) {
        _mm_storeu_si128(reinterpret_cast<__m128i *>(out), narrow(_mm256_loadu_ps(in)));
    });
}

void unpackInt4(const std::uint8_t *from, std::int64_t count, float scale, float zeroPoint, float *to)
{
    const __m256 scales = _mm256_set1_ps(scale);
    const __m256 zeroPoints = _mm256_set1_ps(zeroPoint);
    const __m128i lowNibbles = _mm_set1_epi8(0xf);
    const auto store8 = [&](__m128i q, float *out) {
        const __m256 levels = _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(q));
        _mm256_storeu_ps(out, _mm256_mul_ps(scales, _mm256_sub_ps(levels, zeroPoints)));
    };
    std::int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const __m128i packed = _mm_loadl_epi64(reinterpret_cast<const __m128i *>(from + i / 2));
        const __m128i even = _mm_and_si128(packed, lowNibbles);
        const __m128i odd = _mm_and_si128(_mm_srli_epi16(packed, 4), lowNibbles);
        const __m128i levels = _mm_unpacklo_epi8(even, odd);
        store8(levels, to + i);
        store8(_mm_srli_si128(levels, 8), to + i + 8);
    }
    for (; i < count; ++i) {
        const int q = (from[i / 2] >> (i % 2 * 4)) & 0xf;
        to[i] = scale * (static_cast<float>(q) - zeroPoint);
    }
}

void unpackInt4Panel(const std::uint8_t *values, std::int64_t inputs, std::int64_t width, const std::uint16_t *scales,
                     const std::uint8_t *zeroPoints, float *to)
{
    const std::int64_t half = (width + 1) / 2;
    float scale[panelOutputs];
    halfToFloat(scales, width, scale);
    // 8 outputs at a time: those of the low nibbles from 0 on, those of the high ones from `half` on.
    for (std::int64_t first = 0; first < half; first += 8) {
        const std::int64_t lows = half - first;
        const std::int64_t highs = width - half - first;
        const auto load = [lows](const std::uint8_t *from) {
            if (lows >= 8)
                return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(from)));
            alignas(8) std::uint8_t bytes[8] = {};
            for (std::int64_t i = 0; i < lows; ++i)
                bytes[i] = from[i];
            return _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i *>(bytes)));
        };
        const auto lowLevels = [](__m256i packed) {
            return _mm256_cvtepi32_ps(_mm256_and_si256(packed, _mm256_set1_epi32(15)));
        };
        const auto highLevels = [](__m256i packed) {
            return _mm256_cvtepi32_ps(_mm256_srli_epi32(packed, 4));
        };
        const __m256 lowScales = Avx2::loadFirst(scale + first, lows);
        const __m256 highScales = Avx2::loadFirst(scale + half + first, highs);
        const __m256 lowZeroPoints = lowLevels(load(zeroPoints + first));
        const __m256 highZeroPoints = highLevels(load(zeroPoints + first));
        for (std::int64_t i = 0; i < inputs; ++i) {
            const __m256i packed = load(values + i * half + first);
            float *row = to + i * width + first;
            Avx2::storeFirst(row, lows, _mm256_mul_ps(lowScales, _mm256_sub_ps(lowLevels(packed), lowZeroPoints)));
            Avx2::storeFirst(row + half, highs,
                             _mm256_mul_ps(highScales, _mm256_sub_ps(highLevels(packed), highZeroPoints)));
        }
    }
}

} // namespace edgeflex::avx2
