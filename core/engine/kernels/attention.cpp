#include "engine/kernels/attention.h"

#include "engine/kernels/gemm.h"
#include "engine/kernels/simdkernels.h"
#include "engine/tensor/hostallocator.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <exception>

namespace edgeflex {

namespace {

// Where the parts of a head lie in qkv and context.
struct Head
{
    Head(const AttentionShape &s, std::int64_t head)
        : shape(s),
          query(head * s.qkDim),
          key(s.qkWidth() + query),
          value(2 * s.qkWidth() + head * s.voDim),
          output(head * s.voDim)
    {
    }

    // scores [count, tokens] of the queries from `first` on = Q K^T / sqrt(headDim)
    void scores(const float *qkv, std::int64_t first, std::int64_t count, float *to) const
    {
        const float scale = 1 / std::sqrt(static_cast<float>(shape.headDim));
        const std::int64_t stride = shape.qkvWidth();
        gemm(false, true, count, shape.tokens, shape.qkDim, scale, qkv + first * stride + query, stride, qkv + key,
             stride, 0, to, shape.tokens);
    }

    // rows of context from `first` on = probabilities [count, tokens] V
    void context(const float *probabilities, const float *qkv, std::int64_t first, std::int64_t count, float *to) const
    {
        gemm(false, false, count, shape.voDim, shape.tokens, 1, probabilities, shape.tokens, qkv + value,
             shape.qkvWidth(), 0, to + first * shape.voWidth() + output, shape.voWidth());
    }

    const AttentionShape &shape;
    std::int64_t query; // columns of qkv
    std::int64_t key;
    std::int64_t value;
    std::int64_t output; // column of the context
};

// Calls work(task) for each task over `threads` threads; the first exception is thrown on after all have ended.
template<typename Work>
void forEachTask(std::int64_t tasks, int threads, Work work)
{
    std::exception_ptr failure;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (std::int64_t task = 0; task < tasks; ++task) {
        try {
            work(task);
        } catch (...) {
#pragma omp critical(edgeflexAttentionFailure)
            if (!failure)
                failure = std::current_exception();
        }
    }
    if (failure)
        std::rethrow_exception(failure);
}

std::int64_t scoreBytes(const AttentionShape &shape)
{
    return hostallocator::roundedBytes(shape.tokens * shape.tokens * static_cast<std::int64_t>(sizeof(float)));
}

int headsAtATime(const AttentionShape &shape, int threads)
{
    return std::min(shape.heads, std::max(threads, 1));
}

} // namespace

std::int64_t attentionScratchBytes(const AttentionShape &shape, int threads)
{
    return headsAtATime(shape, threads) * scoreBytes(shape);
}

void attention(const AttentionShape &shape, const float *qkv, float *context, int threads)
{
    const int workers = headsAtATime(shape, threads);
    HostBuffer scratch(static_cast<std::size_t>(attentionScratchBytes(shape, threads)));
    auto *scratchValues = scratch.as<float>();
    const std::int64_t scratchStride = scoreBytes(shape) / static_cast<std::int64_t>(sizeof(float));
    // Heads that do not divide evenly among the threads are split by queries, so that no thread idles.
    const std::int64_t parts = shape.heads % workers == 0 ? 1 : workers;
    const std::int64_t partQueries = (shape.tokens + parts - 1) / parts;
    forEachTask(shape.heads * parts, workers, [&](std::int64_t task) {
        const Head head(shape, task / parts);
        const std::int64_t first = task % parts * partQueries;
        const std::int64_t count = std::min(partQueries, shape.tokens - first);
        if (count <= 0)
            return;
        float *scores = scratchValues + omp_get_thread_num() * scratchStride;
        head.scores(qkv, first, count, scores);
        for (std::int64_t row = 0; row < count; ++row)
            simdKernels().softmaxRow(scores + row * shape.tokens, shape.tokens, scores + row * shape.tokens);
        head.context(scores, qkv, first, count, context);
    });
}

void attentionScores(const AttentionShape &shape, const float *qkv, float *scores)
{
    forEachTask(shape.heads, omp_get_max_threads(), [&](std::int64_t head) {
        Head(shape, head).scores(qkv, 0, shape.tokens, scores + head * shape.tokens * shape.tokens);
    });
}

void attentionContext(const AttentionShape &shape, const float *probabilities, const float *qkv, float *context)
{
    forEachTask(shape.heads, omp_get_max_threads(), [&](std::int64_t head) {
        Head(shape, head).context(probabilities + head * shape.tokens * shape.tokens, qkv, 0, shape.tokens, context);
    });
}

} // namespace edgeflex
