#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"
#include "plan/modelspec.h"
#include "plan/progress.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// How many dimensions every head of a block has, of its queries and keys, and of its values.
struct HeadDims
{
    int heads = 0;
    std::int64_t qk = 0;
    std::int64_t vo = 0;

    bool operator==(const HeadDims &) const = default;
};
HeadDims headDims(const ModelSpec &spec, const BlockSpec &block);

// Bases for the heads of a block. Nothing elementwise stands between queries and keys, nor between values and the
// projection: the attention computes the same in any basis, and in these, whose dimensions come in the order of what
// they matter, a head is pruned to r dimensions by keeping its first r. Heads are put in such an order, too, so that
// the first n stay. One decomposition answers for every r and n.
struct HeadBases
{
    HeadDims dims;
    std::vector<int> order; // [heads] which head is to come first, second ...
    // By head as they are to come, [dim, dim] each: what is to come in place of its queries q is queries_h q, and so
    // on.
    std::vector<double> queries;
    std::vector<double> keys;
    std::vector<double> values;
    std::vector<double> outputs; // of a head's context o = outputs_h o', o' the context of the new values
    // [dim + 1] once every head has so many dimensions: E(s - s')^2 of the scores s before softmax as a share of
    // Es^2, keys centred; and E||y - y'||^2 of proj's output, the dimensions left refitted, as a share of the error
    // when none is left.
    std::vector<double> qkError;
    std::vector<double> voError;
    // [heads + 1] once so many heads are left, as voError.
    std::vector<double> headError;

    bool operator==(const HeadBases &) const = default;
};

// From FP32 layers and the statistics of their inputs, both with Gram matrices.
//
// Queries and keys: softmax does not see what all scores of a query have in common, so keys count centred, without
// their bias, and queries as they are, q = W_q x + b_q; where there are statistics of class tokens, what the answer is
// read from, theirs count as much as all. With C_q = E[q q^T], C_k = Cov(k) and the singular value
// decomposition C_q^1/2 C_k^1/2 = U S V^T, the error E(q^T k - q'^T k')^2 of r dimensions is least, the sum of the
// S_i^2 left out, for
//   q' = S_r^1/2 U_r^T C_q^-1/2 q,  k' = S_r^1/2 V_r^T C_k^-1/2 k.
// Values: with R_h the covariance of head h's context that the other heads' contexts cannot predict, which is the
// inverse of a diagonal block of C^-1, and W_h its columns of proj, R_h^1/2 W_h^T = U S V^T gives
//   o' = S^1/2 U^T R_h^-1/2 o
// and the sum of the S_i^2 left out as what proj's output loses when the rest is refitted. Singular values below a
// millionth of the greatest count as that.
// Heads: backward elimination by the optimal brain surgeon, a head at a time: the one goes by which proj's output loses
// least, tr(W_h R_h W_h^T), and the others take over what they can of it. FP64. Throws Error naming the layer when
// weights or statistics do not fit; Cancelled.
HeadBases headBases(const LinearWeights &qkv, const LinearWeights &proj, const HeadDims &dims,
                    const LinearStatistics &qkvInput, const LinearStatistics &projInput,
                    const Progress &progress = neverCancelled);

// The layers in the bases, with all dimensions: the same function. Keys come without a bias.
LinearWeights qkvInBases(const LinearWeights &qkv, const HeadBases &bases);
LinearWeights projInBases(const LinearWeights &proj, const HeadBases &bases);
// The statistics of proj's inputs in the basis of the values. Moments are exact; mean |x| is that of a normal
// distribution, and max |x| as many deviations as the greatest is in the old basis.
LinearStatistics projInputInBases(const LinearStatistics &projInput, const HeadBases &bases);

// The rows of qkv and the columns of proj that the first `left` heads and dimensions are, of layers of `dims`,
// ascending.
std::vector<std::int64_t> keptQkvRows(const HeadDims &dims, const HeadDims &left);
std::vector<std::int64_t> keptProjColumns(const HeadDims &dims, const HeadDims &left);

} // namespace edgeflex
