#pragma once

#include "plan/numberformat.h"
#include "plan/preprocessing.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace edgeflex {

enum class Activation { Gelu, GeluTanh, QuickGelu };
enum class Pooling { ClassToken, MeanOfPatches };
// How tokens become logits: norm then head, or mean of patches then norm (timm's fc_norm).
enum class NormPlace { BeforePooling, AfterPooling };

// A linear layer y = W x + b with W [outFeatures, inFeatures].
struct LinearSpec
{
    std::string name; // canonical, e.g. "blocks.3.mlp.fc1"
    std::int64_t outFeatures = 0;
    std::int64_t inFeatures = 0;
    bool bias = true;
    NumberFormat format = NumberFormat::Fp32;
    int groupSize = 64;      // INT4 only: inputs that share a scale
    bool inputScale = false; // a per-input multiplier applied before the product (AWQ after GELU)

    // There is no such layer in this block: see BlockSpec.
    bool isAbsent() const { return outFeatures == 0; }
    bool operator==(const LinearSpec &) const = default;
};

// One pre-norm transformer block: x += proj(attention(qkv(norm1 x))); x += fc2(act(fc1(norm2 x))). Either half may be
// linear instead, x += proj(norm1 x) or x += fc2(norm2 x), when qkv or fc1 is absent; a block of two linear halves is
// what is left of one that was removed.
struct BlockSpec
{
    LinearSpec qkv;       // [2 * qkWidth + voWidth, width], rows: all queries, all keys, all values; by head in each
    LinearSpec proj;      // [width, voWidth], or [width, width] in a linear half
    LinearSpec fc1;       // [mlpWidth, width]
    LinearSpec fc2;       // [width, mlpWidth], or [width, width] in a linear half
    int removedHeads = 0; // of the model's

    bool attentionIsLinear() const { return qkv.isAbsent(); }
    bool mlpIsLinear() const { return fc1.isAbsent(); }
    // Of all heads' queries, or keys, and of all heads' values together: heads * headDim, or less when pruned; 0 in a
    // linear half.
    std::int64_t qkWidth() const { return attentionIsLinear() ? 0 : (qkv.outFeatures - proj.inFeatures) / 2; }
    std::int64_t voWidth() const { return attentionIsLinear() ? 0 : proj.inFeatures; }
    std::int64_t mlpWidth() const { return fc1.outFeatures; }
    bool operator==(const BlockSpec &) const = default;
};

// The shape of a Vision Transformer, whatever naming its checkpoint used. No weights.
struct ModelSpec
{
    std::string name;    // for people: folder or file name, or the config's architecture
    std::string naming;  // "timm", "huggingface", "torchvision", "in_proj blocks", "edgeflex"
    int imageHeight = 0; // pixels
    int imageWidth = 0;
    int channels = 3;
    int patchSize = 16;     // pixels, square
    std::int64_t width = 0; // embedding dimension D
    int heads = 0;
    std::int64_t headDim = 0; // of an unpruned head; scores are scaled by 1 / sqrt(headDim), pruned or not
    bool classToken = true;
    int registerTokens = 0; // extra tokens after the class token
    bool preNorm = false;   // a LayerNorm between the embedding and the first block (CLIP)
    Pooling pooling = Pooling::ClassToken;
    NormPlace normPlace = NormPlace::BeforePooling;
    Activation activation = Activation::Gelu;
    double layerNormEps = 1e-6;
    LinearSpec patchEmbed; // [width, channels * patch * patch], input ordered (c, y, x)
    std::vector<BlockSpec> blocks;
    std::vector<LinearSpec> preLogits; // empty, or one layer followed by tanh
    LinearSpec head;                   // [classes, width or preLogits width]
    Preprocessing preprocessing;
    std::vector<std::string> classNames; // empty, or one a class

    std::int64_t patches() const; // patch tokens per image
    std::int64_t tokens() const;  // patches + class and register tokens
    std::int64_t classes() const { return head.outFeatures; }
    // Heads that a block has left; none where its attention is linear.
    int headCount(const BlockSpec &block) const { return block.attentionIsLinear() ? 0 : heads - block.removedHeads; }
    // Dimensions that a head of a block has left: of its queries and keys, and of its values. At most headDim.
    std::int64_t qkDim(const BlockSpec &block) const;
    std::int64_t voDim(const BlockSpec &block) const;
    // All linear layers in execution order: patch_embed, per block qkv, proj, fc1, fc2, pre_logits, head; those that
    // are absent among them.
    std::vector<const LinearSpec *> linears() const;
    std::vector<LinearSpec *> linears();
    // Throws Error naming the layer if there is none of that name.
    const LinearSpec &linear(std::string_view name) const;
    // Weights, biases, norms, tokens and positions.
    std::int64_t parameterCount() const;

    bool operator==(const ModelSpec &) const = default;
};

// A spec of the plain ViT family with every layer named and sized; preprocessing is left to the caller.
struct VitShape
{
    int imageSize = 224;
    int channels = 3;
    int patchSize = 16;
    std::int64_t width = 192;
    int depth = 12;
    int heads = 3;
    std::int64_t mlpWidth = 768;
    std::int64_t classes = 1000;
};
ModelSpec makeVitSpec(const VitShape &shape);
// What stands for a layer that a block does not have.
LinearSpec absentLinear(const std::string &name);
// Multiple that the dimensions of a pruned head are of: 16, or 8 for heads of less than 64.
std::int64_t headDimStep(std::int64_t headDim);
// Canonical layer names.
std::string layerName(int block, std::string_view suffix); // layerName(3, "mlp.fc1") == "blocks.3.mlp.fc1"

// Throws Error when sizes contradict each other or exceed sane bounds (a hostile config).
void validate(const ModelSpec &spec);

void to_json(nlohmann::json &json, const LinearSpec &value);
void from_json(const nlohmann::json &json, LinearSpec &value);
void to_json(nlohmann::json &json, const ModelSpec &value);
void from_json(const nlohmann::json &json, ModelSpec &value);

} // namespace edgeflex
