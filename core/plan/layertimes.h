#pragma once

#include "plan/executiontarget.h"
#include "plan/modelspec.h"
#include "plan/numberformat.h"
#include "plan/timespread.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgeflex {

// Milliseconds that a model's linear layers, and the heads between qkv and proj, take for one batch on one machine,
// each measured alone.
struct LayerTimes
{
    using ByFormat = std::map<NumberFormat, TimeSpread>;
    struct Mlp
    {
        ByFormat fc1;
        ByFormat fc2;
        bool operator==(const Mlp &) const = default;
    };
    // What pruned heads leave of attention's layers.
    struct Attention
    {
        std::map<std::int64_t, ByFormat> qkv;  // by outputs
        std::map<std::int64_t, ByFormat> proj; // by inputs
        // One head's scores, softmax and context, by its dimensions of keys and of values together; in FP32 and, where
        // the target attends so, BF16. Empty in older sessions.
        std::map<std::int64_t, ByFormat> head = {};
        int heads = 0; // of the whole model
        bool operator==(const Attention &) const = default;
    };

    int batch = 1;
    ExecutionTarget target;
    int int4GroupSize = 64;
    std::string machine;                           // CPU model; empty in older sessions
    double fp32Milliseconds = 0;                   // the whole FP32 model's pass, tight schedule, median
    std::map<std::string, ByFormat> layers;        // by layer name, but for fc1 and fc2
    std::vector<std::map<std::int64_t, Mlp>> mlps; // by block: MLP width -> times; has the whole width
    std::vector<Attention> attentions;             // by block; empty in older sessions: whole layers, in `layers`
    std::vector<ByFormat> linearMlps; // by block, of a linear layer in the MLP's place; empty in older sessions

    // Of the MLP of a block that is pruned as `planned`, linear between the widths measured and else of the nearest.
    // Throws std::out_of_range where a format, or a linear layer in its place, was not measured.
    double mlpMilliseconds(int block, const BlockSpec &planned) const;
    // Of qkv and proj of a block that is pruned as `planned`, and of its heads, likewise.
    double attentionMilliseconds(int block, const BlockSpec &planned) const;
    TimeSpread mlpTime(int block, const BlockSpec &planned) const;
    TimeSpread attentionTime(int block, const BlockSpec &planned) const;
    // Of one layer of `spec` (a plan's, made of the model that was measured); between measured widths linear.
    // Throws std::out_of_range where the format was not measured.
    TimeSpread time(const ModelSpec &spec, const LinearSpec &linear) const;
    double milliseconds(const ModelSpec &spec, const LinearSpec &linear) const { return time(spec, linear).median; }
    // Whether that layer's width was itself measured, not one to each side of it.
    bool isMeasured(const ModelSpec &spec, const LinearSpec &linear) const;
    // All of that of `spec` together.
    double milliseconds(const ModelSpec &spec) const;

    bool operator==(const LayerTimes &) const = default;
};

void to_json(nlohmann::json &json, const LayerTimes &value);
void from_json(const nlohmann::json &json, LayerTimes &value);

} // namespace edgeflex
