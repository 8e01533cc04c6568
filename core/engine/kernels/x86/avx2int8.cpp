#include "engine/kernels/x86/avx2kernels.h"

#include <immintrin.h>

namespace edgeflex::avx2 {

namespace {

constexpr int nearestEven = _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC;

// 8 values of x * inputScale from position i; beyond `count` they are 0.
template<bool Scaled>
__m256 loadScaled(const float *x, const float *inputScale, std::int64_t i, std::int64_t count)
{
    if (i + 8 <= count) {
        const __m256 value = _mm256_loadu_ps(x + i);
        return Scaled ? _mm256_mul_ps(value, _mm256_loadu_ps(inputScale + i)) : value;
    }
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(count - i)), lanes);
    const __m256 value = _mm256_maskload_ps(x + i, mask);
    return Scaled ? _mm256_mul_ps(value, _mm256_maskload_ps(inputScale + i, mask)) : value;
}

std::int64_t smaller(std::int64_t a, std::int64_t b)
{
    return a < b ? a : b;
}

float horizontalMax(__m256 value)
{
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(value), _mm256_extractf128_ps(value, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_movehdup_ps(half)));
}

template<bool Scaled>
RowQuantization quantize(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    __m256 lows = _mm256_setzero_ps();
    __m256 highs = _mm256_setzero_ps();
    __m256 taints = _mm256_setzero_ps(); // NaN once a value is NaN or infinite, else 0
    for (std::int64_t i = 0; i < count; i += 8) {
        const __m256 value = loadScaled<Scaled>(x, inputScale, i, count);
        lows = _mm256_min_ps(value, lows);
        highs = _mm256_max_ps(value, highs);
        taints = _mm256_add_ps(taints, _mm256_sub_ps(value, value));
    }
    if (_mm256_movemask_ps(_mm256_cmp_ps(taints, taints, _CMP_UNORD_Q)) != 0) {
        for (std::int64_t i = 0; i < count; ++i)
            q[i] = 0;
        return {__builtin_nanf(""), 0};
    }
    const float high = horizontalMax(highs);
    const float low = -horizontalMax(_mm256_sub_ps(_mm256_setzero_ps(), lows));
    float scale = (high - low) / 255.0F;
    if (scale < __FLT_MIN__)
        scale = 1; // all zero, or too near to it to be divided by
    __m128 zero = _mm_round_ss(_mm_setzero_ps(), _mm_set_ss(-low / scale), nearestEven);
    zero = _mm_min_ss(_mm_max_ss(zero, _mm_setzero_ps()), _mm_set_ss(255.0F));
    const float zeroPoint = _mm_cvtss_f32(zero);

    const __m256 scales = _mm256_set1_ps(scale);
    const __m256 zeroPoints = _mm256_set1_ps(zeroPoint);
    for (std::int64_t i = 0; i < count; i += 8) {
        const __m256 value = loadScaled<Scaled>(x, inputScale, i, count);
        const __m256 levels = _mm256_add_ps(_mm256_round_ps(_mm256_div_ps(value, scales), nearestEven), zeroPoints);
        const __m256i integers = _mm256_cvtps_epi32(levels);
        // Packing saturates to 0 and 255.
        const __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(integers), _mm256_extracti128_si256(integers, 1));
        const __m128i bytes = _mm_packus_epi16(words, words);
        if (i + 8 <= count) {
            _mm_storel_epi64(reinterpret_cast<__m128i *>(q + i), bytes);
        } else {
            alignas(16) std::uint8_t last[16];
            _mm_store_si128(reinterpret_cast<__m128i *>(last), bytes);
            for (std::int64_t j = 0; i + j < count; ++j)
                q[i + j] = last[j];
        }
    }
    return {scale, static_cast<std::int32_t>(zeroPoint)};
}

// Sums of the lanes of four accumulators.
__m128i sumLanes(__m256i a, __m256i b, __m256i c, __m256i d)
{
    const __m256i ab = _mm256_add_epi32(_mm256_unpacklo_epi32(a, b), _mm256_unpackhi_epi32(a, b));
    const __m256i cd = _mm256_add_epi32(_mm256_unpacklo_epi32(c, d), _mm256_unpackhi_epi32(c, d));
    const __m256i abcd = _mm256_add_epi32(_mm256_unpacklo_epi64(ab, cd), _mm256_unpackhi_epi64(ab, cd));
    return _mm_add_epi32(_mm256_castsi256_si128(abcd), _mm256_extracti128_si256(abcd, 1));
}

// Bytes are widened to 16 bits and multiplied with vpmaddwd, whose 32-bit pair sums cannot overflow;
// vpmaddubsw would be shorter but saturates.

