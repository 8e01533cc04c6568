#include "plan/linearlayout.h"

#include <algorithm>

namespace edgeflex {

namespace {

std::int64_t normBytes(std::int64_t width)
{
    return 2 * allocatedBytes(4 * width); // gamma and beta
}

} // namespace

std::int64_t int4Groups(std::int64_t inFeatures, int groupSize)
{
    return (inFeatures + groupSize - 1) / groupSize;
}

std::int64_t weightBytes(const LinearSpec &linear)
{
    const std::int64_t n = linear.outFeatures;
    const std::int64_t k = linear.inFeatures;
    std::int64_t bytes = 0;
    switch (linear.format) {
    case NumberFormat::Fp32:
        bytes = allocatedBytes(4 * n * k);
        break;
    case NumberFormat::Fp16:
    case NumberFormat::Bf16:
        bytes = allocatedBytes(2 * n * k);
        break;
    case NumberFormat::Int8:
        bytes = allocatedBytes(n * k) + 2 * allocatedBytes(4 * n); // scales and column sums
        break;
    case NumberFormat::Int4: {
        const std::int64_t groups = int4Groups(k, linear.groupSize);
        bytes =
            allocatedBytes(n * ((k + 1) / 2)) + allocatedBytes(2 * n * groups) + allocatedBytes(n * ((groups + 1) / 2));
        break;
    }
    }
    if (linear.bias)
        bytes += allocatedBytes(4 * n);
    if (linear.inputScale)
        bytes += allocatedBytes(4 * k);
    return bytes;
}

std::int64_t weightBytes(const ModelSpec &spec)
{
    std::int64_t bytes = allocatedBytes(4 * spec.tokens() * spec.width); // positions, prefix tokens folded in
    for (const LinearSpec *linear : spec.linears())
        bytes += weightBytes(*linear);
    const auto norms = static_cast<std::int64_t>(2 * spec.blocks.size() + 1 + (spec.preNorm ? 1 : 0));
    return bytes + norms * normBytes(spec.width);
}

std::int64_t scratchBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target)
{
    const std::int64_t panel = allocatedBytes(std::min(unpackPanelRows, linear.outFeatures) * linear.inFeatures * 4);
    switch (linear.format) {
    case NumberFormat::Fp32:
        return 0;
    case NumberFormat::Bf16:
        return target.bf16Compute ? allocatedBytes(rows * linear.inFeatures * 2) : panel;
    case NumberFormat::Fp16:
    case NumberFormat::Int4:
        return panel;
    case NumberFormat::Int8:
        return allocatedBytes(rows * linear.inFeatures) + allocatedBytes(rows * 8); // row scale and zero point
    }
    return 0;
}

std::int64_t macs(const LinearSpec &linear, std::int64_t rows)
{
    return rows * linear.outFeatures * linear.inFeatures;
}

} // namespace edgeflex
