#include "engine/kernels/simdkernels.h"

#ifdef EDGEFLEX_X86
#include "engine/kernels/x86/avx2kernels.h"
#endif

namespace edgeflex {

const SimdKernels &simdKernels()
{
#ifdef EDGEFLEX_X86
    if (avx2::supported())
        return avx2::kernels();
#endif
    return portableKernels();
}

} // namespace edgeflex
