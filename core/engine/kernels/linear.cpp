#include "engine/kernels/linear.h"

#include "engine/kernels/linearbf16.h"
#include "engine/kernels/linearfp32.h"
#include "engine/kernels/linearhalf.h"
#include "engine/kernels/linearint4.h"
#include "engine/kernels/linearint8.h"

#include <stdexcept>

namespace edgeflex {

std::unique_ptr<Linear> makeLinear(const LinearWeights &weights, const ExecutionTarget &target)
{
    weights.check();
    switch (weights.spec.format) {
    case NumberFormat::Fp32:
        return std::make_unique<LinearFp32>(weights, target);
    case NumberFormat::Fp16:
        return std::make_unique<LinearHalf>(weights, target);
    case NumberFormat::Bf16:
        if (target.bf16Compute)
            return std::make_unique<LinearBf16>(weights, target);
        return std::make_unique<LinearHalf>(weights, target);
    case NumberFormat::Int8:
        return std::make_unique<LinearInt8>(weights, target, simdKernels());
    case NumberFormat::Int4:
        return std::make_unique<LinearInt4>(weights, target);
    }
    throw std::logic_error("unknown number format");
}

} // namespace edgeflex
