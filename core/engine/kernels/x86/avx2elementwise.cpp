#include "engine/kernels/x86/avx2kernels.h"
#include "engine/kernels/x86/avx2vector.h"
#include "engine/kernels/x86/vectormath.h"

namespace edgeflex::avx2 {

RowQuantization quantizeRow(const float *x, const float *inputScale, std::int64_t count, std::uint8_t *q)
{
    return vectormath::quantizeRow<Avx2>(x, inputScale, count, q);
}

void gelu(float *x, std::int64_t count)
{
    vectormath::gelu<Avx2>(x, count);
}

void geluTanh(float *x, std::int64_t count)
{
    vectormath::geluTanh<Avx2>(x, count);
}

void quickGelu(float *x, std::int64_t count)
{
    vectormath::quickGelu<Avx2>(x, count);
}

void layerNormRow(const float *x, std::int64_t count, const float *gamma, const float *beta, float eps, float *y)
{
    vectormath::layerNormRow<Avx2>(x, count, gamma, beta, eps, y);
}

void softmaxRow(const float *x, std::int64_t count, float *y)
{
    vectormath::softmaxRow<Avx2>(x, count, y);
}

float exponentials(const float *x, std::int64_t count, float *y)
{
    return vectormath::exponentials<Avx2>(x, count, y);
}

void scale(float *x, std::int64_t count, float factor)
{
    vectormath::scale<Avx2>(x, count, factor);
}

} // namespace edgeflex::avx2