// For few rows of x: Rows x Outputs dot products at a time, in registers, straight from the arrays.
template<int Rows, int Outputs>
void tile(const std::uint8_t *x, std::int64_t ldx, const std::int8_t *w, std::int64_t ldw, std::int64_t k, float *sums,
          std::int64_t ldsums)
{
    static_assert(Outputs <= 4);
    __m256i accumulators[Rows][4];
#pragma GCC unroll 4
    for (int row = 0; row < Rows; ++row)
#pragma GCC unroll 4
        for (int output = 0; output < 4; ++output)
            accumulators[row][output] = _mm256_setzero_si256();

    std::int64_t i = 0;
    for (; i + 16 <= k; i += 16) {
        __m256i values[Rows];
#pragma GCC unroll 4
        for (int row = 0; row < Rows; ++row)
            values[row] = _mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(x + row * ldx + i)));
#pragma GCC unroll 4
        for (int output = 0; output < Outputs; ++output) {
            const __m256i weights =
                _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i *>(w + output * ldw + i)));
#pragma GCC unroll 4
            for (int row = 0; row < Rows; ++row)
                accumulators[row][output] =
                    _mm256_add_epi32(accumulators[row][output], _mm256_madd_epi16(values[row], weights));
        }
    }
    if (i < k) { // the last 1 to 15 inputs, padded with zeros
        alignas(16) std::uint8_t lastX[Rows][16] = {};
        alignas(16) std::int8_t lastW[Outputs][16] = {};
        for (std::int64_t j = 0; i + j < k; ++j) {
            for (int row = 0; row < Rows; ++row)
                lastX[row][j] = x[row * ldx + i + j];
            for (int output = 0; output < Outputs; ++output)
                lastW[output][j] = w[output * ldw + i + j];
        }
#pragma GCC unroll 4
        for (int output = 0; output < Outputs; ++output) {
            const __m256i weights = _mm256_cvtepi8_epi16(_mm_load_si128(reinterpret_cast<__m128i *>(lastW[output])));
#pragma GCC unroll 4
            for (int row = 0; row < Rows; ++row) {
                const __m256i values = _mm256_cvtepu8_epi16(_mm_load_si128(reinterpret_cast<__m128i *>(lastX[row])));
                accumulators[row][output] =
                    _mm256_add_epi32(accumulators[row][output], _mm256_madd_epi16(values, weights));
            }
        }
    }
#pragma GCC unroll 4
    for (int row = 0; row < Rows; ++row) {
        const __m128 result = _mm_castsi128_ps(
            sumLanes(accumulators[row][0], accumulators[row][1], accumulators[row][2], accumulators[row][3]));
        float *to = sums + row * ldsums;
        if constexpr (Outputs == 4) {
            _mm_storeu_ps(to, result);
        } else {
            alignas(16) float lanes[4];
            _mm_store_ps(lanes, result);
            for (int output = 0; output < Outputs; ++output)
                to[output] = lanes[output];
        }
    }
}

template<int Rows>
void rowsOfTiles(const std::uint8_t *x, std::int64_t ldx, const std::int8_t *w, std::int64_t ldw, std::int64_t outputs,
                 std::int64_t k, float *sums, std::int64_t ldsums)
{
    std::int64_t output = 0;
    for (; output + 4 <= outputs; output += 4)
        tile<Rows, 4>(x, ldx, w + output * ldw, ldw, k, sums + output, ldsums);
    switch (outputs - output) {
    case 3:
        return tile<Rows, 3>(x, ldx, w + output * ldw, ldw, k, sums + output, ldsums);
    case 2:
        return tile<Rows, 2>(x, ldx, w + output * ldw, ldw, k, sums + output, ldsums);
    case 1:
        return tile<Rows, 1>(x, ldx, w + output * ldw, ldw, k, sums + output, ldsums);
    default:
        return;
    }
}

// For many rows: a block of x and a panel of W are widened into buffers that stay in the caches. A panel is
// [pairs of inputs][panelOutputs][2], so that one register holds a pair of inputs of 8 outputs and nothing
// is left to add across lanes.
constexpr std::int64_t panelOutputs = 16;
constexpr std::int64_t blockInputs = 256;
constexpr std::int64_t blockRows = 96;
constexpr int tileRows = 4; // 4 x 2 accumulators; with more the compiler spills

__m128i loadPadded(const void *from, std::int64_t bytes)
{
    if (bytes >= 16)
        return _mm_loadu_si128(static_cast<const __m128i *>(from));
    alignas(16) std::uint8_t padded[16] = {};
    for (std::int64_t i = 0; i < bytes; ++i)
        padded[i] = static_cast<const std::uint8_t *>(from)[i];
    return _mm_load_si128(reinterpret_cast<const __m128i *>(padded));
}

