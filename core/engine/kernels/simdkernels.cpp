#include "engine/kernels/simdkernels.h"

#ifdef EDGEFLEX_X86
#include "engine/kernels/x86/avx2kernels.h"
#include "engine/kernels/x86/avx512kernels.h"
#endif

namespace edgeflex {

const SimdKernels &simdKernels()
{
    static const SimdKernels &best = *availableKernels().front();
    return best;
}

std::vector<const SimdKernels *> availableKernels()
{
    std::vector<const SimdKernels *> sets;
#ifdef EDGEFLEX_X86
    if (avx512::supported())
        sets.push_back(&avx512::kernels());
    if (avx2::supported())
        sets.push_back(&avx2::kernels());
#endif
    sets.push_back(&portableKernels());
    return sets;
}

} // namespace edgeflex
