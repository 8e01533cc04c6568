#include "engine/kernels/linearfp32.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/threadscope.h"
#include "engine/kernels/weightcopy.h"

namespace edgeflex {

LinearFp32::LinearFp32(const LinearWeights &weights, const ExecutionTarget &target)
    : LinearBase(weights, target), m_values(copyFinite(weights.values, weights.spec, "weights"))
{
    if (!inputScale())
        return;
    auto *values = m_values.as<float>();
    for (std::int64_t n = 0; n < outFeatures(); ++n)
        for (std::int64_t k = 0; k < inFeatures(); ++k)
            values[n * inFeatures() + k] *= inputScale()[k];
}

void LinearFp32::forward(const float *x, std::int64_t rows, float *y) const
{
    if (rows == 0)
        return;
    const ThreadScope scope(threads());
    startWithBias(y, rows);
    gemm(false, true, rows, outFeatures(), inFeatures(), 1, x, inFeatures(), m_values.as<float>(), inFeatures(),
         accumulation(), y, outFeatures());
}

std::string LinearFp32::implementation() const
{
    return "FP32 oneDNN " + gemmSupport().instructionSet;
}

} // namespace edgeflex
