#include "engine/kernels/attention.h"

#include "plan/linearlayout.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstring>

namespace edgeflex {

namespace {

// y = x [rows, k] * b [k, columns], b row-major, a panel's width at a time.
void multiply(const SimdKernels &kernels, const float *x, std::int64_t ldx, std::int64_t rows, const float *b,
              std::int64_t ldb, std::int64_t columns, std::int64_t k, float *y, std::int64_t ldy)
{
    for (std::int64_t first = 0; first < columns; first += panelOutputs)
        kernels.floatPanel(x, ldx, rows, b + first, ldb, std::min(panelOutputs, columns - first), k,
                           {y + first, ldy, nullptr, false, nullptr});
}

// One head's columns of qkv and context.
struct Head
{
    Head(const AttentionShape &s, const float *qkv, std::int64_t head)
        : shape(s),
          queries(qkv + head * s.qkDim),
          keys(queries + s.qkWidth()),
          values(qkv + 2 * s.qkWidth() + head * s.voDim),
          output(head * s.voDim)
    {
    }

    // Keys as columns, [qkDim, attentionStride(tokens)], with the scores' factor.
    void packKeys(const SimdKernels &kernels, float *to) const
    {
        const float factor = 1 / std::sqrt(static_cast<float>(shape.headDim));
        kernels.transpose(keys, shape.qkvWidth(), shape.tokens, shape.qkDim, factor, to, attentionStride(shape.tokens));
    }

    // [tokens, voDim] in neighbouring memory.
    void packValues(float *to) const
    {
        for (std::int64_t token = 0; token < shape.tokens; ++token)
            std::memcpy(to + token * shape.voDim, values + token * shape.qkvWidth(),
                        static_cast<std::size_t>(shape.voDim) * sizeof(float));
    }

    // scores [count, ld] of the queries from `first` on.
    void scores(const SimdKernels &kernels, const float *packedKeys, std::int64_t first, std::int64_t count, float *to,
                std::int64_t ld) const
    {
        multiply(kernels, queries + first * shape.qkvWidth(), shape.qkvWidth(), count, packedKeys,
                 attentionStride(shape.tokens), shape.tokens, shape.qkDim, to, ld);
    }

    const AttentionShape &shape;
    const float *queries;
    const float *keys;
    const float *values;
    std::int64_t output; // column of the context
};

} // namespace

void attention(const AttentionShape &shape, const float *qkv, float *context, int threads, std::byte *scratch,
               const SimdKernels &kernels)
{
    const std::int64_t stride = attentionStride(shape.tokens);
    const std::int64_t threadFloats =
        attentionScratchBytes(shape.tokens, shape.qkDim, shape.voDim, threads) / threads / 4;
    // Heads that do not divide evenly among the threads are split by queries, so that no thread idles.
    const std::int64_t parts = shape.heads % threads == 0 ? 1 : threads;
    const std::int64_t partQueries = (shape.tokens + parts - 1) / parts;
    const std::int64_t tasks = shape.heads * parts;
#pragma omp parallel num_threads(threads)
    {
        const std::int64_t thread = omp_get_thread_num();
        const std::int64_t team = omp_get_num_threads();
        float *keys = reinterpret_cast<float *>(scratch) + thread * threadFloats;
        float *values = keys + shape.qkDim * stride;
        float *scores = values + allocatedBytes(4 * shape.tokens * shape.voDim) / 4;
        std::int64_t packed = -1;
        for (std::int64_t task = tasks * thread / team; task < tasks * (thread + 1) / team; ++task) {
            const Head head(shape, qkv, task / parts);
            std::int64_t first = task % parts * partQueries;
            const std::int64_t end = std::min(first + partQueries, shape.tokens);
            if (first < end && packed != task / parts) {
                head.packKeys(kernels, keys);
                head.packValues(values);
                packed = task / parts;
            }
            while (first < end) {
                const std::int64_t blocks = (end - first + attentionQueries - 1) / attentionQueries;
                const std::int64_t count = (end - first + blocks - 1) / blocks; // blocks of about equal size
                float factors[attentionQueries];
                head.scores(kernels, keys, first, count, scores, stride);
                for (std::int64_t row = 0; row < count; ++row)
                    factors[row] = kernels.exponentials(scores + row * stride, shape.tokens, scores + row * stride);
                float *to = context + first * shape.voWidth() + head.output;
                multiply(kernels, scores, stride, count, values, shape.voDim, shape.voDim, shape.tokens, to,
                         shape.voWidth());
                for (std::int64_t row = 0; row < count; ++row)
                    kernels.scale(to + row * shape.voWidth(), shape.voDim, factors[row]);
                first += count;
            }
        }
    }
}

void attentionScores(const AttentionShape &shape, const float *qkv, float *scores, int threads, std::byte *scratch)
{
    const SimdKernels &kernels = simdKernels();
    const std::int64_t keyFloats = scoresScratchBytes(shape.tokens, shape.qkDim, threads) / threads / 4;
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t index = 0; index < shape.heads; ++index) {
        const Head head(shape, qkv, index);
        float *keys = reinterpret_cast<float *>(scratch) + omp_get_thread_num() * keyFloats;
        head.packKeys(kernels, keys);
        head.scores(kernels, keys, 0, shape.tokens, scores + index * shape.tokens * shape.tokens, shape.tokens);
    }
}

void attentionContext(const AttentionShape &shape, const float *probabilities, const float *qkv, float *context,
                      int threads)
{
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t index = 0; index < shape.heads; ++index) {
        const Head head(shape, qkv, index);
        multiply(simdKernels(), probabilities + index * shape.tokens * shape.tokens, shape.tokens, shape.tokens,
                 head.values, shape.qkvWidth(), shape.voDim, shape.tokens, context + head.output, shape.voWidth());
    }
}

} // namespace edgeflex
