#pragma once

#include <cstdint>

namespace edgeflex {

// Multi-head attention of one image: qkv [tokens, heads * (2 * qkDim + voDim)] (queries, keys, values; head-major
// within each) -> context [tokens, heads * voDim]. Scores of `min(heads, threads)` heads are live at a time.
struct AttentionShape
{
    std::int64_t tokens = 0;
    int heads = 0;
    std::int64_t qkDim = 0;   // of a head's queries and keys
    std::int64_t voDim = 0;   // of a head's values, hence of its part of the context
    std::int64_t headDim = 0; // scores are scaled by 1 / sqrt(headDim), however few dimensions are left

    std::int64_t qkWidth() const { return heads * qkDim; } // of all heads' queries
    std::int64_t voWidth() const { return heads * voDim; } // of all heads' values
    std::int64_t qkvWidth() const { return 2 * qkWidth() + voWidth(); }
};

// Scratch that attention() allocates: threads-at-a-time score matrices.
std::int64_t attentionScratchBytes(const AttentionShape &shape, int threads);
void attention(const AttentionShape &shape, const float *qkv, float *context, int threads);

// The eager schedule's three steps, each materialised for all heads: scores [heads, tokens, tokens].
void attentionScores(const AttentionShape &shape, const float *qkv, float *scores);
void attentionContext(const AttentionShape &shape, const float *probabilities, const float *qkv, float *context);

} // namespace edgeflex
