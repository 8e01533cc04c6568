#include "engine/compress/floatweights.h"

#include "plan/error.h"

#include <cmath>
#include <string>

namespace edgeflex {

Tensor floatWeights(const LinearWeights &weights)
{
    const LinearSpec &spec = weights.spec;
    if (spec.format != NumberFormat::Fp32)
        throw Error("Layer " + spec.name + " is stored as " + std::string(toString(spec.format)) +
                    " and cannot be compressed again: start from the FP32 model.");
    if (weights.values.shape() != std::vector<std::int64_t>{spec.outFeatures, spec.inFeatures})
        throw Error("Layer " + spec.name + " has weights of shape " + weights.values.shapeText() + " where [" +
                    std::to_string(spec.outFeatures) + ", " + std::to_string(spec.inFeatures) +
                    "] was expected: check the checkpoint.");
    Tensor values = weights.values.toFloat();
    const float *data = values.floats();
    const std::int64_t count = values.elements();
    for (std::int64_t i = 0; i < count; ++i)
        if (!std::isfinite(data[i]))
            throw Error("Layer " + spec.name + " has a NaN or infinite weight: check the checkpoint.");
    return values;
}

} // namespace edgeflex
