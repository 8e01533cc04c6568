#include "engine/io/hfconfig.h"

#include "engine/io/mappedfile.h"
#include "engine/io/printable.h"
#include "plan/error.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <map>

namespace edgeflex {

namespace {

constexpr std::size_t maximumConfigBytes = std::size_t{16} << 20;
constexpr IntegerRange sizes{1, 1 << 20};
constexpr auto keepsDefault = JsonFields::Missing::KeepsDefault;

void readSize(const JsonFields &fields, std::string_view key, std::optional<std::int64_t> &value)
{
    if (!fields.has(key))
        return;
    std::int64_t size = 0;
    fields.read(key, size, sizes);
    value = size;
}

Activation activationFromName(const JsonFields &fields, const std::string &key, const std::string &word)
{
    if (word == "gelu")
        return Activation::Gelu;
    if (word == "gelu_new" || word == "gelu_pytorch_tanh" || word == "gelu_fast" || word == "gelu_tanh")
        return Activation::GeluTanh;
    if (word == "quick_gelu")
        return Activation::QuickGelu;
    fields.fail(key, "is " + printable(word) + ", which is not executed; gelu, gelu_tanh and quick_gelu are");
}

Pooling poolingFromName(const JsonFields &fields, const std::string &word)
{
    if (word == "token")
        return Pooling::ClassToken;
    if (word == "avg")
        return Pooling::MeanOfPatches;
    fields.fail("global_pool", "is \"" + printable(word) + "\", which is not executed; token and avg are");
}

// One value counts for every channel.
void readPerChannel(const JsonFields &fields, std::string_view key, std::array<double, 3> &value, NumberRange range)
{
    std::vector<double> values;
    fields.read(key, values, range);
    if (values.size() == 1)
        value.fill(values[0]);
    else if (values.size() == 3)
        std::copy(values.begin(), values.end(), value.begin());
    else
        fields.fail(std::string(key), "must have one or three values");
}

// timm: resize the shorter side to floor(crop / crop_pct), then crop the centre.
void readTimmPreprocessing(const JsonFields &fields, ModelConfig &config)
{
    std::vector<double> inputSize;
    if (fields.has("input_size")) {
        fields.read("input_size", inputSize, {1, 1 << 16});
        const bool whole = std::all_of(inputSize.begin(), inputSize.end(), [](double v) { return v == std::floor(v); });
        if (inputSize.size() != 3 || !whole)
            fields.fail("input_size", "must be channels, height and width");
        config.channels = static_cast<std::int64_t>(inputSize[0]);
        config.imageHeight = static_cast<std::int64_t>(inputSize[1]);
        config.imageWidth = static_cast<std::int64_t>(inputSize[2]);
    }
    if (!fields.has("mean") || !fields.has("std") || inputSize.empty())
        return;
    Preprocessing preprocessing;
    preprocessing.stated = true;
    preprocessing.cropHeight = static_cast<int>(*config.imageHeight);
    preprocessing.cropWidth = static_cast<int>(*config.imageWidth);
    readPerChannel(fields, "mean", preprocessing.mean, anyNumber);
    readPerChannel(fields, "std", preprocessing.std, aboveZero);
    if (fields.has("interpolation"))
        fields.readWord("interpolation", preprocessing.interpolation, interpolationFromString);
    std::string cropMode = "center";
    if (fields.has("crop_mode"))
        fields.read("crop_mode", cropMode);
    if (cropMode != "center")
        fields.fail("crop_mode", "is \"" + printable(cropMode) + "\", which is not executed; center is");
    double cropShare = 0.875; // timm's own default
    if (fields.has("crop_pct"))
        fields.read("crop_pct", cropShare, {0.05, 1});
    preprocessing.resizeShorter =
        static_cast<int>(std::floor(std::min(preprocessing.cropHeight, preprocessing.cropWidth) / cropShare));
    config.preprocessing = preprocessing;
}

// Arguments that change nothing about inference, or that the weights' shapes say anyway.
constexpr std::array harmlessArguments{
    "drop_rate",       "drop_path_rate", "proj_drop_rate",   "attn_drop_rate", "pos_drop_rate",  "weight_init",
    "patch_drop_rate", "init_values",    "dynamic_img_size", "class_token",    "no_embed_class", "reg_tokens",
    "pre_norm",        "mlp_ratio",      "fc_norm",          "in_chans",       "fix_init",       "pos_embed"};

void readTimmArguments(const nlohmann::json &json, const std::string &path, ModelConfig &config)
{
    const JsonFields fields(json, path + ": model_args", keepsDefault);
    for (const char *key : harmlessArguments)
        (void)fields.has(key);
    readSize(fields, "embed_dim", config.width);
    readSize(fields, "depth", config.depth);
    readSize(fields, "num_heads", config.heads);
    readSize(fields, "num_classes", config.classes);
    readSize(fields, "patch_size", config.patchSize);
    if (fields.has("img_size")) {
        const nlohmann::json &size = json["img_size"];
        if (size.is_array() && size.size() == 2 && size[0].is_number_integer() && size[1].is_number_integer()) {
            config.imageHeight = size[0].get<std::int64_t>();
            config.imageWidth = size[1].get<std::int64_t>();
        } else {
            readSize(fields, "img_size", config.imageHeight);
            config.imageWidth = config.imageHeight;
        }
    }
    if (fields.has("qkv_bias")) {
        bool bias = true;
        fields.read("qkv_bias", bias);
        config.qkvBias = bias;
    }
    std::string word;
    if (fields.has("global_pool")) {
        fields.read("global_pool", word);
        config.pooling = poolingFromName(fields, word);
    }
    if (fields.has("act_layer")) {
        fields.read("act_layer", word);
        config.activation = activationFromName(fields, "act_layer", word);
    }
    if (fields.has("pos_embed")) {
        fields.read("pos_embed", word);
        if (word != "learn")
            fields.fail("pos_embed", "is \"" + printable(word) + "\", which is not executed; learn is");
    }
    fields.refuseUnknown();
}

void readTimm(const nlohmann::json &json, const std::string &path, ModelConfig &config)
{
    config.style = ModelConfig::Style::Timm;
    const JsonFields fields(json, path, keepsDefault);
    fields.read("architecture", config.architecture);
    if (fields.has("pretrained_cfg")) {
        const JsonFields pretrained(json["pretrained_cfg"], path + ": pretrained_cfg", keepsDefault);
        readTimmPreprocessing(pretrained, config);
        readSize(pretrained, "num_classes", config.classes);
        if (pretrained.has("label_names"))
            pretrained.read("label_names", config.classNames);
    }
    std::string word;
    if (fields.has("global_pool")) {
        fields.read("global_pool", word);
        config.pooling = poolingFromName(fields, word);
    }
    readSize(fields, "num_classes", config.classes);
    if (fields.has("label_names"))
        fields.read("label_names", config.classNames);
    if (fields.has("model_args"))
        readTimmArguments(json["model_args"], path, config);
}

// id2label: {"0": "tench", ...}, every id from 0 once.
void readLabels(const JsonFields &fields, ModelConfig &config)
{
    std::map<std::string, std::string> labels;
    fields.read("id2label", labels);
    std::vector<std::string> names(labels.size());
    for (const auto &[id, label] : labels) {
        std::size_t index = 0;
        const auto parsed = std::from_chars(id.data(), id.data() + id.size(), index);
        if (parsed.ec != std::errc() || parsed.ptr != id.data() + id.size() || index >= names.size())
            fields.fail("id2label", "has the id \"" + printable(id) + "\", but ids must be 0 to " +
                                        std::to_string(labels.size() - 1));
        names[index] = label;
    }
    config.classNames = names;
    if (!names.empty())
        config.classes = static_cast<std::int64_t>(names.size());
}

void readHuggingFace(const nlohmann::json &json, const std::string &path, ModelConfig &config)
{
    config.style = ModelConfig::Style::HuggingFace;
    const JsonFields fields(json, path, keepsDefault);
    fields.read("model_type", config.architecture);
    if (config.architecture != "vit" && config.architecture != "vit_msn")
        fields.fail("model_type", "is \"" + printable(config.architecture) +
                                      "\", which is not executed; Hugging Face models of type vit and vit_msn are");
    // Defaults of the transformers library, which leaves them out of the file.
    config.layerNormEps = config.architecture == "vit_msn" ? 1e-6 : 1e-12;
    config.activation = Activation::Gelu;
    readSize(fields, "hidden_size", config.width);
    readSize(fields, "num_hidden_layers", config.depth);
    readSize(fields, "num_attention_heads", config.heads);
    readSize(fields, "intermediate_size", config.mlpWidth);
    readSize(fields, "patch_size", config.patchSize);
    readSize(fields, "num_channels", config.channels);
    readSize(fields, "image_size", config.imageHeight);
    config.imageWidth = config.imageHeight;
    if (fields.has("layer_norm_eps")) {
        double eps = 0;
        fields.read("layer_norm_eps", eps, aboveZero);
        config.layerNormEps = eps;
    }
    if (fields.has("qkv_bias")) {
        bool bias = true;
        fields.read("qkv_bias", bias);
        config.qkvBias = bias;
    }
    if (fields.has("hidden_act")) {
        std::string word;
        fields.read("hidden_act", word);
        config.activation = activationFromName(fields, "hidden_act", word);
    }
    if (fields.has("id2label"))
        readLabels(fields, config);
}

struct ImageSize
{
    int height = 0;
    int width = 0;
    int shortestEdge = 0; // instead of height and width
};

// A number, {"height", "width"} or {"shortest_edge"}.
ImageSize readImageSize(const nlohmann::json &json, const JsonFields &fields, const std::string &key)
{
    ImageSize size;
    const nlohmann::json &value = json[key];
    if (!value.is_object()) {
        fields.read(key, size.height, sizes);
        size.width = size.height;
        return size;
    }
    const JsonFields inner(value, key, keepsDefault);
    if (inner.has("shortest_edge")) {
        inner.read("shortest_edge", size.shortestEdge, sizes);
    } else if (inner.has("height") && inner.has("width")) {
        inner.read("height", size.height, sizes);
        inner.read("width", size.width, sizes);
    } else {
        fields.fail(key, "must be a number, a height and a width, or a shortest_edge");
    }
    return size;
}

bool flag(const JsonFields &fields, std::string_view key, bool value)
{
    if (fields.has(key))
        fields.read(key, value);
    return value;
}

void readResize(const nlohmann::json &json, const JsonFields &fields, Preprocessing &preprocessing)
{
    if (!flag(fields, "do_resize", true))
        fields.fail("do_resize", "is false, but images must be brought to the model's size");
    if (!fields.has("size"))
        fields.fail("size", "is missing");
    const ImageSize resized = readImageSize(json, fields, "size");
    const bool crop = flag(fields, "do_center_crop", false);
    ImageSize cropped = resized;
    if (crop) {
        if (!fields.has("crop_size"))
            fields.fail("crop_size", "is missing");
        cropped = readImageSize(json, fields, "crop_size");
    }
    if (cropped.shortestEdge > 0)
        fields.fail(crop ? "crop_size" : "size", "leaves images of different shapes, but the model takes one");
    preprocessing.cropHeight = cropped.height;
    preprocessing.cropWidth = cropped.width;
    preprocessing.resizeShorter = resized.shortestEdge;
    if (resized.shortestEdge == 0 && (resized.height != cropped.height || resized.width != cropped.width))
        fields.fail("crop_size", "crops images that were squeezed to another size, which is not executed");
    // PIL's codes.
    int resample = 2;
    if (fields.has("resample"))
        fields.read("resample", resample, {0, 5});
    switch (resample) {
    case 0:
        preprocessing.interpolation = Interpolation::Nearest;
        break;
    case 2:
        preprocessing.interpolation = Interpolation::Bilinear;
        break;
    case 3:
        preprocessing.interpolation = Interpolation::Bicubic;
        break;
    default:
        fields.fail("resample", "is " + std::to_string(resample) +
                                    ", which is not executed; 0 (nearest), 2 (bilinear) and 3 (bicubic) are");
    }
}

Preprocessing readHuggingFacePreprocessing(const nlohmann::json &json, const std::string &path)
{
    const JsonFields fields(json, path, keepsDefault);
    Preprocessing preprocessing;
    preprocessing.stated = true;
    readResize(json, fields, preprocessing);
    if (!flag(fields, "do_rescale", true))
        fields.fail("do_rescale", "is false, which is not executed: images are scaled to 0..1");
    if (fields.has("rescale_factor")) {
        double factor = 0;
        fields.read("rescale_factor", factor, aboveZero);
        if (std::abs(factor * 255 - 1) > 1e-6)
            fields.fail("rescale_factor", "is not 1/255, which is not executed");
    }
    if (flag(fields, "do_normalize", true)) {
        if (!fields.has("image_mean") || !fields.has("image_std"))
            fields.fail("image_mean", "or image_std is missing");
        readPerChannel(fields, "image_mean", preprocessing.mean, anyNumber);
        readPerChannel(fields, "image_std", preprocessing.std, aboveZero);
    } else {
        preprocessing.mean.fill(0);
        preprocessing.std.fill(1);
    }
    return preprocessing;
}

} // namespace

ModelConfig parseModelConfig(std::string_view config, const std::string &configPath, std::string_view preprocessor,
                             const std::string &preprocessorPath)
{
    ModelConfig result;
    if (!config.empty()) {
        result.path = configPath;
        const nlohmann::json json = parseJson(config, configPath);
        const JsonFields fields(json, configPath, keepsDefault);
        if (fields.has("architecture"))
            readTimm(json, configPath, result);
        else if (fields.has("model_type"))
            readHuggingFace(json, configPath, result);
        else
            throw Error(configPath + " has neither \"architecture\" (timm) nor \"model_type\" (Hugging Face), so it "
                                     "does not describe a Vision Transformer");
    }
    if (!preprocessor.empty())
        result.preprocessing =
            readHuggingFacePreprocessing(parseJson(preprocessor, preprocessorPath), preprocessorPath);
    return result;
}

ModelConfig readModelConfig(const std::string &folder)
{
    const auto readIfThere = [&](const char *file, std::string &path) {
        path = (std::filesystem::path(folder) / file).string();
        std::error_code ignored;
        return std::filesystem::exists(path, ignored) ? readTextFile(path, maximumConfigBytes) : std::string();
    };
    std::string configPath;
    std::string preprocessorPath;
    const std::string config = readIfThere("config.json", configPath);
    const std::string preprocessor = readIfThere("preprocessor_config.json", preprocessorPath);
    return parseModelConfig(config, configPath, preprocessor, preprocessorPath);
}

} // namespace edgeflex