// One row of x in 16 bits, zeros up to the next multiple of 16.
void widen(const std::uint8_t *x, std::int64_t inputs, std::int16_t *to)
{
    for (std::int64_t i = 0; i < inputs; i += 16)
        _mm256_store_si256(reinterpret_cast<__m256i *>(to + i), _mm256_cvtepu8_epi16(loadPadded(x + i, inputs - i)));
}

// 16 inputs of 8 outputs: transposes pairs of bytes, then widens.
void packPairs(const __m128i (&rows)[8], std::int16_t *to)
{
    __m128i a[8];
    __m128i b[8];
    for (int i = 0; i < 4; ++i) { // rows 2i and 2i + 1
        a[i] = _mm_unpacklo_epi16(rows[2 * i], rows[2 * i + 1]);
        a[i + 4] = _mm_unpackhi_epi16(rows[2 * i], rows[2 * i + 1]);
    }
    for (int half = 0; half < 8; half += 4) { // pairs 0 to 3, then 4 to 7; rows 0 to 3 and 4 to 7
        b[half] = _mm_unpacklo_epi32(a[half], a[half + 1]);
        b[half + 1] = _mm_unpackhi_epi32(a[half], a[half + 1]);
        b[half + 2] = _mm_unpacklo_epi32(a[half + 2], a[half + 3]);
        b[half + 3] = _mm_unpackhi_epi32(a[half + 2], a[half + 3]);
    }
    const auto store = [to](std::int64_t pair, __m128i bytes) {
        _mm256_store_si256(reinterpret_cast<__m256i *>(to + pair * 2 * panelOutputs), _mm256_cvtepi8_epi16(bytes));
    };
    for (int half = 0; half < 8; half += 4) {
        store(half, _mm_unpacklo_epi64(b[half], b[half + 2]));
        store(half + 1, _mm_unpackhi_epi64(b[half], b[half + 2]));
        store(half + 2, _mm_unpacklo_epi64(b[half + 1], b[half + 3]));
        store(half + 3, _mm_unpackhi_epi64(b[half + 1], b[half + 3]));
    }
}

// A panel of up to panelOutputs outputs; those beyond `outputs` are zero.
void packPanel(const std::int8_t *w, std::int64_t ldw, std::int64_t outputs, std::int64_t inputs, std::int16_t *to)
{
    for (std::int64_t i = 0; i < inputs; i += 16) {
        for (std::int64_t first = 0; first < panelOutputs; first += 8) {
            __m128i rows[8];
            for (std::int64_t row = 0; row < 8; ++row)
                rows[row] =
                    first + row < outputs ? loadPadded(w + (first + row) * ldw + i, inputs - i) : _mm_setzero_si128();
            packPairs(rows, to + i * panelOutputs + 2 * first);
        }
    }
}

// Adds to `sums`, or where `start` is set writes, Rows x outputs products over `pairs` pairs of inputs.
template<int Rows>
void packedTile(const std::int16_t *x, const std::int16_t *panel, std::int64_t pairs, std::int64_t outputs, bool start,
                float *sums, std::int64_t ldsums)
{
    __m256i accumulators[Rows][2];
#pragma GCC unroll 4
    for (int row = 0; row < Rows; ++row)
        accumulators[row][0] = accumulators[row][1] = _mm256_setzero_si256();
    for (std::int64_t pair = 0; pair < pairs; ++pair) {
        const auto *weights = reinterpret_cast<const __m256i *>(panel + pair * 2 * panelOutputs);
        const __m256i left = _mm256_load_si256(weights);
        const __m256i right = _mm256_load_si256(weights + 1);
#pragma GCC unroll 4
        for (int row = 0; row < Rows; ++row) {
            const __m256i value = _mm256_castps_si256(
                _mm256_broadcast_ss(reinterpret_cast<const float *>(x + row * blockInputs + 2 * pair)));
            accumulators[row][0] = _mm256_add_epi32(accumulators[row][0], _mm256_madd_epi16(value, left));
            accumulators[row][1] = _mm256_add_epi32(accumulators[row][1], _mm256_madd_epi16(value, right));
        }
    }
    const __m256i lanes = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
#pragma GCC unroll 2
    for (int half = 0; half < 2; ++half) {
        const __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(outputs) - 8 * half), lanes);
