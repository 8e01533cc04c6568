#pragma once

#include "engine/kernels/simdkernels.h"

#include <cstddef>
#include <cstdint>

namespace edgeflex {

// Multi-head attention of one image: qkv [tokens, heads * (2 * qkDim + voDim)] (queries, keys, values; head-major
// within each) -> context [tokens, heads * voDim]. Each thread takes a head and a few queries at a time, so that
// their scores stay in its cache (Rabe and Staats, "Self-attention does not need O(n^2) memory", 2021).
struct AttentionShape
{
    std::int64_t tokens = 0;
    int heads = 0;
    std::int64_t qkDim = 0;   // of a head's queries and keys
    std::int64_t voDim = 0;   // of a head's values, hence of its part of the context
    std::int64_t headDim = 0; // scores are scaled by 1 / sqrt(headDim), however few dimensions are left
    // Queries, keys, probabilities and values rounded to BF16, products accumulated in FP32: for sets of kernels that
    // have such products (see attendsInBfloat16()).
    bool bfloat16 = false;

    std::int64_t qkWidth() const { return heads * qkDim; } // of all heads' queries
    std::int64_t voWidth() const { return heads * voDim; } // of all heads' values
    std::int64_t qkvWidth() const { return 2 * qkWidth() + voWidth(); }
};

// `scratch` is attentionScratchBytes() of memory (see plan/linearlayout.h). The set of kernels is a parameter so that
// every set can be tested on one machine.
void attention(const AttentionShape &shape, const float *qkv, float *context, int threads, std::byte *scratch,
               const SimdKernels &kernels = simdKernels());

// The eager schedule's three steps, each materialised for all heads: scores [heads, tokens, tokens]; `scratch` is
// scoresScratchBytes().
void attentionScores(const AttentionShape &shape, const float *qkv, float *scores, int threads, std::byte *scratch);
void attentionContext(const AttentionShape &shape, const float *probabilities, const float *qkv, float *context,
                      int threads);

} // namespace edgeflex
