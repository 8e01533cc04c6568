#pragma once

#include "plan/modelspec.h"

#include <string>
#include <vector>

// Every form a Vision Transformer can take, as small models.
namespace edgeflex::test {

struct VitVariant
{
    std::string name;
    ModelSpec spec;
};

inline ModelSpec smallVit()
{
    VitShape shape;
    shape.imageSize = 16;
    shape.patchSize = 4;
    shape.width = 24;
    shape.depth = 2;
    shape.heads = 3;
    shape.mlpWidth = 40;
    shape.classes = 7;
    ModelSpec spec = makeVitSpec(shape);
    spec.name = "small";
    spec.preprocessing.mean = {0.4, 0.5, 0.6};
    spec.preprocessing.std = {0.2, 0.25, 0.3};
    spec.preprocessing.resizeShorter = 18;
    spec.preprocessing.cropHeight = spec.preprocessing.cropWidth = 16;
    spec.preprocessing.stated = true;
    return spec;
}

inline std::vector<VitVariant> vitVariants()
{
    std::vector<VitVariant> variants;
    const auto add = [&variants](const char *name) -> ModelSpec & {
        variants.push_back({name, smallVit()});
        return variants.back().spec;
    };
    add("plain");
    {
        ModelSpec &spec = add("grey");
        spec.channels = 1;
        spec.patchEmbed.inFeatures = 16;
    }
    {
        ModelSpec &spec = add("wide images");
        spec.imageHeight = spec.preprocessing.cropHeight = 8;
        spec.imageWidth = spec.preprocessing.cropWidth = 20;
    }
    {
        ModelSpec &spec = add("mean of patches after the norm");
        spec.pooling = Pooling::MeanOfPatches;
    }
    {
        ModelSpec &spec = add("mean of patches before the norm");
        spec.pooling = Pooling::MeanOfPatches;
        spec.normPlace = NormPlace::AfterPooling;
    }
    {
        ModelSpec &spec = add("no class token");
        spec.classToken = false;
        spec.pooling = Pooling::MeanOfPatches;
        spec.normPlace = NormPlace::AfterPooling;
    }
    add("registers").registerTokens = 4;
    {
        ModelSpec &spec = add("registers without a class token");
        spec.classToken = false;
        spec.registerTokens = 2;
        spec.pooling = Pooling::MeanOfPatches;
    }
    add("class token normalised after pooling").normPlace = NormPlace::AfterPooling;
    {
        ModelSpec &spec = add("pre-norm and quick GELU");
        spec.preNorm = true;
        spec.activation = Activation::QuickGelu;
        spec.layerNormEps = 1e-5;
    }
    add("tanh GELU").activation = Activation::GeluTanh;
    {
        ModelSpec &spec = add("pre_logits");
        LinearSpec layer;
        layer.name = "pre_logits";
        layer.outFeatures = 10;
        layer.inFeatures = spec.width;
        spec.preLogits.push_back(layer);
        spec.head.inFeatures = 10;
    }
    {
        ModelSpec &spec = add("pruned to unequal widths");
        spec.blocks[0].fc1.outFeatures = spec.blocks[0].fc2.inFeatures = 16;
        spec.blocks[1].fc1.outFeatures = spec.blocks[1].fc2.inFeatures = 32;
    }
    {
        ModelSpec &spec = add("narrow heads");
        spec.headDim = 5;
        for (BlockSpec &block : spec.blocks) {
            block.qkv.outFeatures = 3 * 15;
            block.proj.inFeatures = 15;
        }
    }
    {
        ModelSpec &spec = add("pruned to unequal heads");
        spec.headDim = 24;
        const auto prune = [&](BlockSpec &block, std::int64_t qkDim, std::int64_t voDim) {
            block.qkv.outFeatures = spec.heads * (2 * qkDim + voDim);
            block.proj.inFeatures = spec.heads * voDim;
        };
        prune(spec.blocks[0], 16, 8);
        prune(spec.blocks[1], 8, 24);
    }
    const auto removeHeads = [](const ModelSpec &spec, BlockSpec &block, int removed) {
        const int left = spec.heads - removed;
        block.qkv.outFeatures = left * 3 * spec.headDim;
        block.proj.inFeatures = left * spec.headDim;
        block.removedHeads = removed;
    };
    const auto makeLinear = [](LinearSpec &absent, LinearSpec &only, std::int64_t width) {
        absent = absentLinear(absent.name);
        only.inFeatures = width;
    };
    {
        ModelSpec &spec = add("unequal numbers of heads");
        removeHeads(spec, spec.blocks[0], 2);
        removeHeads(spec, spec.blocks[1], 1);
    }
    {
        ModelSpec &spec = add("linear halves");
        spec.headDim = 5; // proj is wider than its heads were
        removeHeads(spec, spec.blocks[1], 0);
        makeLinear(spec.blocks[0].qkv, spec.blocks[0].proj, spec.width);
        makeLinear(spec.blocks[1].fc1, spec.blocks[1].fc2, spec.width);
    }
    {
        ModelSpec &spec = add("a removed block");
        makeLinear(spec.blocks[1].qkv, spec.blocks[1].proj, spec.width);
        makeLinear(spec.blocks[1].fc1, spec.blocks[1].fc2, spec.width);
    }
    {
        ModelSpec &spec = add("without biases");
        for (LinearSpec *layer : spec.linears())
            layer->bias = false;
    }
    {
        ModelSpec &spec = add("input scales everywhere");
        for (LinearSpec *layer : spec.linears())
            layer->inputScale = true;
    }
    return variants;
}

} // namespace edgeflex::test