#pragma GCC unroll 4
        for (int row = 0; row < Rows; ++row) {
            float *to = sums + row * ldsums + 8 * half;
            __m256i sum = accumulators[row][half];
            if (!start)
                sum = _mm256_add_epi32(sum, _mm256_castps_si256(_mm256_maskload_ps(to, mask)));
            _mm256_maskstore_ps(to, mask, _mm256_castsi256_ps(sum));
        }
    }
}

void packedTileOf(std::int64_t rows, const std::int16_t *x, const std::int16_t *panel, std::int64_t pairs,
                  std::int64_t outputs, bool start, float *sums, std::int64_t ldsums)
{
    constexpr decltype(&packedTile<1>) tiles[tileRows] = {packedTile<1>, packedTile<2>, packedTile<3>, packedTile<4>};
    tiles[rows - 1](x, panel, pairs, outputs, start, sums, ldsums);
}

void packedProducts(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const std::int8_t *w, std::int64_t ldw,
                    std::int64_t outputs, std::int64_t k, float *sums, std::int64_t ldsums)
{
    alignas(64) std::int16_t values[blockRows * blockInputs]; // 48 KiB
    alignas(64) std::int16_t panel[panelOutputs * blockInputs];
    // Blocks of equal size, so that packing is not repeated for a few last rows.
    const std::int64_t blocks = (rows + blockRows - 1) / blockRows;
    const std::int64_t rowsOfBlock = ((rows + blocks - 1) / blocks + tileRows - 1) / tileRows * tileRows;
    for (std::int64_t firstRow = 0; firstRow < rows; firstRow += rowsOfBlock) {
        const std::int64_t count = smaller(rowsOfBlock, rows - firstRow);
        for (std::int64_t input = 0; input < k; input += blockInputs) {
            const std::int64_t inputs = smaller(blockInputs, k - input);
            for (std::int64_t row = 0; row < count; ++row)
                widen(x + (firstRow + row) * ldx + input, inputs, values + row * blockInputs);
            for (std::int64_t output = 0; output < outputs; output += panelOutputs) {
                const std::int64_t width = smaller(panelOutputs, outputs - output);
                packPanel(w + output * ldw + input, ldw, width, inputs, panel);
                for (std::int64_t row = 0; row < count; row += tileRows)
                    packedTileOf(smaller(tileRows, count - row), values + row * blockInputs, panel, (inputs + 1) / 2,
                                 width, input == 0, sums + (firstRow + row) * ldsums + output, ldsums);
            }
        }
    }
}

} // namespace

RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    return inputScale ? quantize<true>(x, inputScale, count, q) : quantize<false>(x, inputScale, count, q);
}

void int8Products(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const std::int8_t *w, std::int64_t ldw,
                  std::int64_t outputs, std::int64_t k, float *sums, std::int64_t ldsums)
{
    constexpr std::int64_t fewRows = 8; // packing the weights does not pay
    if (rows >= fewRows)
        return packedProducts(x, ldx, rows, w, ldw, outputs, k, sums, ldsums);
    std::int64_t row = 0;
    for (; row + 2 <= rows; row += 2)
        rowsOfTiles<2>(x + row * ldx, ldx, w, ldw, outputs, k, sums + row * ldsums, ldsums);
    if (row < rows)
        rowsOfTiles<1>(x + row * ldx, ldx, w, ldw, outputs, k, sums + row * ldsums, ldsums);
}

void dequantizeRow(const RowQuantization &row, std::int64_t count, const float *scales, const std::int32_t *columnSums,
                   const float *bias, float *sums)
{
    const __m256i zeroPoints = _mm256_set1_epi32(row.zeroPoint);
    const __m256 rowScales = _mm256_set1_ps(row.scale);
    std::int64_t n = 0;
    for (; n + 8 <= count; n += 8) {
        const __m256i corrections =
            _mm256_mullo_epi32(zeroPoints, _mm256_loadu_si256(reinterpret_cast<const __m256i *>(columnSums + n)));
        const __m256i sum = _mm256_sub_epi32(_mm256_castps_si256(_mm256_loadu_ps(sums + n)), corrections);
        __m256 value = _mm256_mul_ps(_mm256_loadu_ps(scales + n), _mm256_cvtepi32_ps(sum));
        value = _mm256_mul_ps(rowScales, value);
        if (bias)
            value = _mm256_add_ps(value, _mm256_loadu_ps(bias + n));
        _mm256_storeu_ps(sums + n, value);
    }
    for (; n < count; ++n) {
        std::int32_t sum;
        __builtin_memcpy(&sum, sums + n, sizeof sum);
        const float value = row.scale * (scales[n] * static_cast<float>(sum - row.zeroPoint * columnSums[n]));
        sums[n] = bias ? value + bias[n] : value;
    }
}

} // namespace edgeflex::avx2
