#include "engine/kernels/gemm.h"
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
    const GemmSupport support = gemmSupport();
    ExecutionTarget target;
    target.threads = threads > 0 ? threads : omp_get_num_procs();
    target.int8DotProduct = support.int8DotProduct;
    target.bf16Compute = support.bf16;
    target.instructionSet = support.instructionSet;
    return target;
}

} // namespace edgeflex
