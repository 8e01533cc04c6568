#include "engine/profile/linearstatistics.h"

#include "plan/error.h"

#include <cstddef>
#include <string>

namespace edgeflex {

namespace {

std::vector<double> weightedSum(const std::vector<double> &a, double shareA, const std::vector<double> &b,
                                double shareB)
{
    std::vector<double> sum(a.size());
    const auto count = static_cast<std::int64_t>(a.size());
#pragma omp parallel for schedule(static) if (count > 65536)
    for (std::int64_t index = 0; index < count; ++index) {
        const auto i = static_cast<std::size_t>(index);
        sum[i] = shareA * a[i] + shareB * b[i];
    }
    return sum;
}

} // namespace

Moments combine(const Moments &a, const Moments &b)
{
    if (a.tokens <= 0)
        return b.tokens <= 0 ? Moments{} : b;
    if (b.tokens <= 0)
        return a;
    if (a.mean.size() != b.mean.size() || (!a.gram.empty() && !b.gram.empty() && a.gram.size() != b.gram.size()))
        throw Error("Two sets of calibration statistics describe " + std::to_string(a.mean.size()) + " and " +
                    std::to_string(b.mean.size()) +
                    " input channels and cannot be combined: profile both on the same model.");
    Moments result;
    result.tokens = a.tokens + b.tokens;
    const double shareA = static_cast<double>(a.tokens) / static_cast<double>(result.tokens);
    const double shareB = static_cast<double>(b.tokens) / static_cast<double>(result.tokens);
    result.mean = weightedSum(a.mean, shareA, b.mean, shareB);
    // A Gram matrix of only some of the tokens would not match the mean: keep none.
    if (!a.gram.empty() && !b.gram.empty())
        result.gram = weightedSum(a.gram, shareA, b.gram, shareB);
    return result;
}

} // namespace edgeflex
