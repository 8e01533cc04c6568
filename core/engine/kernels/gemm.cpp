#include "engine/kernels/gemm.h"

#include "plan/error.h"

#include <oneapi/dnnl/dnnl.hpp>
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

struct Int8Gemm::Primitive
{
    Primitive(std::int64_t rows, std::int64_t columns, std::int64_t inputs, const std::int8_t *b)
        : engine(dnnl::engine::kind::cpu, 0), stream(engine), m(rows), n(columns), k(inputs)
    {
        using Type = dnnl::memory::data_type;
        using Tag = dnnl::memory::format_tag;
        const dnnl::memory::desc a({m, k}, Type::u8, Tag::ab);
        const dnnl::memory::desc packed({k, n}, Type::s8, Tag::any);
        const dnnl::memory::desc c({m, n}, Type::s32, Tag::ab);
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::matmul::primitive_desc description(engine, a, packed, c);
#else
        const dnnl::matmul::primitive_desc description(dnnl::matmul::desc(a, packed, c), engine);
#endif
        implementation = description.impl_info_str();
        product = dnnl::matmul(description);
        weights = dnnl::memory(description.weights_desc(), engine);
        dnnl::memory plain({{k, n}, Type::s8, Tag::ba}, engine, const_cast<std::int8_t *>(b));
        dnnl::reorder(plain, weights).execute(stream, plain, weights);
        stream.wait();
        input = dnnl::memory(a, engine, DNNL_MEMORY_NONE);
        output = dnnl::memory(c, engine, DNNL_MEMORY_NONE);
    }

    dnnl::engine engine;
    dnnl::stream stream;
    std::int64_t m;
    std::int64_t n;
    std::int64_t k;
    std::string implementation;
    dnnl::matmul product;
    dnnl::memory weights;
    dnnl::memory input;
    dnnl::memory output;
};

Int8Gemm::Int8Gemm(std::int64_t m, std::int64_t n, std::int64_t k, const std::int8_t *b)
{
    try {
        m_primitive = std::make_unique<Primitive>(m, n, k, b);
    } catch (const dnnl::error &error) {
        refuse(m, n, k, error.status);
    }
}

Int8Gemm::~Int8Gemm() = default;
Int8Gemm::Int8Gemm(Int8Gemm &&) noexcept = default;
Int8Gemm &Int8Gemm::operator=(Int8Gemm &&) noexcept = default;

void Int8Gemm::multiply(const std::uint8_t *a, std::int32_t *c) const
{
    Primitive &p = *m_primitive;
    try {
        p.input.set_data_handle(const_cast<std::uint8_t *>(a));
        p.output.set_data_handle(c);
        p.product.execute(p.stream, {{DNNL_ARG_SRC, p.input}, {DNNL_ARG_WEIGHTS, p.weights}, {DNNL_ARG_DST, p.output}});
        p.stream.wait();
    } catch (const dnnl::error &error) {
        refuse(p.m, p.n, p.k, error.status);
    }
}

const std::string &Int8Gemm::implementation() const
{
    return m_primitive->implementation;
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
