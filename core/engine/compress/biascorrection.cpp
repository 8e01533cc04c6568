#include "engine/compress/biascorrection.h"

#include "plan/error.h"

#include <cmath>

namespace edgeflex {

void correctBias(LinearWeights &quantized, const Tensor &original, const std::vector<double> &mean)
{
    if (quantized.bias.empty())
        return;
    const std::int64_t rows = quantized.spec.outFeatures;
    const std::int64_t columns = quantized.spec.inFeatures;
    if (static_cast<std::int64_t>(mean.size()) != columns || original.elements() != rows * columns)
        throw Error("Layer " + quantized.spec.name + " has " + std::to_string(columns) +
                    " inputs but its calibration statistics describe " + std::to_string(mean.size()) +
                    ": profile the model again.");
    const Tensor rounded = quantized.dequantized();
    Tensor bias = quantized.bias.toFloat();
    const float *before = original.floats();
    const float *after = rounded.floats();
    float *values = bias.floats();
#pragma omp parallel for schedule(static) if (rows * columns > 65536)
    for (std::int64_t n = 0; n < rows; ++n) {
        double shift = 0;
        for (std::int64_t k = 0; k < columns; ++k)
            shift += (static_cast<double>(before[n * columns + k]) - after[n * columns + k]) *
                     mean[static_cast<std::size_t>(k)];
        const auto corrected = static_cast<float>(values[n] + shift);
        if (std::isfinite(corrected))
            values[n] = corrected;
    }
    quantized.bias = bias;
}

} // namespace edgeflex
