#include "engine/kernels/x86/avx2kernels.h"

#include <cpuid.h>

namespace edgeflex::avx2 {

namespace {

// Clang before 15 has no name for it in __builtin_cpu_supports.
bool supportsF16c()
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

} // namespace

bool supported()
{
    static const bool value = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && supportsF16c();
    return value;
}

const SimdKernels &kernels()
{
    static const SimdKernels set{
        .name = "AVX2",
        .int8DotProduct = false,
        .halfToFloat = halfToFloat,
        .floatToHalf = floatToHalf,
        .bfloat16ToFloat = bfloat16ToFloat,
        .floatToBfloat16 = floatToBfloat16,
        .unpackInt4 = unpackInt4,
        .unpackInt4Panel = unpackInt4Panel,
        .quantizeRow = quantizeRow,
        .floatPanel = floatPanel,
        .bfloat16Panel = nullptr,
        .packBfloat16Rows = nullptr,
        .packBfloat16Columns = nullptr,
        .bfloat16Exponentials = nullptr,
        .int8Panel = int8Panel,
        .transpose = portableKernels().transpose, // a small part of attention
        .gelu = gelu,
        .geluTanh = geluTanh,
        .quickGelu = quickGelu,
        .layerNormRow = layerNormRow,
        .softmaxRow = softmaxRow,
        .exponentials = exponentials,
        .scale = scale,
    };
    return set;
}

} // namespace edgeflex::avx2
