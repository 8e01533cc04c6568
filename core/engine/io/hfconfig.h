#pragma once

#include "plan/modelspec.h"
#include "plan/preprocessing.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// What the JSON files beside a checkpoint say about it; everything they leave open is absent.
struct ModelConfig
{
    enum class Style { None, Timm, HuggingFace };

    Style style = Style::None;
    std::string path;         // of config.json, for sentences; empty without one
    std::string architecture; // timm's name, e.g. "vit_tiny_patch16_224"; Hugging Face's model type
    std::optional<std::int64_t> width;
    std::optional<std::int64_t> depth;
    std::optional<std::int64_t> heads;
    std::optional<std::int64_t> mlpWidth;
    std::optional<std::int64_t> classes;
    std::optional<std::int64_t> patchSize;
    std::optional<std::int64_t> channels;
    std::optional<std::int64_t> imageHeight;
    std::optional<std::int64_t> imageWidth;
    std::optional<bool> qkvBias;
    std::optional<double> layerNormEps;
    std::optional<Activation> activation;
    std::optional<Pooling> pooling;
    std::optional<Preprocessing> preprocessing; // stated
    std::vector<std::string> classNames;

    bool operator==(const ModelConfig &) const = default;
};

// Reads config.json and preprocessor_config.json of `folder`, as far as they are there. Throws Error naming
// the file and the field when one is malformed or asks for something that is not executed exactly.
ModelConfig readModelConfig(const std::string &folder);

// The same from text: a timm config.json (has "architecture") or a Hugging Face ViT one (has "model_type"),
// and the text of preprocessor_config.json or nothing. Paths are for sentences.
ModelConfig parseModelConfig(std::string_view config, const std::string &configPath, std::string_view preprocessor,
                             const std::string &preprocessorPath);

} // namespace edgeflex
