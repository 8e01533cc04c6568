#pragma once

#include "engine/io/hfconfig.h"
#include "engine/io/weightfile.h"
#include "engine/model/vitmodel.h"
#include "plan/verboptions.h"

namespace edgeflex {

// Brings a checkpoint's tensors into their roles, whatever they are called:
//   timm               blocks.N.attn.qkv, with "model." before every name or not, LayerScale, register tokens
//   Hugging Face ViT   encoder.layer.N.attention.attention.query, with "vit." or not
//   torchvision        encoder.layers.encoder_layer_N.self_attention, with a tanh pre_logits or not
//   in_proj blocks     blocks.N.attn.in_proj_weight: nn.MultiheadAttention within timm's names
// Sizes are read from the tensors and must agree with `config` and `source`. F32 tensors stay views of the
// file where no arithmetic is needed. `name` is for people. Throws Error naming the file and the tensor or
// field when the model is not one that is executed exactly.
VitModel mapModel(const WeightFile &file, const ModelConfig &config, const ModelSource &source,
                  const std::string &name);

// Applies what the user said about the images over what the model says. Throws Error naming the option.
void overridePreprocessing(ModelSpec &spec, const ModelSource &source);

} // namespace edgeflex
