#pragma once

#include "engine/kernels/simdkernels.h"
#include "engine/kernels/x86/avx512vector.h"

#include <immintrin.h>

// The products of a panel in 512-bit registers, for any kind of number. Included by files that are compiled for
// these instructions only, hence without functions of the standard library (see avx2kernels.h).
namespace edgeflex::avx512 {

inline constexpr int mostTileRows = 12; // 12 x 2 accumulators leave registers for a panel's row and one value of x

// 4 bytes a step of each row of a tile. Three moving pointers and multiples of the stride reach 12 rows, which
// twelve pointers would not without running out of registers.
template<int Rows>
class RowReader
{
public:
    RowReader(const void *x, std::int64_t strideBytes)
        : m_first(static_cast<const char *>(x)),
          m_second(m_first + 4 * strideBytes),
          m_third(m_first + 8 * strideBytes),
          m_stride(strideBytes),
          m_threeStrides(3 * strideBytes)
    {
    }
    template<int Row>
    const char *at() const
    {
        const char *group = Row < 4 ? m_first : Row < 8 ? m_second : m_third;
        return Row % 4 == 0   ? group
               : Row % 4 == 1 ? group + m_stride
               : Row % 4 == 2 ? group + 2 * m_stride
                              : group + m_threeStrides;
    }
    void advance()
    {
        m_first += 4;
        if constexpr (Rows > 4)
            m_second += 4;
        if constexpr (Rows > 8)
            m_third += 4;
    }

private:
    const char *m_first;
    const char *m_second;
    const char *m_third;
    std::int64_t m_stride;
    std::int64_t m_threeStrides;
};

// A kind of product has
//   using Sum = a register of sums;  static Sum zero();
//   static Sum multiplyAdd(Sum, const void *fourBytesOfX, const Weights &);
//   using Weights = a register; static Weights load(__mmask16, const void *);
//   __m512 finish(Sum, int row, std::int64_t output, __mmask16) const: the value without bias.
template<typename Kind, int Rows, int Vectors, int Row = 0>
inline void multiplyRows(typename Kind::Sum (&sums)[Rows][Vectors], const RowReader<Rows> &x,
                         const typename Kind::Weights (&weights)[Vectors])
{
    const auto value = Kind::broadcast(x.template at<Row>());
    for (int vector = 0; vector < Vectors; ++vector)
        sums[Row][vector] = Kind::multiplyAdd(sums[Row][vector], value, weights[vector]);
    if constexpr (Row + 1 < Rows)
        multiplyRows<Kind, Rows, Vectors, Row + 1>(sums, x, weights);
}

// Weights to be fetched while others are multiplied: one prefetch a step, so that reading a layer from memory is
// spread over the whole time that it is multiplied, which no prefetcher of the hardware does.
struct Ahead
{
    const char *at;
    std::int64_t step; // bytes
};

// `steps` groups of inputs, each of 4 bytes an output, `panelStride` bytes apart.
template<typename Kind, int Rows, int Vectors>
void tile(const Kind &kind, const void *x, std::int64_t strideBytes, const void *panel, std::int64_t panelStride,
          std::int64_t width, std::int64_t steps, Ahead ahead, const PanelOutput &to)
{
    __mmask16 masks[Vectors];
    typename Kind::Sum sums[Rows][Vectors];
    for (int vector = 0; vector < Vectors; ++vector)
        masks[vector] = lanesBelow(width - 16 * vector);
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row)
        for (int vector = 0; vector < Vectors; ++vector)
            sums[row][vector] = Kind::zero();
    RowReader<Rows> reader(x, strideBytes);
    const char *group = static_cast<const char *>(panel);
    for (std::int64_t step = 0; step < steps; ++step) {
        typename Kind::Weights weights[Vectors];
        for (int vector = 0; vector < Vectors; ++vector)
            weights[vector] = Kind::load(masks[vector], group + 64 * vector);
        multiplyRows<Kind, Rows, Vectors>(sums, reader, weights);
        reader.advance();
        group += panelStride;
        _mm_prefetch(ahead.at, _MM_HINT_T1);
        ahead.at += ahead.step;
    }
#pragma GCC unroll 12
    for (int row = 0; row < Rows; ++row) {
        float *y = to.y + row * to.stride;
        for (int vector = 0; vector < Vectors; ++vector) {
            const __mmask16 mask = masks[vector];
            __m512 value = kind.finish(sums[row][vector], row, 16 * vector, mask);
            if (to.bias)
                value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, to.bias + 16 * vector));
            if (to.accumulate)
                value = _mm512_add_ps(value, _mm512_maskz_loadu_ps(mask, y + 16 * vector));
            _mm512_mask_storeu_ps(y + 16 * vector, mask, value);
        }
    }
    if (to.activation)
        for (int row = 0; row < Rows; ++row)
            to.activation(to.y + row * to.stride, width);
}

// Tiles of nearly equal numbers of rows, so that none is too small to hide the multiplier's latency.
template<typename Kind, int Vectors>
void panelProducts(Kind kind, const void *x, std::int64_t strideBytes, std::int64_t rows, const void *panel,
                   std::int64_t panelStride, std::int64_t width, std::int64_t steps, PanelOutput to)
{
    using Tile = decltype(&tile<Kind, 1, Vectors>);
    static constexpr Tile tiles[mostTileRows] = {
        tile<Kind, 1, Vectors>, tile<Kind, 2, Vectors>,  tile<Kind, 3, Vectors>,  tile<Kind, 4, Vectors>,
        tile<Kind, 5, Vectors>, tile<Kind, 6, Vectors>,  tile<Kind, 7, Vectors>,  tile<Kind, 8, Vectors>,
        tile<Kind, 9, Vectors>, tile<Kind, 10, Vectors>, tile<Kind, 11, Vectors>, tile<Kind, 12, Vectors>};
    const char *first = static_cast<const char *>(x);
    const std::int64_t tileCount = (rows + mostTileRows - 1) / mostTileRows;
    Ahead ahead{static_cast<const char *>(to.next ? to.next : panel), 0};
    if (to.next && steps > 0)
        ahead.step = (to.nextBytes + tileCount * steps - 1) / (tileCount * steps);
    for (std::int64_t left = tileCount; left > 0; --left) {
        const std::int64_t count = (rows + left - 1) / left;
        tiles[count - 1](kind, first, strideBytes, panel, panelStride, width, steps, ahead, to);
        ahead.at += steps * ahead.step;
        rows -= count;
        first += count * strideBytes;
        to.y += count * to.stride;
        kind.skipRows(count);
    }
}

template<typename Kind>
void panelProducts(const Kind &kind, const void *x, std::int64_t strideBytes, std::int64_t rows, const void *panel,
                   std::int64_t panelStride, std::int64_t width, std::int64_t steps, const PanelOutput &to)
{
    if (width > 16)
        panelProducts<Kind, 2>(kind, x, strideBytes, rows, panel, panelStride, width, steps, to);
    else
        panelProducts<Kind, 1>(kind, x, strideBytes, rows, panel, panelStride, width, steps, to);
}

} // namespace edgeflex::avx512
