#pragma once

#include "plan/executiontarget.h"
#include "plan/modelspec.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace edgeflex {

// Eager: one tensor an operation with the lifetimes of PyTorch's eager execution (the block's input
//        lives until the block ends, attention scores of the whole batch are materialised).
// Tight: the residual stream is updated in place; attention runs image by image, the MLP in row tiles.
enum class ScheduleKind { Eager, Tight };

std::string_view toString(ScheduleKind kind);
ScheduleKind scheduleKindFromString(std::string_view word); // throws Error

enum class OperationKind {
    PatchEmbed, // images -> tokens with class token and positions
    PreNorm,    // tokens, in place
    LayerNorm,  // eager only from here ...
    Linear,
    Scores,
    Softmax,
    Context,
    Gelu,
    Add,            // ... to here
    AttentionBlock, // tight: norm1, qkv, attention, proj and residual, image by image
    MlpBlock,       // tight: norm2, fc1, GELU, fc2 and residual, tile by tile
    Classify        // final norm, pooling, pre_logits, head -> logits
};

std::string_view toString(OperationKind kind);

// A tensor that lives from the operation that writes it to the last that reads it.
struct ScheduledTensor
{
    std::string name;       // e.g. "blocks.3.attn.scores"
    std::int64_t bytes = 0; // as the allocator rounds it (multiples of 64)
    int birth = 0;          // index of the operation that allocates it
    int lastUse = 0;        // index of the last operation that needs it; freed after it

    bool operator==(const ScheduledTensor &) const = default;
};

struct Operation
{
    OperationKind kind = OperationKind::Linear;
    std::string name;                 // e.g. "blocks.3.mlp"
    int block = -1;                   // -1 outside the blocks
    std::vector<std::string> linears; // canonical names of the linear layers executed
    std::vector<int> inputs;          // indices into Schedule::tensors
    int output = -1;                  // index into Schedule::tensors; may be an input (in place)
    std::int64_t scratchBytes = 0;    // allocated and freed within the operation: its own peak
    std::int64_t weightBytes = 0;
    std::int64_t macs = 0;

    bool operator==(const Operation &) const = default;
};

// What is executed, what is drawn, and what peaks are predicted from. The input images and the logits
// belong to the caller and are not counted.
struct Schedule
{
    ScheduleKind kind = ScheduleKind::Tight;
    int batch = 1;
    std::int64_t weightBytes = 0; // of the whole model, resident throughout
    std::vector<ScheduledTensor> tensors;
    std::vector<Operation> operations; // in execution order

    bool operator==(const Schedule &) const = default;
};

// Rows that the tight schedule's MLP handles at a time, but for fewer in the last tile of `rows`: as many as keep the
// hidden channels within mlpTileBytes, which is about two cores' caches, from 128 to 256.
inline constexpr std::int64_t mlpTileBytes = 5 << 19;
std::int64_t mlpTile(const BlockSpec &block, std::int64_t rows);

// Scratch of the tight schedule's operations in three parts, in this order. `rows`: rows of input in the form that
// a layer multiplies (attention: later the context; MLP: later fc2's input). `values`: FP32 outputs of the first
// layer (attention: later proj's input in its form). `work`: what layers and attention need while they run.
struct BlockScratch
{
    std::int64_t rowsBytes = 0;
    std::int64_t valuesBytes = 0;
    std::int64_t workBytes = 0;
    std::int64_t bytes() const { return rowsBytes + valuesBytes + workBytes; }
};
BlockScratch patchEmbedScratch(const ModelSpec &spec, const ExecutionTarget &target);
BlockScratch attentionScratch(const ModelSpec &spec, const BlockSpec &block, const ExecutionTarget &target);
BlockScratch mlpScratch(const ModelSpec &spec, const BlockSpec &block, std::int64_t rows,
                        const ExecutionTarget &target);
std::int64_t classifyScratchBytes(const ModelSpec &spec, std::int64_t batch, const ExecutionTarget &target);

Schedule makeSchedule(const ModelSpec &spec, ScheduleKind kind, int batch, const ExecutionTarget &target);

void to_json(nlohmann::json &json, const Schedule &value);
void from_json(const nlohmann::json &json, Schedule &value);

} // namespace edgeflex
