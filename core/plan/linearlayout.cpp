#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

namespace {

std::int64_t normBytes(std::int64_t width)
{
    return 2 * allocatedBytes(4 * width); // gamma and beta
}

std::int64_t roundedUp(std::int64_t value, std::int64_t multiple)
{
    return (value + multiple - 1) / multiple * multiple;
}

} // namespace

std::int64_t int4Groups(std::int64_t inFeatures, int groupSize)
{
    return (inFeatures + groupSize - 1) / groupSize;
}

LinearArrayBytes arrayBytes(const LinearSpec &linear)
{
    const std::int64_t n = linear.outFeatures;
    const std::int64_t k = linear.inFeatures;
    LinearArrayBytes bytes;
    switch (linear.format) {
    case NumberFormat::Fp32:
        bytes.values = 4 * n * k;
        break;
    case NumberFormat::Fp16:
        bytes.values = 2 * n * k;
        break;
    case NumberFormat::Bf16:
        bytes.values = 2 * n * roundedUp(k, 2);
        break;
    case NumberFormat::Int8:
        bytes.values = n * roundedUp(k, 4);
        bytes.scales = bytes.offsets = 4 * n;
        break;
    case NumberFormat::Int4: {
        const std::int64_t groups = int4Groups(k, linear.groupSize);
        const std::int64_t rowBytes = (n + 1) / 2; // two outputs a byte
        bytes.values = rowBytes * k;
        bytes.scales = 2 * n * groups;
        bytes.offsets = rowBytes * groups;
        break;
    }
    }
    if (linear.bias)
        bytes.bias = 4 * n;
    if (linear.inputScale)
        bytes.inputScale = 4 * k;
    return bytes;
}

std::int64_t weightBytes(const LinearSpec &linear)
{
    const LinearArrayBytes bytes = arrayBytes(linear);
    return allocatedBytes(bytes.values) + allocatedBytes(bytes.scales) + allocatedBytes(bytes.offsets) +
           allocatedBytes(bytes.bias) + allocatedBytes(bytes.inputScale);
}

std::int64_t weightBytes(const ModelSpec &spec)
{
    std::int64_t bytes = allocatedBytes(4 * spec.tokens() * spec.width); // positions, prefix tokens folded in
    for (const LinearSpec *linear : spec.linears())
        bytes += weightBytes(*linear);
    const auto norms = static_cast<std::int64_t>(2 * spec.blocks.size() + 1 + (spec.preNorm ? 1 : 0));
    return bytes + norms * normBytes(spec.width);
}

bool readsFloats(const LinearSpec &linear, const ExecutionTarget &target)
{
    return target.computes(linear.format) == NumberFormat::Fp32;
}

std::int64_t inputStride(const LinearSpec &linear, const ExecutionTarget &target)
{
    switch (target.computes(linear.format)) {
    case NumberFormat::Bf16:
        return roundedUp(linear.inFeatures, 2);
    case NumberFormat::Int8:
        return roundedUp(linear.inFeatures, 4);
    default:
        return linear.inFeatures;
    }
}

std::int64_t inputBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target)
{
    const std::int64_t values = rows * inputStride(linear, target);
    switch (target.computes(linear.format)) {
    case NumberFormat::Bf16:
        return allocatedBytes(2 * values);
    case NumberFormat::Int8:
        return allocatedBytes(values) + allocatedBytes(8 * rows); // row scale and zero point
    default:
        return allocatedBytes(4 * values);
    }
}

std::int64_t workBytes(const LinearSpec &linear, const ExecutionTarget &target)
{
    const NumberFormat computed = target.computes(linear.format);
    if (linear.format == computed)
        return 0;
    const std::int64_t outputs = std::min(unpackPanelOutputs, linear.outFeatures);
    if (computed == NumberFormat::Bf16)
        return target.threads *
               (allocatedBytes(4 * outputs * std::min(bfloat16StepInputs, linear.inFeatures)) +
                allocatedBytes(2 * outputs * roundedUp(std::min(bfloat16UnpackInputs, linear.inFeatures), 2)));
    return target.threads * allocatedBytes(4 * outputs * std::min(unpackInputs, linear.inFeatures));
}

std::int64_t scratchBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target)
{
    return (readsFloats(linear, target) ? 0 : inputBytes(linear, rows, target)) + workBytes(linear, target);
}

std::int64_t attentionStride(std::int64_t tokens)
{
    return roundedUp(tokens, 16); // whole cache lines
}

bool attendsInBfloat16(const BlockSpec &block, const ExecutionTarget &target)
{
    return target.bf16Compute && !readsFloats(block.qkv, target);
}

AttentionLayout attentionLayout(std::int64_t tokens, std::int64_t qkDim, std::int64_t voDim, bool bfloat16)
{
    const std::int64_t stride = attentionStride(tokens);
    const std::int64_t queries = std::min(attentionQueries, tokens);
    const std::int64_t scoresBytes = 4 * queries * stride;
    if (!bfloat16)
        return {4 * qkDim * stride, allocatedBytes(4 * tokens * voDim), 0, scoresBytes};
    // Inputs in pairs.
    return {allocatedBytes(2 * tokens * roundedUp(qkDim, 2)), allocatedBytes(2 * roundedUp(tokens, 2) * voDim),
            allocatedBytes(2 * queries * roundedUp(qkDim, 2)), scoresBytes};
}

std::int64_t attentionScratchBytes(std::int64_t tokens, std::int64_t qkDim, std::int64_t voDim, int threads,
                                   bool bfloat16)
{
    return threads * attentionLayout(tokens, qkDim, voDim, bfloat16).threadBytes();
}

std::int64_t scoresScratchBytes(std::int64_t tokens, std::int64_t qkDim, int threads)
{
    return threads * 4 * qkDim * attentionStride(tokens);
}

std::int64_t macs(const LinearSpec &linear, std::int64_t rows)
{
    return rows * linear.outFeatures * linear.inFeatures;
}

} // namespace edgeflex
