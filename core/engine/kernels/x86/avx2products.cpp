#include "engine/kernels/x86/avx2kernels.h"
#include "engine/kernels/x86/avx2vector.h"

#include <immintrin.h>

namespace edgeflex::avx2 {

namespace {

std::int64_t smaller(std::int64_t a, std::int64_t b)
{
    return a < b ? a : b;
}

// Writes 8 outputs of one row where they go, but for the activation.
void finish(__m256 value, std::int64_t row, std::int64_t output, std::int64_t width, const PanelOutput &to)
{
    float *y = to.y + row * to.stride + output;
    const std::int64_t count = width - output;
    if (to.bias)
        value = _mm256_add_ps(value, Avx2::loadFirst(to.bias + output, count));
    if (to.accumulate)
        value = _mm256_add_ps(value, Avx2::loadFirst(y, count));
    Avx2::storeFirst(y, count, value);
}

void activate(std::int64_t rows, std::int64_t width, const PanelOutput &to)
{
    if (to.activation)
        for (std::int64_t row = 0; row < rows; ++row)
            to.activation(to.y + row * to.stride, width);
}

// Rows x 16 sums from output `first` on; 6 rows fill the registers.
constexpr std::int64_t floatRows = 6;

template<int Rows>
void floatTile(const float *x, std::int64_t ldx, std::int64_t firstRow, const float *panel, std::int64_t ldpanel,
               std::int64_t first, std::int64_t width, std::int64_t k, const PanelOutput &to)
{
    __m256 sums[Rows][2];
#pragma GCC unroll 6
    for (int row = 0; row < Rows; ++row)
        sums[row][0] = sums[row][1] = _mm256_setzero_ps();
    const bool whole = width - first >= 16;
    for (std::int64_t i = 0; i < k; ++i) {
        const float *weights = panel + i * ldpanel + first;
        const __m256 left = whole ? _mm256_loadu_ps(weights) : Avx2::loadFirst(weights, width - first);
        const __m256 right = whole ? _mm256_loadu_ps(weights + 8) : Avx2::loadFirst(weights + 8, width - first - 8);
#pragma GCC unroll 6
        for (int row = 0; row < Rows; ++row) {
            const __m256 value = _mm256_broadcast_ss(x + row * ldx + i);
            sums[row][0] = _mm256_fmadd_ps(value, left, sums[row][0]);
            sums[row][1] = _mm256_fmadd_ps(value, right, sums[row][1]);
        }
    }
#pragma GCC unroll 6
    for (int row = 0; row < Rows; ++row) {
        finish(sums[row][0], firstRow + row, first, width, to);
        finish(sums[row][1], firstRow + row, first + 8, width, to);
    }
}

// 8-bit numbers are widened to 16 bits and multiplied with vpmaddwd, whose 32-bit pair sums cannot overflow;
// vpmaddubsw would be shorter but saturates. A block of x and a part of a panel are widened into buffers that stay
// in the caches; the part is then [pairs of inputs][panelOutputs][2].
constexpr std::int64_t blockInputs = 256;
constexpr std::int64_t blockRows = 96;
constexpr int int8Rows = 4; // 4 x 2 accumulators; with more the compiler spills

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

// Quads of inputs of a panel in 16 bits, missing outputs 0.
void widenPanel(const std::int8_t *panel, std::int64_t width, std::int64_t quads, std::int16_t *to)
{
    for (std::int64_t quad = 0; quad < quads; ++quad) {
        for (std::int64_t first = 0; first < panelOutputs; first += 8) {
            const __m256i bytes = _mm256_castps_si256(
                Avx2::loadFirst(reinterpret_cast<const float *>(panel + 4 * (quad * width + first)), width - first));
            // Of each output the inputs 0 and 2, and 1 and 3.
            const __m256i even = _mm256_srai_epi16(_mm256_slli_epi16(bytes, 8), 8);
            const __m256i odd = _mm256_srai_epi16(bytes, 8);
            std::int16_t *pair = to + 2 * (2 * quad * panelOutputs + first);
            _mm256_store_si256(reinterpret_cast<__m256i *>(pair),
                               _mm256_blend_epi16(even, _mm256_slli_epi32(odd, 16), 0xaa));
            _mm256_store_si256(reinterpret_cast<__m256i *>(pair + 2 * panelOutputs),
                               _mm256_blend_epi16(_mm256_srli_epi32(even, 16), odd, 0xaa));
        }
    }
}

// Adds Rows x 16 products over `pairs` pairs of inputs to `sums`, rows of panelOutputs.
template<int Rows>
void int8Tile(const std::int16_t *x, const std::int16_t *panel, std::int64_t pairs, std::int32_t *sums)
{
    auto *to = reinterpret_cast<__m256i *>(sums);
    __m256i accumulators[Rows][2];
#pragma GCC unroll 4
    for (int row = 0; row < Rows; ++row)
        for (int half = 0; half < 2; ++half)
            accumulators[row][half] = _mm256_load_si256(to + row * (panelOutputs / 8) + half);
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
#pragma GCC unroll 4
    for (int row = 0; row < Rows; ++row)
        for (int half = 0; half < 2; ++half)
            _mm256_store_si256(to + row * (panelOutputs / 8) + half, accumulators[row][half]);
}

} // namespace

void floatPanel(const float *x, std::int64_t ldx, std::int64_t rows, const float *panel, std::int64_t ldpanel,
                std::int64_t width, std::int64_t k, const PanelOutput &to)
{
    constexpr decltype(&floatTile<1>) tiles[floatRows] = {floatTile<1>, floatTile<2>, floatTile<3>,
                                                          floatTile<4>, floatTile<5>, floatTile<6>};
    for (std::int64_t first = 0; first < width; first += 16)
        for (std::int64_t row = 0; row < rows; row += floatRows)
            tiles[smaller(floatRows, rows - row) - 1](x + row * ldx, ldx, row, panel, ldpanel, first, width, k, to);
    activate(rows, width, to);
}

void int8Panel(const std::uint8_t *x, std::int64_t ldx, std::int64_t rows, const RowQuantization *rowsOfX,
               const std::int8_t *panel, std::int64_t width, std::int64_t quads, const float *scales,
               const std::int32_t *columnSums, const PanelOutput &to)
{
    constexpr decltype(&int8Tile<1>) tiles[int8Rows] = {int8Tile<1>, int8Tile<2>, int8Tile<3>, int8Tile<4>};
    alignas(64) std::int16_t values[blockRows * blockInputs]; // 48 KiB
    alignas(64) std::int16_t wide[panelOutputs * blockInputs];
    alignas(64) std::int32_t sums[blockRows * panelOutputs];
    for (std::int64_t firstRow = 0; firstRow < rows; firstRow += blockRows) {
        const std::int64_t count = smaller(blockRows, rows - firstRow);
        for (std::int64_t i = 0; i < count * panelOutputs; ++i)
            sums[i] = 0;
        for (std::int64_t input = 0; input < 4 * quads; input += blockInputs) {
            const std::int64_t inputs = smaller(blockInputs, 4 * quads - input);
            for (std::int64_t row = 0; row < count; ++row)
                widen(x + (firstRow + row) * ldx + input, inputs, values + row * blockInputs);
            widenPanel(panel + input * width, width, inputs / 4, wide);
            for (std::int64_t first = 0; first < width; first += 16)
                for (std::int64_t row = 0; row < count; row += int8Rows)
                    tiles[smaller(int8Rows, count - row) - 1](values + row * blockInputs, wide + 2 * first, inputs / 2,
                                                              sums + row * panelOutputs + first);
        }
        for (std::int64_t row = 0; row < count; ++row) {
            const RowQuantization &quantization = rowsOfX[firstRow + row];
            for (std::int64_t n = 0; n < width; n += 8) {
                const __m256i columns =
                    _mm256_castps_si256(Avx2::loadFirst(reinterpret_cast<const float *>(columnSums + n), width - n));
                const __m256i sum = _mm256_sub_epi32(
                    _mm256_load_si256(reinterpret_cast<const __m256i *>(sums + row * panelOutputs + n)),
                    _mm256_mullo_epi32(_mm256_set1_epi32(quantization.zeroPoint), columns));
                const __m256 value = _mm256_mul_ps(Avx2::loadFirst(scales + n, width - n), _mm256_cvtepi32_ps(sum));
                finish(_mm256_mul_ps(_mm256_set1_ps(quantization.scale), value), firstRow + row, n, width, to);
            }
        }
    }
    activate(rows, width, to);
}

} // namespace edgeflex::avx2
