#pragma once

#include "plan/executiontarget.h"
#include "plan/modelspec.h"

#include <cstdint>

namespace edgeflex {

// Sizes of linear layers and of attention in memory. The kernels allocate exactly these, so that a schedule's
// predicted peak is the allocator's. Every array is rounded up to 64 bytes, as the allocator does.

constexpr std::int64_t allocatedBytes(std::int64_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

// Outputs and inputs of W that each thread unpacks at a time when the format only stores: to FP32, or where products
// are in BF16 to BF16, for which the next few inputs pass through FP32.
inline constexpr std::int64_t unpackPanelOutputs = 32;
inline constexpr std::int64_t unpackInputs = 384;
inline constexpr std::int64_t bfloat16UnpackInputs = 768;
inline constexpr std::int64_t bfloat16StepInputs = 64;

// Inputs are split into this many INT4 groups; the last may be shorter.
std::int64_t int4Groups(std::int64_t inFeatures, int groupSize);

// Bytes of one layer's parameters as held in memory for execution:
//   FP32 4NK; FP16 2NK; BF16 2NK, K rounded up to an even number; INT8 NK, K rounded up to a multiple of 4,
//   + 4N scales + 4N column sums; INT4 ceil(N/2) K + 2NG scales + ceil(N/2) G zero points;
//   plus 4N bias, 4K input scale where present.
std::int64_t weightBytes(const LinearSpec &linear);
// The same array by array; 0 where there is none.
struct LinearArrayBytes
{
    std::int64_t values = 0;
    std::int64_t scales = 0;
    std::int64_t offsets = 0; // column sums of INT8, zero points of INT4
    std::int64_t bias = 0;
    std::int64_t inputScale = 0;
};
LinearArrayBytes arrayBytes(const LinearSpec &linear);
// The same for the whole model, with norms, tokens and positions in FP32.
std::int64_t weightBytes(const ModelSpec &spec);

// Whether a layer multiplies FP32 rows, else they are rounded to BF16 or quantized to 8 bits first.
bool readsFloats(const LinearSpec &linear, const ExecutionTarget &target);
// Values from one row of a layer's input to the next, and bytes of `rows` rows, in the form it multiplies.
std::int64_t inputStride(const LinearSpec &linear, const ExecutionTarget &target);
std::int64_t inputBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target);
// Bytes that a product takes beyond input and output: each thread's part of unpacked weights.
std::int64_t workBytes(const LinearSpec &linear, const ExecutionTarget &target);
// Scratch of a forward pass from FP32 rows: the input's other form, if it has one, and the product's work.
std::int64_t scratchBytes(const LinearSpec &linear, std::int64_t rows, const ExecutionTarget &target);

// Queries of a head that a thread attends with at a time.
inline constexpr std::int64_t attentionQueries = 24;
// Floats from one row of scores to the next.
std::int64_t attentionStride(std::int64_t tokens);
// Whether a block attends in BF16, accumulated in FP32: where its queries and keys come from rounded products anyway
// and the target has BF16 products. Else in FP32.
bool attendsInBfloat16(const BlockSpec &block, const ExecutionTarget &target);
// Scratch of the attention of one image: for each thread one head's keys and values and the scores of a few
// queries, in BF16 those queries too; where scores are materialised, the keys alone.
struct AttentionLayout
{
    std::int64_t keysBytes = 0;
    std::int64_t valuesBytes = 0;
    std::int64_t queriesBytes = 0;
    std::int64_t scoresBytes = 0;
    std::int64_t threadBytes() const { return keysBytes + valuesBytes + queriesBytes + scoresBytes; }
};
AttentionLayout attentionLayout(std::int64_t tokens, std::int64_t qkDim, std::int64_t voDim, bool bfloat16);
std::int64_t attentionScratchBytes(std::int64_t tokens, std::int64_t qkDim, std::int64_t voDim, int threads,
                                   bool bfloat16 = false);
std::int64_t scoresScratchBytes(std::int64_t tokens, std::int64_t qkDim, int threads);

// Multiply-accumulate operations for `rows` rows.
std::int64_t macs(const LinearSpec &linear, std::int64_t rows);

} // namespace edgeflex
