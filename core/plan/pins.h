#pragma once

#include "plan/modelspec.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace edgeflex {

// What the user has decided of a plan, which a search takes as it is.
struct Pins
{
    std::map<std::string, NumberFormat> formats;    // by canonical layer name
    std::map<std::string, std::int64_t> mlpWidths;  // kept channels, by pinnedMlp(); 0: a linear layer in its place
    std::map<std::string, std::int64_t> headDims;   // kept of every head, by pinnedQueries() and pinnedValues()
    std::map<std::string, std::int64_t> headCounts; // kept heads, by pinnedHeads(); 0: a linear layer in their place

    bool empty() const { return formats.empty() && mlpWidths.empty() && headDims.empty() && headCounts.empty(); }
    bool operator==(const Pins &) const = default;
};

// What a block's MLP width is pinned by, e.g. "blocks.3.mlp".
std::string pinnedMlp(int block);
// What the dimensions of a block's heads are pinned by: "blocks.3.attn.qk" of queries and keys, "blocks.3.attn.vo" of
// values.
std::string pinnedQueries(int block);
std::string pinnedValues(int block);
// What the number of a block's heads is pinned by: "blocks.3.attn.heads".
std::string pinnedHeads(int block);

// Adds what `text` says: LAYER=FORMAT, e.g. "blocks.0.attn.qkv=fp16", blocks.N.mlp=CHANNELS,
// blocks.N.attn.qk=DIMENSIONS, blocks.N.attn.vo=DIMENSIONS or blocks.N.attn.heads=HEADS. Throws Error.
void addPin(Pins &pins, std::string_view text);

// Throws Error naming the layer when the model has none of that name or the width is none that a plan can keep.
void requireFits(const Pins &pins, const ModelSpec &spec);

void to_json(nlohmann::json &json, const Pins &value);
void from_json(const nlohmann::json &json, Pins &value);

} // namespace edgeflex
