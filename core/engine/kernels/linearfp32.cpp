#include "engine/kernels/linearfp32.h"

#include "engine/kernels/panelloop.h"
#include "engine/kernels/weightcopy.h"

namespace edgeflex {

LinearFp32::LinearFp32(const LinearWeights &weights, const ExecutionTarget &target, const SimdKernels &kernels)
    : Linear(weights, target, kernels), m_values(packFinite(weights.values, weights.spec, 1, "weights"))
{
    if (!inputScale())
        return;
    for (std::int64_t output = 0; output < outFeatures(); output += panelOutputs) {
        const std::int64_t width = std::min(panelOutputs, outFeatures() - output);
        float *panel = m_values.as<float>() + output * inFeatures();
        for (std::int64_t k = 0; k < inFeatures(); ++k)
            kernels.scale(panel + k * width, width, inputScale()[k]);
    }
}

void LinearFp32::multiply(const LinearInput &x, const LinearOutput &y, std::byte *) const
{
    const std::int64_t k = inFeatures();
    const auto *values = static_cast<const float *>(x.values);
    forEachPanel(outFeatures(), k, x.rows, target().threads, Split::Rows,
                 [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows, int) {
                     const float *panel = m_values.as<float>() + output * k;
                     kernels().floatPanel(values + row * x.stride, x.stride, rows, panel, width, width, k,
                                          panelOutput(y, row, output, panel, 4 * width * k));
                 });
}

std::string LinearFp32::implementation() const
{
    return std::string("FP32 ") + kernels().name;
}

} // namespace edgeflex
