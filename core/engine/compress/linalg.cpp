#include "engine/compress/linalg.h"

#include "plan/error.h"

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/cholesky_inverse.h>
#include <ATen/ops/from_blob.h>
#include <ATen/ops/linalg_cholesky_ex.h>
#include <ATen/ops/linalg_eigh.h>
#include <ATen/ops/linalg_solve_triangular.h>
#include <ATen/ops/linalg_svd.h>
#include <ATen/ops/mm.h>
#include <torch/version.h>

#include <omp.h>

#include <algorithm>
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

// Large factorizations go panel by panel, so that a cancel need not wait for the whole.
constexpr std::int64_t panel = 512;
constexpr double multiplicationsBetweenChecks = 2e9;

// The lower Cholesky factor of S + ridge I; undefined when it is not positive definite.
at::Tensor choleskyFactor(const std::vector<double> &s, double ridge, std::int64_t n, const Progress &progress)
{
    at::Tensor a = wrap(s, n, n, "S").clone();
    a.diagonal().add_(ridge);
    // Left-looking: each panel takes in the panels before it, then is factored.
    for (std::int64_t first = 0; first < n; first += panel) {
        throwIfCancelled(progress);
        const std::int64_t size = std::min(panel, n - first);
        const std::int64_t rest = n - first - size;
        at::Tensor below = a.narrow(0, first, n - first).narrow(1, first, size);
        if (first > 0) {
            const at::Tensor before = a.narrow(0, first, n - first).narrow(1, 0, first);
            below.addmm_(before, before.narrow(0, 0, size).t(), 1.0, -1.0);
        }
        const at::Tensor diagonal = below.narrow(0, 0, size);
        const auto [factor, info] = at::linalg_cholesky_ex(diagonal);
        if (info.item().toInt() != 0)
            return {};
        diagonal.copy_(factor);
        if (rest > 0) {
            const at::Tensor lower = below.narrow(0, size, rest);
            lower.copy_(at::linalg_solve_triangular(factor.t(), lower, /*upper=*/true, /*left=*/false));
        }
    }
    return a.tril_();
}

// X of L X = B, or of L^T X = B where `transposed`, in place of B.
void solveTriangular(const at::Tensor &l, bool transposed, at::Tensor &b, const Progress &progress)
{
    const std::int64_t n = l.size(0);
    const std::int64_t panels = (n + panel - 1) / panel;
    for (std::int64_t turn = 0; turn < panels; ++turn) {
        throwIfCancelled(progress);
        const std::int64_t first = (transposed ? panels - 1 - turn : turn) * panel;
        const std::int64_t size = std::min(panel, n - first);
        at::Tensor rows = b.narrow(0, first, size);
        const at::Tensor diagonal = l.narrow(0, first, size).narrow(1, first, size);
        if (!transposed && first > 0)
            rows.addmm_(l.narrow(0, first, size).narrow(1, 0, first), b.narrow(0, 0, first), 1.0, -1.0);
        const std::int64_t behind = first + size;
        if (transposed && behind < n)
            rows.addmm_(l.narrow(0, behind, n - behind).narrow(1, first, size).t(), b.narrow(0, behind, n - behind),
                        1.0, -1.0);
        rows.copy_(at::linalg_solve_triangular(transposed ? diagonal.t() : diagonal, rows, /*upper=*/transposed));
    }
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
                             std::int64_t inner, std::int64_t columns, const Progress &progress)
{
    return guarded(product(rows, inner, columns), [&] {
        const at::Tensor left = wrap(a, rows, inner, "A");
        const at::Tensor right = wrap(b, inner, columns, "B");
        std::vector<double> c(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
        if (c.empty())
            return c;
        const at::Tensor result = wrap(c, rows, columns, "C");
        const double each = std::max(1.0, product(1, inner, columns));
        const auto step = std::max<std::int64_t>(1, static_cast<std::int64_t>(multiplicationsBetweenChecks / each));
        for (std::int64_t first = 0; first < rows; first += step) {
            throwIfCancelled(progress);
            const std::int64_t count = std::min(step, rows - first);
            at::Tensor part = result.narrow(0, first, count);
            at::mm_out(part, left.narrow(0, first, count), right);
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
                                            const std::vector<double> &b, std::int64_t columns,
                                            const Progress &progress)
{
    return guarded(product(n, n, n + columns), [&]() -> std::optional<std::vector<double>> {
        at::Tensor x = wrap(b, n, columns, "B").clone();
        const at::Tensor factor = choleskyFactor(s, ridge, n, progress);
        if (!factor.defined())
            return std::nullopt;
        solveTriangular(factor, false, x, progress);
        solveTriangular(factor, true, x, progress);
        return copyOut(x);
    });
}

std::optional<std::vector<double>> cholesky(const std::vector<double> &s, double ridge, std::int64_t n,
                                            const Progress &progress)
{
    return guarded(product(n, n, n) / 3, [&]() -> std::optional<std::vector<double>> {
        const at::Tensor factor = choleskyFactor(s, ridge, n, progress);
        if (!factor.defined())
            return std::nullopt;
        return copyOut(factor);
    });
}

std::optional<std::vector<double>> inverseSpd(const std::vector<double> &s, double ridge, std::int64_t n)
{
    return guarded(product(n, n, n), [&]() -> std::optional<std::vector<double>> {
        const at::Tensor factor = choleskyFactor(s, ridge, n, neverCancelled);
        if (!factor.defined())
            return std::nullopt;
        return copyOut(at::cholesky_inverse(factor));
    });
}

SymmetricRoots symmetricRoots(const std::vector<double> &c, double ridge, std::int64_t n)
{
    if (!(ridge > 0))
        throw Error("The root of a covariance needs a ridge above 0: check the calibration images.");
    return guarded(10 * product(n, n, n), [&] {
        const auto [values, vectors] = at::linalg_eigh(wrap(c, n, n, "C"));
        const at::Tensor roots = values.clamp_min(0).add(ridge).sqrt();
        return SymmetricRoots{copyOut(at::mm(vectors.mul(roots), vectors.t())),
                              copyOut(at::mm(vectors.div(roots), vectors.t()))};
    });
}

SingularVectors singularVectors(const std::vector<double> &a, std::int64_t rows, std::int64_t columns)
{
    return guarded(10 * product(rows, columns, std::min(rows, columns)), [&] {
        const auto [u, values, vt] = at::linalg_svd(wrap(a, rows, columns, "A"), /*full_matrices=*/false);
        return SingularVectors{copyOut(u), copyOut(values), copyOut(vt.t())};
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
