#include "engine/kernels/gemm.h"

#include "plan/error.h"

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

namespace edgeflex {

namespace {

[[noreturn]] void refuse(std::int64_t m, std::int64_t n, std::int64_t k, dnnl_status_t status)
{
    throw Error("oneDNN " + oneDnnVersion() + " could not multiply matrices of " + std::to_string(m) + " x " +
                std::to_string(k) + " and " + std::to_string(k) + " x " + std::to_string(n) + " (" +
                dnnl_status2str(status) + "); close other programs or use a smaller batch");
}

void require(dnnl_status_t status, std::int64_t m, std::int64_t n, std::int64_t k)
{
    if (status != dnnl_success)
        refuse(m, n, k, status);
}

} // namespace

void gemm(bool transposeA, bool transposeB, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float *a,
          std::int64_t lda, const float *b, std::int64_t ldb, float beta, float *c, std::int64_t ldc)
{
    require(dnnl_sgemm(transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc), m,
            n, k);
}

std::string oneDnnVersion()
{
    const dnnl_version_t *version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

bool oneDnnHasBf16()
{
    // An instruction set's bits include those of the sets it extends.
    const auto effective = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto bits = static_cast<unsigned>(dnnl_cpu_isa_avx512_core_bf16);
    return (effective & bits) == bits;
}

} // namespace edgeflex
