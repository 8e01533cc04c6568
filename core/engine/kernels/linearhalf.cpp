#include "engine/kernels/linearhalf.h"

#include "engine/kernels/simdkernels.h"
#include "engine/kernels/weightcopy.h"

namespace edgeflex {

LinearHalf::LinearHalf(const LinearWeights &weights, const ExecutionTarget &target)
    : LinearUnpacked(weights, target), m_values(copyFinite(weights.values, weights.spec, "weights"))
{
}

void LinearHalf::unpackRow(std::int64_t n, float *to) const
{
    const std::uint16_t *row = m_values.as<std::uint16_t>() + n * inFeatures();
    const SimdKernels &kernels = simdKernels();
    (spec().format == NumberFormat::Fp16 ? kernels.halfToFloat : kernels.bfloat16ToFloat)(row, inFeatures(), to);
}

std::string LinearHalf::implementation() const
{
    return unpackedImplementation(spec().format == NumberFormat::Fp16 ? "FP16" : "BF16");
}

} // namespace edgeflex
