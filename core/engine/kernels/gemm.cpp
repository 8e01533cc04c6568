#include "engine/kernels/gemm.h"

#include "plan/error.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.hpp>
#include <oneapi/dnnl/dnnl_debug.h>

#include <array>
#include <map>

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

dnnl::matmul makeBf16Product(const dnnl::engine &engine, std::int64_t m, std::int64_t n, std::int64_t k)
{
    using Type = dnnl::memory::data_type;
    const dnnl::memory::desc a({m, k}, Type::bf16, dnnl::memory::dims{k, 1});
    const dnnl::memory::desc b({k, n}, Type::bf16, dnnl::memory::dims{1, k}); // stored [N, K]
    const dnnl::memory::desc c({m, n}, Type::f32, dnnl::memory::dims{n, 1});
#if DNNL_VERSION_MAJOR >= 3
    return dnnl::matmul(dnnl::matmul::primitive_desc(engine, a, b, c));
#else
    return dnnl::matmul(dnnl::matmul::primitive_desc(dnnl::matmul::desc(a, b, c), engine));
#endif
}

// A primitive keeps its scratchpad with the thread that made it, so every thread has its own. A primitive is
// for one number of threads.
const dnnl::matmul &bf16Product(const dnnl::engine &engine, std::int64_t m, std::int64_t n, std::int64_t k)
{
    constexpr std::size_t mostKept = 64;
    thread_local std::map<std::array<std::int64_t, 4>, dnnl::matmul> products;
    const std::array<std::int64_t, 4> key{m, n, k, omp_in_parallel() ? 1 : omp_get_max_threads()};
    if (const auto found = products.find(key); found != products.end())
        return found->second;
    if (products.size() >= mostKept)
        products.clear();
    return products.emplace(key, makeBf16Product(engine, m, n, k)).first->second;
}

bool runsOn(dnnl_cpu_isa_t wanted)
{
    const auto effective = static_cast<unsigned>(dnnl_get_effective_cpu_isa());
    const auto bits = static_cast<unsigned>(wanted);
    return (effective & bits) == bits; // an instruction set's bits include those of the sets it extends
}

} // namespace

void gemm(bool transposeA, bool transposeB, std::int64_t m, std::int64_t n, std::int64_t k, float alpha, const float *a,
          std::int64_t lda, const float *b, std::int64_t ldb, float beta, float *c, std::int64_t ldc)
{
    require(dnnl_sgemm(transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc), m,
            n, k);
}

void gemmU8S8(std::int64_t m, std::int64_t n, std::int64_t k, const std::uint8_t *a, std::int64_t lda,
              const std::int8_t *b, std::int64_t ldb, std::int32_t *c, std::int64_t ldc)
{
    const std::int32_t noOffset = 0;
    require(dnnl_gemm_u8s8s32('N', 'T', 'F', m, n, k, 1.0F, a, lda, 0, b, ldb, 0, 0.0F, c, ldc, &noOffset), m, n, k);
}

void gemmBf16(std::int64_t m, std::int64_t n, std::int64_t k, const std::uint16_t *a, const std::uint16_t *b, float *c)
{
    try {
        static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
        thread_local dnnl::stream stream(engine);
        const dnnl::matmul &product = bf16Product(engine, m, n, k);
        using Type = dnnl::memory::data_type;
        const dnnl::memory aMemory({{m, k}, Type::bf16, dnnl::memory::dims{k, 1}}, engine,
                                   const_cast<std::uint16_t *>(a));
        const dnnl::memory bMemory({{k, n}, Type::bf16, dnnl::memory::dims{1, k}}, engine,
                                   const_cast<std::uint16_t *>(b));
        const dnnl::memory cMemory({{m, n}, Type::f32, dnnl::memory::dims{n, 1}}, engine, c);
        product.execute(stream, {{DNNL_ARG_SRC, aMemory}, {DNNL_ARG_WEIGHTS, bMemory}, {DNNL_ARG_DST, cMemory}});
        stream.wait();
    } catch (const dnnl::error &error) {
        refuse(m, n, k, error.status);
    }
}

std::string oneDnnVersion()
{
    const dnnl_version_t *version = dnnl_version();
    return std::to_string(version->major) + "." + std::to_string(version->minor) + "." + std::to_string(version->patch);
}

GemmSupport gemmSupport()
{
    GemmSupport support;
    support.instructionSet = "generic";
    for (const auto &[isa, name] :
         {std::pair(dnnl_cpu_isa_sse41, "SSE4.1"), std::pair(dnnl_cpu_isa_avx, "AVX"),
          std::pair(dnnl_cpu_isa_avx2, "AVX2"), std::pair(dnnl_cpu_isa_avx512_core, "AVX-512"),
          std::pair(dnnl_cpu_isa_avx512_core_vnni, "AVX-512 VNNI"),
          std::pair(dnnl_cpu_isa_avx512_core_bf16, "AVX-512 BF16"), std::pair(dnnl_cpu_isa_avx512_core_amx, "AMX")})
        if (runsOn(isa))
            support.instructionSet = name;
    support.int8DotProduct = runsOn(dnnl_cpu_isa_avx512_core_vnni);
    support.bf16 = runsOn(dnnl_cpu_isa_avx512_core_bf16);
    return support;
}

} // namespace edgeflex
