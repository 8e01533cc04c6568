#pragma once

#include <cstdint>

namespace edgeflex {

// Multi-head attention of one image: qkv [tokens, 3 * heads * headDim] (queries, keys, values; head-major
// within each) -> context [tokens, heads * headDim]. Scores of `min(heads, threads)` heads are live at a time.
struct AttentionShape
{
    std::int64_t tokens = 0;
    int heads = 0;
    std::int64_t headDim = 0;
};

// Scratch that attention() allocates: threads-at-a-time score matrices.
std::int64_t attentionScratchBytes(const AttentionShape &shape, int threads);
void attention(const AttentionShape &shape, const float *qkv, float *context, int threads);

// The eager schedule's three steps, each materialised for all heads: scores [heads, tokens, tokens].
void attentionScores(const AttentionShape &shape, const float *qkv, float *scores);
void attentionContext(const AttentionShape &shape, const float *probabilities, const float *qkv, float *context);

} // namespace edgeflex
