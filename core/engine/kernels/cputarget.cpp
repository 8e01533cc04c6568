#include "engine/kernels/linear.h"
#include "engine/kernels/simdkernels.h"
#include "plan/error.h"

#include <omp.h>

namespace edgeflex {

ExecutionTarget detectTarget(int threads)
{
    if (threads < 0)
        throw Error("the number of threads cannot be " + std::to_string(threads) +
                    "; give 1 or more, or 0 for one per core");
    const SimdKernels &kernels = simdKernels();
    ExecutionTarget target;
    target.threads = threads > 0 ? threads : omp_get_num_procs();
    target.instructionSet = kernels.name;
    target.int8DotProduct = kernels.int8DotProduct;
    target.bf16Compute = kernels.bfloat16Panel != nullptr;
    return target;
}

} // namespace edgeflex
