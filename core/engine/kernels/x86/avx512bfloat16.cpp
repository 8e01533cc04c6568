#include "engine/kernels/x86/avx512kernels.h"
#include "engine/kernels/x86/avx512products.h"

namespace edgeflex::avx512 {

namespace {

struct Bfloat16Product
{
    using Sum = __m512;
    using Weights = __m512i;
    static Sum zero() { return _mm512_setzero_ps(); }
    static Weights load(__mmask16 mask, const void *from) { return _mm512_maskz_loadu_epi32(mask, from); }
    static __m512i broadcast(const char *x)
    {
        std::int32_t pair;
        __builtin_memcpy(&pair, x, sizeof pair);
        return _mm512_set1_epi32(pair);
    }
    static Sum multiplyAdd(Sum sum, __m512i value, Weights weights)
    {
        return _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(value), reinterpret_cast<__m512bh>(weights));
    }
    __m512 finish(Sum sum, int, std::int64_t, __mmask16) const { return sum; }
    void skipRows(std::int64_t) {}
};

} // namespace

void bfloat16Panel(const std::uint16_t *x, std::int64_t ldx, std::int64_t rows, const std::uint16_t *panel,
                   std::int64_t width, std::int64_t pairs, const PanelOutput &to)
{
    panelProducts(Bfloat16Product{}, x, 2 * ldx, rows, panel, 4 * width, width, pairs, to);
}

} // namespace edgeflex::avx512
