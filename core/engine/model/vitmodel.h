#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/model/packedweights.h"
#include "engine/tensor/tensor.h"
#include "plan/modelspec.h"
#include "plan/verboptions.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace edgeflex {

struct NormWeights
{
    Tensor gamma; // F32 [width]
    Tensor beta;  // F32 [width]
};

struct BlockWeights
{
    NormWeights norm1;
    LinearWeights qkv;
    LinearWeights proj;
    NormWeights norm2;
    LinearWeights fc1;
    LinearWeights fc2;
};

// A Vision Transformer's weights by role. Tensors may be views of a mapped file. LayerScale is already
// folded into proj and fc2.
struct VitWeights
{
    LinearWeights patchEmbed;
    Tensor prefixTokens;      // F32 [class and register tokens, width]; empty without any
    Tensor positionEmbedding; // F32 [tokens, width]; zero rows where a token has no position
    NormWeights preNorm;      // empty unless spec.preNorm
    std::vector<BlockWeights> blocks;
    NormWeights norm;
    std::vector<LinearWeights> preLogits; // none or one
    LinearWeights head;
};

struct VitModel
{
    ModelSpec spec;
    VitWeights weights;
    std::string path;
    std::int64_t fileBytes = 0;
    std::map<std::string, std::string> provenance; // of a tuned model: what it was made from
    std::shared_ptr<const PackedWeights> packed;   // of the layers as they were opened; null: there is no such file
    std::string packedNote;                        // for the user: why there is one and it is not used

    // By canonical name; throws Error when there is none.
    LinearWeights &linear(const std::string &name);
    const LinearWeights &linear(const std::string &name) const;
    // Ready to execute: where the file of packed weights has the layer and it was not changed since, in place, else
    // packed now. Throws Error as packLinear().
    PackedLinear packedLinear(const std::string &name) const;
};

// Opens a folder or a file: ours, timm, Hugging Face ViT, torchvision or in_proj blocks; weights stay in
// the mapped file until used. Throws Error naming the file and the tensor or field when it is not a Vision
// Transformer this engine can execute exactly.
VitModel openModel(const ModelSource &source);

// A folder of ours: config.json (everything but the weights) and model.safetensors. Re-opens bit-exactly. Packed::Too:
// also model.packed, from which it starts at once (see PackedWeights); it can be left away.
enum class Packed { No, Too };
void saveModel(const VitModel &model, const std::string &folder, Packed packed = Packed::No);
bool isSavedModel(const std::string &folder);

} // namespace edgeflex
