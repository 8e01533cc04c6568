#include "engine/kernels/linearbase.h"

#include "engine/kernels/weightcopy.h"

#include <cstring>

namespace edgeflex {

LinearBase::LinearBase(const LinearWeights &weights, const ExecutionTarget &target)
    : Linear(weights.spec), m_threads(target.threads)
{
    if (weights.spec.bias)
        m_bias = copyFinite(weights.bias, weights.spec, "biases");
    if (weights.spec.inputScale)
        m_inputScale = copyFinite(weights.inputScale, weights.spec, "input scales");
}

void LinearBase::startWithBias(float *y, std::int64_t rows) const
{
    if (!m_bias)
        return;
    const auto width = static_cast<std::size_t>(outFeatures());
#pragma omp parallel for
    for (std::int64_t row = 0; row < rows; ++row)
        std::memcpy(y + row * outFeatures(), bias(), width * sizeof(float));
}

} // namespace edgeflex
