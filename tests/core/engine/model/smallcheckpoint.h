#pragma once

#include "engine/io/hfconfig.h"
#include "engine/io/weightfile.h"
#include "engine/model/namemapping.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// A Vision Transformer of a few hundred values, under every naming.
namespace edgeflex::test {

using Tensors = std::map<std::string, Tensor>;

// Distinct values, the same for the same name.
inline Tensor smallTensor(const std::string &name, std::vector<std::int64_t> shape)
{
    Tensor tensor = Tensor::zeros(DType::F32, std::move(shape));
    std::size_t seed = 17;
    for (const char c : name)
        seed = seed * 31 + static_cast<unsigned char>(c);
    for (std::int64_t i = 0; i < tensor.elements(); ++i)
        tensor.floats()[i] =
            static_cast<float>(static_cast<double>((seed + static_cast<std::size_t>(i) * 7919) % 2003) / 1001.0 - 1.0);
    return tensor;
}

// timm's names: two blocks 8 wide with MLPs of 16, 2 x 2 patches of 2 pixels, 3 channels, 5 classes.
inline Tensors timmTensors()
{
    Tensors tensors;
    const auto add = [&](const std::string &name, std::vector<std::int64_t> shape) {
        tensors[name] = smallTensor(name, std::move(shape));
    };
    const auto linear = [&](const std::string &name, std::int64_t out, std::int64_t in) {
        add(name + ".weight", {out, in});
        add(name + ".bias", {out});
    };
    const auto norm = [&](const std::string &name) {
        add(name + ".weight", {8});
        add(name + ".bias", {8});
    };
    add("cls_token", {1, 1, 8});
    add("pos_embed", {1, 5, 8});
    add("patch_embed.proj.weight", {8, 3, 2, 2});
    add("patch_embed.proj.bias", {8});
    for (const std::string block : {"blocks.0.", "blocks.1."}) {
        norm(block + "norm1");
        linear(block + "attn.qkv", 24, 8);
        linear(block + "attn.proj", 8, 8);
        norm(block + "norm2");
        linear(block + "mlp.fc1", 16, 8);
        linear(block + "mlp.fc2", 8, 16);
    }
    norm("norm");
    linear("head", 5, 8);
    return tensors;
}

// Every name with each `from` replaced by its `to`, in order.
inline Tensors renamed(const Tensors &tensors, const std::vector<std::pair<std::string, std::string>> &renamings)
{
    Tensors result;
    for (const auto &[original, tensor] : tensors) {
        std::string name = original;
        for (const auto &[from, to] : renamings)
            if (const std::size_t at = name.find(from); at != std::string::npos)
                name.replace(at, from.size(), to);
        result[name] = tensor;
    }
    return result;
}

// Rows [begin, end) of the first axis.
inline Tensor rows(const Tensor &tensor, std::int64_t begin, std::int64_t end)
{
    std::vector<std::int64_t> shape = tensor.shape();
    shape[0] = end - begin;
    Tensor result = Tensor::allocate(tensor.dtype(), shape);
    std::memcpy(result.raw(),
                tensor.raw() +
                    static_cast<std::size_t>(begin) * (tensor.bytes() / static_cast<std::size_t>(tensor.dim(0))),
                result.bytes());
    return result;
}

inline Tensors torchvisionTensors()
{
    return renamed(timmTensors(), {{"cls_token", "class_token"},
                                   {"pos_embed", "encoder.pos_embedding"},
                                   {"patch_embed.proj", "conv_proj"},
                                   {"blocks.", "encoder.layers.encoder_layer_"},
                                   {"norm1", "ln_1"},
                                   {"norm2", "ln_2"},
                                   {"attn.qkv.weight", "self_attention.in_proj_weight"},
                                   {"attn.qkv.bias", "self_attention.in_proj_bias"},
                                   {"attn.proj", "self_attention.out_proj"},
                                   {"mlp.fc1", "mlp.0"},
                                   {"mlp.fc2", "mlp.3"},
                                   {"norm.", "encoder.ln."},
                                   {"head.", "heads.head."}});
}

inline Tensors inProjTensors(const std::string &fc1, const std::string &fc2)
{
    return renamed(timmTensors(), {{"attn.qkv.weight", "attn.in_proj_weight"},
                                   {"attn.qkv.bias", "attn.in_proj_bias"},
                                   {"attn.proj", "attn.out_proj"},
                                   {"mlp.fc1", fc1},
                                   {"mlp.fc2", fc2}});
}

inline Tensors huggingFaceTensors(const std::string &prefix)
{
    Tensors tensors = renamed(timmTensors(), {{"cls_token", prefix + "embeddings.cls_token"},
                                              {"pos_embed", prefix + "embeddings.position_embeddings"},
                                              {"patch_embed.proj", prefix + "embeddings.patch_embeddings.projection"},
                                              {"blocks.", prefix + "encoder.layer."},
                                              {"norm1", "layernorm_before"},
                                              {"norm2", "layernorm_after"},
                                              {"attn.proj", "attention.output.dense"},
                                              {"mlp.fc1", "intermediate.dense"},
                                              {"mlp.fc2", "output.dense"},
                                              {"head.", "classifier."}});
    for (const char *end : {"weight", "bias"}) {
        tensors[prefix + "layernorm." + end] = tensors.at(std::string("norm.") + end);
        tensors.erase(std::string("norm.") + end);
        for (const std::string block : {"0.", "1."}) {
            const std::string fused = prefix + "encoder.layer." + block + "attn.qkv." + end;
            std::int64_t begin = 0;
            for (const char *part : {"query.", "key.", "value."}) {
                tensors[prefix + "encoder.layer." + block + "attention.attention." + part + end] =
                    rows(tensors.at(fused), begin, begin + 8);
                begin += 8;
            }
            tensors.erase(fused);
        }
    }
    return tensors;
}

inline WeightFile asFile(const Tensors &tensors)
{
    return {"small.pth", tensors, {}};
}

inline ModelSource sourceOf(const std::string &path, std::optional<int> heads = {})
{
    ModelSource source;
    source.path = path;
    source.heads = heads;
    return source;
}

// Opens with two heads.
inline VitModel mapSmall(const Tensors &tensors, const ModelConfig &config = {}, ModelSource source = {})
{
    if (!source.heads && !config.heads)
        source.heads = 2;
    return mapModel(asFile(tensors), config, source, "small");
}

// Calls `visit` with every tensor of the model.
inline void forEachTensor(const VitModel &model, const std::function<void(const std::string &, const Tensor &)> &visit)
{
    const auto linear = [&](const LinearWeights &weights) {
        visit(weights.spec.name + ".values", weights.values);
        visit(weights.spec.name + ".scales", weights.scales);
        visit(weights.spec.name + ".zeroPoints", weights.zeroPoints);
        visit(weights.spec.name + ".bias", weights.bias);
        visit(weights.spec.name + ".inputScale", weights.inputScale);
    };
    const auto norm = [&](const std::string &name, const NormWeights &weights) {
        visit(name + ".gamma", weights.gamma);
        visit(name + ".beta", weights.beta);
    };
    linear(model.weights.patchEmbed);
    visit("prefixTokens", model.weights.prefixTokens);
    visit("positionEmbedding", model.weights.positionEmbedding);
    norm("preNorm", model.weights.preNorm);
    for (std::size_t i = 0; i < model.weights.blocks.size(); ++i) {
        const BlockWeights &block = model.weights.blocks[i];
        const std::string name = "blocks." + std::to_string(i);
        norm(name + ".norm1", block.norm1);
        linear(block.qkv);
        linear(block.proj);
        norm(name + ".norm2", block.norm2);
        linear(block.fc1);
        linear(block.fc2);
    }
    norm("norm", model.weights.norm);
    for (const LinearWeights &weights : model.weights.preLogits)
        linear(weights);
    linear(model.weights.head);
}

// The names of the tensors in which two models differ.
inline std::vector<std::string> differences(const VitModel &a, const VitModel &b)
{
    std::map<std::string, Tensor> tensors;
    std::vector<std::string> names;
    forEachTensor(a, [&](const std::string &name, const Tensor &tensor) { tensors[name] = tensor; });
    forEachTensor(b, [&](const std::string &name, const Tensor &tensor) {
        const auto found = tensors.find(name);
        if (found == tensors.end() || !found->second.sameBytes(tensor))
            names.push_back(name);
        tensors.erase(name);
    });
    for (const auto &[name, tensor] : tensors)
        names.push_back(name);
    return names;
}

} // namespace edgeflex::test
