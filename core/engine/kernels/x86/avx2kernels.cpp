#include "engine/kernels/x86/avx2kernels.h"

namespace edgeflex::avx2 {

bool supported()
{
    static const bool value =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
    return value;
}

const SimdKernels &kernels()
{
    static const SimdKernels set{
        .name = "AVX2",
        .halfToFloat = halfToFloat,
        .floatToHalf = floatToHalf,
        .bfloat16ToFloat = bfloat16ToFloat,
        .floatToBfloat16 = floatToBfloat16,
        .unpackInt4 = unpackInt4,
        .quantizeRow = quantizeRow,
        .int8Products = int8Products,
        .dequantizeRow = dequantizeRow,
        .gelu = gelu,
        .geluTanh = geluTanh,
        .quickGelu = quickGelu,
        .layerNormRow = layerNormRow,
        .softmaxRow = softmaxRow,
    };
    return set;
}

} // namespace edgeflex::avx2
