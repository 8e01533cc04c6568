#include "engine/kernels/linearweights.h"

#include "engine/kernels/linearint4.h"
#include "engine/kernels/simdkernels.h"
#include "plan/error.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace edgeflex {

namespace {

using Shape = std::vector<std::int64_t>;

std::string shapeText(const Shape &shape)
{
    std::string text = "[";
    for (const std::int64_t extent : shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + "]";
}

void requireArray(const LinearSpec &spec, const char *what, const Tensor &array, DType dtype, const Shape &shape)
{
    const std::string expected = std::string(toString(dtype)) + " " + shapeText(shape);
    if (array.empty())
        throw Error("layer \"" + spec.name + "\" lacks its " + what + ", " + expected + "; re-export the checkpoint");
    if (array.dtype() != dtype || array.shape() != shape)
        throw Error("the " + std::string(what) + " of layer \"" + spec.name + "\" are " +
                    std::string(toString(array.dtype())) + " " + array.shapeText() + " instead of " + expected +
                    "; re-export the checkpoint");
}

void requireNoArray(const LinearSpec &spec, const char *what, const Tensor &array)
{
    if (!array.empty())
        throw Error("layer \"" + spec.name + "\" has " + what + " that its description does not mention; " +
                    "re-export the checkpoint");
}

DType valuesType(NumberFormat format)
{
    switch (format) {
    case NumberFormat::Fp32:
        return DType::F32;
    case NumberFormat::Fp16:
        return DType::F16;
    case NumberFormat::Bf16:
        return DType::BF16;
    case NumberFormat::Int8:
        return DType::I8;
    case NumberFormat::Int4:
        return DType::U8;
    }
    throw std::logic_error("unknown number format");
}

// A copy whose values are aligned; files give no alignment.
Tensor aligned(const Tensor &tensor, std::size_t bytes)
{
    return reinterpret_cast<std::uintptr_t>(tensor.raw()) % bytes == 0 ? tensor : tensor.clone();
}

// Runs `convert` from `from` to `to`, both with `count` values, in blocks over the threads.
template<typename From, typename To>
void convertInBlocks(const From *from, std::int64_t count, To *to, void (*convert)(const From *, std::int64_t, To *))
{
    constexpr std::int64_t block = 1 << 16;
#pragma omp parallel for if (count > block)
    for (std::int64_t start = 0; start < count; start += block)
        convert(from + start, std::min(block, count - start), to + start);
}

bool holdsInfinity(const Tensor &halves)
{
    const auto *values = halves.as<std::uint16_t>();
    return std::any_of(values, values + halves.elements(),
                       [](std::uint16_t bits) { return (bits & 0x7c00U) == 0x7c00U; });
}

} // namespace

void LinearWeights::check() const
{
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    if (n < 1 || k < 1)
        throw Error("layer \"" + spec.name + "\" has " + std::to_string(n) + " outputs and " + std::to_string(k) +
                    " inputs, at least one of each is needed; re-export the checkpoint");
    if (spec.format == NumberFormat::Int4) {
        if (spec.groupSize < 1)
            throw Error("layer \"" + spec.name + "\" has an INT4 group size of " + std::to_string(spec.groupSize) +
                        ", at least 1 is needed; re-export the checkpoint");
        const std::int64_t groups = int4Groups(k, spec.groupSize);
        requireArray(spec, "values", values, DType::U8, {n, k / 2 + k % 2});
        requireArray(spec, "scales", scales, DType::F16, {n, groups});
        requireArray(spec, "zero points", zeroPoints, DType::U8, {n, groups / 2 + groups % 2});
    } else {
        requireArray(spec, "values", values, valuesType(spec.format), {n, k});
        requireNoArray(spec, "zero points", zeroPoints);
        if (spec.format == NumberFormat::Int8)
            requireArray(spec, "scales", scales, DType::F32, {n});
        else
            requireNoArray(spec, "scales", scales);
    }
    if (spec.bias)
        requireArray(spec, "biases", bias, DType::F32, {n});
    else
        requireNoArray(spec, "biases", bias);
    if (spec.inputScale)
        requireArray(spec, "input scales", inputScale, DType::F32, {k});
    else
        requireNoArray(spec, "input scales", inputScale);
}

Tensor LinearWeights::dequantized() const
{
    check();
    const std::int64_t n = spec.outFeatures;
    const std::int64_t k = spec.inFeatures;
    const SimdKernels &kernels = simdKernels();
    if (spec.format == NumberFormat::Fp32)
        return values.clone();
    Tensor result = Tensor::allocate(DType::F32, {n, k});
    float *to = result.floats();
    switch (spec.format) {
    case NumberFormat::Fp32:
        break;
    case NumberFormat::Fp16:
        convertInBlocks(aligned(values, 2).as<std::uint16_t>(), n * k, to, kernels.halfToFloat);
        break;
    case NumberFormat::Bf16:
        convertInBlocks(aligned(values, 2).as<std::uint16_t>(), n * k, to, kernels.bfloat16ToFloat);
        break;
    case NumberFormat::Int8: {
        const Tensor alignedScales = aligned(scales, 4);
        const auto *from = values.as<std::int8_t>();
        const float *scale = alignedScales.floats();
#pragma omp parallel for
        for (std::int64_t row = 0; row < n; ++row)
            for (std::int64_t i = 0; i < k; ++i)
                to[row * k + i] = scale[row] * static_cast<float>(from[row * k + i]);
        break;
    }
    case NumberFormat::Int4: {
        const Tensor alignedScales = aligned(scales, 2);
        const std::int64_t groups = int4Groups(k, spec.groupSize);
        const auto *from = values.as<std::uint8_t>();
        const auto *scale = alignedScales.as<std::uint16_t>();
        const auto *zeroPoint = zeroPoints.as<std::uint8_t>();
#pragma omp parallel for
        for (std::int64_t row = 0; row < n; ++row)
            unpackInt4Row(from + row * ((k + 1) / 2), scale + row * groups, zeroPoint + row * ((groups + 1) / 2), k,
                          spec.groupSize, to + row * k);
        break;
    }
    }
    return result;
}

LinearWeights castWeights(const LinearWeights &weights, NumberFormat format)
{
    weights.check();
    if (weights.spec.format != NumberFormat::Fp32)
        throw std::logic_error("castWeights needs FP32 weights");
    LinearWeights result = weights;
    result.spec.format = format;
    const Tensor from = aligned(weights.values, 4);
    switch (format) {
    case NumberFormat::Fp32:
        return result;
    case NumberFormat::Fp16:
        result.values = Tensor::allocate(DType::F16, weights.values.shape());
        convertInBlocks(from.floats(), from.elements(), result.values.as<std::uint16_t>(), simdKernels().floatToHalf);
        if (holdsInfinity(result.values))
            throw Error("layer \"" + weights.spec.name +
                        "\" holds weights beyond the largest FP16 number, 65504; choose BF16 or FP32 for it");
        return result;
    case NumberFormat::Bf16:
        result.values = Tensor::allocate(DType::BF16, weights.values.shape());
        convertInBlocks(from.floats(), from.elements(), result.values.as<std::uint16_t>(),
                        simdKernels().floatToBfloat16);
        return result;
    case NumberFormat::Int8:
    case NumberFormat::Int4:
        break;
    }
    throw std::logic_error("castWeights makes FP32, FP16 or BF16");
}

} // namespace edgeflex
