#include "engine/kernels/x86/avx512kernels.h"

#include "engine/kernels/x86/avx2kernels.h"

#include <cpuid.h>

namespace edgeflex::avx512 {

namespace {

// Clang before 15 has no name for it in __builtin_cpu_supports.
bool supportsBfloat16()
{
    unsigned a = 0;
    unsigned b = 0;
    unsigned c = 0;
    unsigned d = 0;
    constexpr unsigned bit = 1U << 5; // leaf 7, subleaf 1, EAX
    return __get_cpuid_count(7, 1, &a, &b, &c, &d) != 0 && (a & bit) != 0;
}

} // namespace

bool supported()
{
    static const bool value = avx2::supported() && __builtin_cpu_supports("avx512f") &&
                              __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
                              __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vnni");
    return value;
}

const SimdKernels &kernels()
{
    static const bool bfloat16 = supportsBfloat16();
    static const SimdKernels set{
        .name = bfloat16 ? "AVX-512 BF16" : "AVX-512 VNNI",
        .int8DotProduct = true,
        .halfToFloat = halfToFloat,
        .floatToHalf = avx2::floatToHalf, // these wait for memory in either
        .bfloat16ToFloat = avx2::bfloat16ToFloat,
        .floatToBfloat16 = floatToBfloat16,
        .unpackInt4 = avx2::unpackInt4,
        .unpackInt4Panel = unpackInt4Panel,
        .quantizeRow = quantizeRow,
        .floatPanel = floatPanel,
        .bfloat16Panel = bfloat16 ? bfloat16Panel : nullptr,
        .packBfloat16Rows = bfloat16 ? packBfloat16Rows : nullptr,
        .packBfloat16Columns = bfloat16 ? packBfloat16Columns : nullptr,
        .bfloat16Exponentials = bfloat16 ? bfloat16Exponentials : nullptr,
        .int8Panel = int8Panel,
        .transpose = transpose,
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

} // namespace edgeflex::avx512
