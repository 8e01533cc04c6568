#include "engine/compress/linalg.h"

#include "plan/error.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/cholesky_inverse.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_solve_triangular.h>
#include <ATen/ops/mm.h>
#include <torch/version.h>

#include <omp.h>

#include <new>
#include <string>
#include <tuple>
#include <type_traits>

namespace edgeflex::linalg {

namespace {

template<typename Real>
at::Tensor wrap(const std::vector<Real> &values, std::int64_t rows, std::int64_t columns, const char *name)
{
    if (rows < 0 || columns < 0 || values.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
        throw Error(std::string("A calibration matrix ") + name + " has " + std::to_string(values.size()) +
                    " values where [" + std::to_string(rows) + ", " + std::to_string(columns) +
                    "] were expected: profile the model again.");
    constexpr auto type = std::is_same_v<Real, double> ? at::kDouble : at::kFloat;
    // LibTorch has no view of constant data; nothing below writes through operands that came in constant.
    return at::from_blob(const_cast<Real *>(values.data()), {rows, columns}, at::TensorOptions().dtype(type));
}

std::vector<double> copyOut(const at::Tensor &tensor)
{
    const at::Tensor dense = tensor.contiguous();
    const double *data = dense.data_ptr<double>();
    return std::vector<double>(data, data + dense.numel());
}

// The lower Cholesky factor of S + ridge I; undefined when it is not positive definite.
at::Tensor choleskyFactor(const std::vector<double> &s, double ridge, std::int64_t n)
{
    at::Tensor regularized = wrap(s, n, n, "S").clone();
    regularized.diagonal().add_(ridge);
    const auto [factor, info] = at::linalg_cholesky_ex(regularized);
    return info.item().toInt() == 0 ? factor : at::Tensor();
}

// The calling thread's OpenMP threads, made LibTorch's too; one for small products, where waking others costs more than
// it saves.
class ThreadScope
{
public:
    explicit ThreadScope(double multiplications) : m_threads(omp_get_max_threads())
    {
        // LibTorch's first call on a thread resets OpenMP's count to a default of its own, and setting the count
        // rebuilds a thread pool: hence only where they differ.
        if (at::get_num_threads() != m_threads)
            at::set_num_threads(m_threads);
        if (multiplications < 1e6)
            omp_set_num_threads(1);
    }
    ~ThreadScope() { omp_set_num_threads(m_threads); }
    ThreadScope(const ThreadScope &) = delete;
    ThreadScope &operator=(const ThreadScope &) = delete;

private:
    int m_threads;
};

double product(std::int64_t a, std::int64_t b, std::int64_t c)
{
    return static_cast<double>(a) * static_cast<double>(b) * static_cast<double>(c);
}

// Runs `work` in a thread scope with LibTorch's exceptions made ours.
template<typename Work>
auto guarded(double multiplications, Work work)
{
    const ThreadScope threads(multiplications);
    try {
        return work();
    } catch (const c10::Error &error) {
        throw Error(std::string("The linear algebra of the calibration statistics failed: ") +
                    error.what_without_backtrace());
    } catch (const std::bad_alloc &) {
        throw Error("The machine has no memory left for the calibration algebra: close other programs or compress "
                    "without the refit.");
    }
}

} // namespace

std::string libTorchVersion()
{
    return std::to_string(TORCH_VERSION_MAJOR) + "." + std::to_string(TORCH_VERSION_MINOR) + "." +
           std::to_string(TORCH_VERSION_PATCH);
}

std::vector<double> multiply(const std::vector<double> &a, const std::vector<double> &b, std::int64_t rows,
                             std::int64_t inner, std::int64_t columns)
{
    return guarded(product(rows, inner, columns), [&] {
        const at::Tensor left = wrap(a, rows, inner, "A");
        const at::Tensor right = wrap(b, inner, columns, "B");
        std::vector<double> c(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
        if (!c.empty()) {
            at::Tensor result = wrap(c, rows, columns, "C");
            at::mm_out(result, left, right);
        }
        return c;
    });
}

void subtractProduct(std::vector<double> &c, const std::vector<double> &a, const std::vector<double> &b,
                     std::int64_t rows, std::int64_t inner, std::int64_t columns)
{
    guarded(product(rows, inner, columns), [&] {
        at::Tensor result = wrap(c, rows, columns, "C");
        const at::Tensor left = wrap(a, rows, inner, "A");
        const at::Tensor right = wrap(b, inner, columns, "B");
        if (!c.empty() && inner > 0)
            result.addmm_(left, right, 1.0, -1.0);
    });
}

std::optional<std::vector<double>> solveSpd(const std::vector<double> &s, double ridge, std::int64_t n,
                                            const std::vector<double> &b, std::int64_t columns)
{
    return guarded(product(n, n, n + columns), [&]() -> std::optional<std::vector<double>> {
        const at::Tensor right = wrap(b, n, columns, "B");
        const at::Tensor factor = choleskyFactor(s, ridge, n);
        if (!factor.defined())
            return std::nullopt;
        const at::Tensor half = at::linalg_solve_triangular(factor, right, /*upper=*/false);
        return copyOut(at::linalg_solve_triangular(factor.t(), half, /*upper=*/true));
    });
}

std::optional<std::vector<double>> inverseSpd(const std::vector<double> &s, double ridge, std::int64_t n)
{
    return guarded(product(n, n, n), [&]() -> std::optional<std::vector<double>> {
        const at::Tensor factor = choleskyFactor(s, ridge, n);
        if (!factor.defined())
            return std::nullopt;
        return copyOut(at::cholesky_inverse(factor));
    });
}

double quadraticTrace(const std::vector<float> &d, const std::vector<float> &g, std::int64_t rows, std::int64_t n)
{
    return guarded(product(rows, n, n), [&] {
        const at::Tensor gained = at::mm(wrap(d, rows, n, "D"), wrap(g, n, n, "G")).contiguous();
        const float *values = gained.data_ptr<float>();
        const std::int64_t count = rows * n;
        double trace = 0;
        for (std::int64_t i = 0; i < count; ++i)
            trace += static_cast<double>(values[i]) * d[static_cast<std::size_t>(i)];
        return trace;
    });
}

} // namespace edgeflex::linalg
