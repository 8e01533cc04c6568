#pragma once

#include "engine/profile/linearstatistics.h"
#include "engine/tensor/tensor.h"
#include "plan/modelspec.h"

#include <cstdint>
#include <utility>
#include <vector>

namespace edgeflex {

// Covariance (or Gram matrix, when not centred) of one or two sets of tokens taken together, read in pieces so that no
// further H x H matrix is held. Refers to the moments, which must outlive it. FP64, row-major. Thread-safe.
class Covariance
{
public:
    using Indices = std::vector<std::int64_t>;
    using Matrix = std::vector<double>;

    Covariance(std::vector<const Moments *> parts, std::int64_t features, bool centred);

    // E[a] of some channels; zeros when not centred.
    Matrix mean(const Indices &channels) const;
    const Matrix &mean() const { return m_mean; } // of all
    // [|rows|, |columns|]
    Matrix block(const Indices &rows, const Indices &columns) const;

private:
    std::vector<std::pair<const Moments *, double>> m_parts; // with their share of the tokens
    std::int64_t m_features;
    Matrix m_mean;
};

// Columns of W [D, H] as rows: [|channels|, D].
std::vector<double> transposedColumns(const Tensor &weights, const std::vector<std::int64_t> &channels);

// Throws Error naming the layer unless `statistics` hold finite Gram matrices of its inputs.
void requireGram(const LinearStatistics &statistics, const LinearSpec &spec);

} // namespace edgeflex
