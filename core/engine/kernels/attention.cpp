#include "engine/kernels/attention.h"

#include "plan/linearlayout.h"

#include <omp.h>

#include <algorithm>
#include <array>
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

std::int64_t even(std::int64_t count)
{
    return (count + 1) / 2 * 2;
}

// The same in BF16: x [rows, even(k)], b packed in panels.
void multiply(const SimdKernels &kernels, const std::uint16_t *x, std::int64_t ldx, std::int64_t rows,
              const std::uint16_t *b, std::int64_t columns, std::int64_t k, float *y, std::int64_t ldy)
{
    for (std::int64_t first = 0; first < columns; first += panelOutputs)
        kernels.bfloat16Panel(x, ldx, rows, b + first * even(k), std::min(panelOutputs, columns - first), even(k) / 2,
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

    // Keys and values as panels of BF16 products: an output is a token, and a dimension.
    void packKeys(const SimdKernels &kernels, std::uint16_t *to) const
    {
        const float factor = 1 / std::sqrt(static_cast<float>(shape.headDim));
        const std::int64_t stride = even(shape.qkDim);
        for (std::int64_t token = 0; token < shape.tokens; token += panelOutputs)
            kernels.packBfloat16Rows(keys + token * shape.qkvWidth(), shape.qkvWidth(),
                                     std::min(panelOutputs, shape.tokens - token), shape.qkDim, factor,
                                     to + token * stride);
    }
    void packValues(const SimdKernels &kernels, std::uint16_t *to) const
    {
        for (std::int64_t i = 0; i < shape.voDim; i += panelOutputs)
            kernels.packBfloat16Columns(values + i, shape.qkvWidth(), std::min(panelOutputs, shape.voDim - i),
                                        shape.tokens, to + i * even(shape.tokens));
    }
    void roundQueries(const SimdKernels &kernels, std::int64_t first, std::int64_t count, std::uint16_t *to) const
    {
        const std::int64_t stride = even(shape.qkDim);
        for (std::int64_t row = 0; row < count; ++row) {
            to[(row + 1) * stride - 1] = 0;
            kernels.floatToBfloat16(queries + (first + row) * shape.qkvWidth(), shape.qkDim, to + row * stride);
        }
    }

    const AttentionShape &shape;
    const float *queries;
    const float *keys;
    const float *values;
    std::int64_t output; // column of the context
};

// A thread's work on one head after another, in its part of the scratch.
class Attending
{
public:
    Attending(const AttentionShape &shape, const SimdKernels &kernels, float *context, std::byte *scratch,
              std::int64_t thread)
        : m_shape(shape), m_kernels(kernels), m_context(context), m_stride(attentionStride(shape.tokens))
    {
        const AttentionLayout layout = attentionLayout(shape.tokens, shape.qkDim, shape.voDim, shape.bfloat16);
        m_keys = scratch + thread * layout.threadBytes();
        m_values = m_keys + layout.keysBytes;
        m_queries = reinterpret_cast<std::uint16_t *>(m_values + layout.valuesBytes);
        m_scores = reinterpret_cast<float *>(m_values + layout.valuesBytes + layout.queriesBytes);
    }

    // Keys and values, unless they are those of the head before.
    void pack(const Head &head, std::int64_t index)
    {
        if (index == m_packed)
            return;
        m_packed = index;
        if (m_shape.bfloat16) {
            head.packKeys(m_kernels, reinterpret_cast<std::uint16_t *>(m_keys));
            head.packValues(m_kernels, reinterpret_cast<std::uint16_t *>(m_values));
        } else {
            head.packKeys(m_kernels, reinterpret_cast<float *>(m_keys));
            head.packValues(reinterpret_cast<float *>(m_values));
        }
    }

    // The context of up to attentionQueries queries.
    void attend(const Head &head, std::int64_t first, std::int64_t count)
    {
        std::array<float, attentionQueries> factors;
        float *to = m_context + first * m_shape.voWidth() + head.output;
        if (m_shape.bfloat16) {
            head.roundQueries(m_kernels, first, count, m_queries);
            multiply(m_kernels, m_queries, even(m_shape.qkDim), count, reinterpret_cast<const std::uint16_t *>(m_keys),
                     m_shape.tokens, m_shape.qkDim, m_scores, m_stride);
            for (std::int64_t row = 0; row < count; ++row) { // probabilities where the scores were
                auto *rounded = reinterpret_cast<std::uint16_t *>(m_scores + row * m_stride);
                factors[static_cast<std::size_t>(row)] =
                    m_kernels.bfloat16Exponentials(m_scores + row * m_stride, m_shape.tokens, rounded);
                if (m_shape.tokens % 2 != 0)
                    rounded[m_shape.tokens] = 0;
            }
            multiply(m_kernels, reinterpret_cast<const std::uint16_t *>(m_scores), 2 * m_stride, count,
                     reinterpret_cast<const std::uint16_t *>(m_values), m_shape.voDim, m_shape.tokens, to,
                     m_shape.voWidth());
        } else {
            head.scores(m_kernels, reinterpret_cast<const float *>(m_keys), first, count, m_scores, m_stride);
            for (std::int64_t row = 0; row < count; ++row) {
                float *scores = m_scores + row * m_stride;
                factors[static_cast<std::size_t>(row)] = m_kernels.exponentials(scores, m_shape.tokens, scores);
            }
            multiply(m_kernels, m_scores, m_stride, count, reinterpret_cast<const float *>(m_values), m_shape.voDim,
                     m_shape.voDim, m_shape.tokens, to, m_shape.voWidth());
        }
        for (std::int64_t row = 0; row < count; ++row)
            m_kernels.scale(to + row * m_shape.voWidth(), m_shape.voDim, factors[static_cast<std::size_t>(row)]);
    }

private:
    const AttentionShape &m_shape;
    const SimdKernels &m_kernels;
    float *m_context;
    std::int64_t m_stride; // floats from one row of scores to the next
    std::byte *m_keys;
    std::byte *m_values;
    std::uint16_t *m_queries; // BF16 only
    float *m_scores;
    std::int64_t m_packed = -1; // head
};

} // namespace

void attention(const AttentionShape &shape, const float *qkv, float *context, int threads, std::byte *scratch,
               const SimdKernels &kernels)
{
    // Heads that do not divide evenly among the threads are split by queries, so that no thread idles.
    const std::int64_t parts = shape.heads % threads == 0 ? 1 : threads;
    const std::int64_t partQueries = (shape.tokens + parts - 1) / parts;
    const std::int64_t tasks = shape.heads * parts;
#pragma omp parallel num_threads(threads)
    {
        const std::int64_t thread = omp_get_thread_num();
        const std::int64_t team = omp_get_num_threads();
        Attending attending(shape, kernels, context, scratch, thread);
        for (std::int64_t task = tasks * thread / team; task < tasks * (thread + 1) / team; ++task) {
            const Head head(shape, qkv, task / parts);
            std::int64_t first = task % parts * partQueries;
            const std::int64_t end = std::min(first + partQueries, shape.tokens);
            if (first < end)
                attending.pack(head, task / parts);
            while (first < end) {
                const std::int64_t blocks = (end - first + attentionQueries - 1) / attentionQueries;
                const std::int64_t count = (end - first + blocks - 1) / blocks; // blocks of about equal size
                attending.attend(head, first, count);
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
