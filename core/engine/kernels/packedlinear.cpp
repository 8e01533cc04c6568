#include "engine/kernels/packedlinear.h"

#include "engine/kernels/simdkernels.h"
#include "engine/kernels/weightcopy.h"
#include "plan/linearlayout.h"

#include <algorithm>
#include <stdexcept>

namespace edgeflex {

namespace {

HostBuffer columnSums(const Tensor &values)
{
    const std::int64_t outputs = values.dim(0);
    const std::int64_t inputs = values.dim(1);
    HostBuffer buffer(static_cast<std::size_t>(outputs) * sizeof(std::int32_t));
    auto *sums = buffer.as<std::int32_t>();
    const auto *from = values.as<std::int8_t>();
#pragma omp parallel for if (outputs * inputs > 1 << 18)
    for (std::int64_t n = 0; n < outputs; ++n) {
        std::int32_t sum = 0;
        for (std::int64_t k = 0; k < inputs; ++k)
            sum += from[n * inputs + k];
        sums[n] = sum;
    }
    return buffer;
}

void scaleInputs(float *panels, const float *inputScale, const LinearSpec &spec)
{
    for (std::int64_t output = 0; output < spec.outFeatures; output += panelOutputs) {
        const std::int64_t width = std::min(panelOutputs, spec.outFeatures - output);
        float *panel = panels + output * spec.inFeatures;
        for (std::int64_t k = 0; k < spec.inFeatures; ++k)
            simdKernels().scale(panel + k * width, width, inputScale[k]);
    }
}

} // namespace

PackedLinear packLinear(const LinearWeights &weights)
{
    weights.check();
    const LinearSpec &spec = weights.spec;
    PackedLinear packed;
    packed.spec = spec;
    if (spec.bias)
        packed.bias = WeightArray(copyFinite(weights.bias, spec, "biases"));
    if (spec.inputScale)
        packed.inputScale = WeightArray(copyFinite(weights.inputScale, spec, "input scales"));
    const auto panels = [&](std::int64_t groupInputs) {
        return packFinite(weights.values, spec, groupInputs, "weights");
    };
    switch (spec.format) {
    case NumberFormat::Fp32: {
        HostBuffer values = panels(1);
        if (spec.inputScale)
            scaleInputs(values.as<float>(), packed.inputScale.as<float>(), spec);
        packed.values = WeightArray(std::move(values));
        break;
    }
    case NumberFormat::Fp16:
        packed.values = WeightArray(panels(1));
        break;
    case NumberFormat::Bf16:
        packed.values = WeightArray(panels(2));
        break;
    case NumberFormat::Int8:
        packed.values = WeightArray(panels(4));
        packed.scales = WeightArray(copyFinite(weights.scales, spec, "scales"));
        packed.offsets = WeightArray(columnSums(weights.values));
        break;
    case NumberFormat::Int4:
        packed.values = WeightArray(packNibbles(weights.values, spec.inFeatures));
        packed.scales = WeightArray(packFinite(weights.scales, spec, 1, "scales"));
        packed.offsets = WeightArray(packNibbles(weights.zeroPoints, int4Groups(spec.inFeatures, spec.groupSize)));
        break;
    }
    return packed;
}

} // namespace edgeflex
