#include "plan/modelspec.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::array<std::string_view, 3> activationNames{"gelu", "gelu_tanh", "quick_gelu"};
constexpr std::array<std::string_view, 2> poolingNames{"class_token", "mean_of_patches"};
constexpr std::array<std::string_view, 2> normPlaceNames{"before_pooling", "after_pooling"};

constexpr std::int64_t maxImageSize = 4096;
constexpr std::int64_t maxWidth = 16384;
constexpr std::int64_t maxMlpWidth = 65536;
constexpr std::int64_t maxDepth = 512;
constexpr std::int64_t maxHeads = 1024;
constexpr std::int64_t maxRegisterTokens = 1024;
constexpr std::int64_t maxClasses = 1'000'000;
constexpr std::int64_t maxPatches = 512 * 512; // of 16 px in twice the largest image; bounds tokens^2
constexpr std::int64_t maxParameters = 20'000'000'000;
constexpr double maxLayerNormEps = 1e-2;

template<class Enum, std::size_t Size>
Enum fromName(const std::array<std::string_view, Size> &names, std::string_view word, const char *noun)
{
    const auto found = std::find(names.begin(), names.end(), word);
    if (found != names.end())
        return static_cast<Enum>(found - names.begin());
    std::string known;
    for (const std::string_view name : names)
        known += (known.empty() ? "" : ", ") + std::string(name);
    throw Error("\"" + std::string(word) + "\" is not " + noun + "; known are " + known);
}

Activation activationFromString(std::string_view word)
{
    return fromName<Activation>(activationNames, word, "an activation");
}

Pooling poolingFromString(std::string_view word)
{
    return fromName<Pooling>(poolingNames, word, "a pooling");
}

NormPlace normPlaceFromString(std::string_view word)
{
    return fromName<NormPlace>(normPlaceNames, word, "a place of the last norm");
}

template<class Spec, class Linear>
std::vector<Linear *> linearsOf(Spec &spec)
{
    std::vector<Linear *> linears;
    linears.reserve(4 * spec.blocks.size() + spec.preLogits.size() + 2);
    linears.push_back(&spec.patchEmbed);
    for (auto &block : spec.blocks) {
        for (Linear *linear : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            linears.push_back(linear);
    }
    for (auto &linear : spec.preLogits)
        linears.push_back(&linear);
    linears.push_back(&spec.head);
    return linears;
}

LinearSpec makeLinear(std::string name, std::int64_t outFeatures, std::int64_t inFeatures)
{
    LinearSpec linear;
    linear.name = std::move(name);
    linear.outFeatures = outFeatures;
    linear.inFeatures = inFeatures;
    return linear;
}

void checkRange(const std::string &what, std::int64_t value, std::int64_t low, std::int64_t high)
{
    if (value < low || value > high)
        throw Error("model: " + what + " is " + std::to_string(value) + ", but must be from " + std::to_string(low) +
                    " to " + std::to_string(high));
}

void checkLinear(const LinearSpec &linear, const std::string &name, std::int64_t outFeatures, std::int64_t inFeatures)
{
    if (linear.name != name)
        throw Error("model: the layer at the place of " + name + " is called \"" + linear.name + "\"");
    if (linear.outFeatures != outFeatures || linear.inFeatures != inFeatures)
        throw Error("model: layer " + name + " is " + std::to_string(linear.outFeatures) + " x " +
                    std::to_string(linear.inFeatures) + ", but the model's sizes ask for " +
                    std::to_string(outFeatures) + " x " + std::to_string(inFeatures));
    const int group = linear.groupSize;
    if (linear.format == NumberFormat::Int4 && group != 32 && group != 64 && group != 128)
        throw Error("model: layer " + name + " has INT4 groups of " + std::to_string(group) +
                    ", but they must be of 32, 64 or 128");
}

// A linear half has one layer, as wide as the tokens, and not the other.
void checkLinearHalf(const ModelSpec &spec, const LinearSpec &absent, const std::string &absentName,
                     const LinearSpec &only, const std::string &onlyName)
{
    if (absent != absentLinear(absentName))
        throw Error("model: layer " + absentName + " has no outputs, so it can have no inputs, bias, scale or number " +
                    "format either");
    checkLinear(only, onlyName, spec.width, spec.width);
}

// That the layers' sizes are those of heads that are whole or pruned to a multiple of headDimStep().
void checkAttention(const ModelSpec &spec, const BlockSpec &block, int index)
{
    const std::int64_t heads = spec.headCount(block);
    if (block.attentionIsLinear()) {
        if (block.removedHeads != 0)
            throw Error("model: block " + std::to_string(index) + " has no attention to remove heads from");
        checkLinearHalf(spec, block.qkv, layerName(index, "attn.qkv"), block.proj, layerName(index, "attn.proj"));
        return;
    }
    if (block.removedHeads < 0 || heads < 1)
        throw Error("model: block " + std::to_string(index) + " is said to have " + std::to_string(block.removedHeads) +
                    " of " + std::to_string(spec.heads) + " heads removed; at least one stays");
    const std::int64_t both = block.qkv.outFeatures - block.proj.inFeatures; // queries and keys
    const auto possible = [&](std::int64_t dim) {
        return dim == spec.headDim || (dim > 0 && dim < spec.headDim && dim % headDimStep(spec.headDim) == 0);
    };
    if (both % (2 * heads) != 0 || block.proj.inFeatures % heads != 0 || !possible(spec.qkDim(block)) ||
        !possible(spec.voDim(block)))
        throw Error("model: layers " + layerName(index, "attn.qkv") + " with " + std::to_string(block.qkv.outFeatures) +
                    " outputs and " + layerName(index, "attn.proj") + " with " + std::to_string(block.proj.inFeatures) +
                    " inputs do not fit " + std::to_string(heads) + " heads of " + std::to_string(spec.headDim) +
                    ", nor such heads pruned to a multiple of " + std::to_string(headDimStep(spec.headDim)) +
                    " dimensions");
    checkLinear(block.qkv, layerName(index, "attn.qkv"), block.qkv.outFeatures, spec.width);
    checkLinear(block.proj, layerName(index, "attn.proj"), spec.width, block.proj.inFeatures);
}

void checkPreprocessing(const ModelSpec &spec)
{
    const Preprocessing &preprocessing = spec.preprocessing;
    // A crop of zero: nobody said yet.
    const bool cropSet = preprocessing.cropHeight != 0 || preprocessing.cropWidth != 0;
    if (cropSet && (preprocessing.cropHeight != spec.imageHeight || preprocessing.cropWidth != spec.imageWidth))
        throw Error("model: images are cropped to " + std::to_string(preprocessing.cropHeight) + " x " +
                    std::to_string(preprocessing.cropWidth) + " pixels, but the model takes " +
                    std::to_string(spec.imageHeight) + " x " + std::to_string(spec.imageWidth));
    checkRange("the size images are resized to", preprocessing.resizeShorter, 0, 2 * maxImageSize);
    for (std::size_t i = 0; i < preprocessing.mean.size(); ++i) {
        if (!std::isfinite(preprocessing.mean[i]))
            throw Error("model: the mean of channel " + std::to_string(i) + " is not a finite number");
        if (!std::isfinite(preprocessing.std[i]) || preprocessing.std[i] <= 0)
            throw Error("model: the std of channel " + std::to_string(i) + " must be a finite number above 0");
    }
}

} // namespace

std::int64_t ModelSpec::patches() const
{
    return patchSize > 0 ? std::int64_t(imageHeight / patchSize) * (imageWidth / patchSize) : 0;
}

std::int64_t ModelSpec::tokens() const
{
    return patches() + (classToken ? 1 : 0) + registerTokens;
}

std::int64_t ModelSpec::qkDim(const BlockSpec &block) const
{
    const int count = headCount(block);
    return count > 0 ? block.qkWidth() / count : 0;
}

std::int64_t ModelSpec::voDim(const BlockSpec &block) const
{
    const int count = headCount(block);
    return count > 0 ? block.voWidth() / count : 0;
}

std::vector<const LinearSpec *> ModelSpec::linears() const
{
    return linearsOf<const ModelSpec, const LinearSpec>(*this);
}

std::vector<LinearSpec *> ModelSpec::linears()
{
    return linearsOf<ModelSpec, LinearSpec>(*this);
}

const LinearSpec &ModelSpec::linear(std::string_view layer) const
{
    for (const LinearSpec *candidate : linears()) {
        if (candidate->name == layer)
            return *candidate;
    }
    throw Error("model: there is no layer \"" + std::string(layer) +
                "\"; layers are called like blocks.0.mlp.fc1, patch_embed or head");
}

std::int64_t ModelSpec::parameterCount() const
{
    std::int64_t count = 0;
    for (const LinearSpec *linear : linears())
        count += linear->outFeatures * linear->inFeatures + (linear->bias ? linear->outFeatures : 0);
    const auto norms = static_cast<std::int64_t>(2 * blocks.size() + 1 + (preNorm ? 1 : 0));
    count += norms * 2 * width;
    count += (tokens() - patches()) * width; // class and register tokens
    count += tokens() * width;               // positions
    return count;
}

ModelSpec makeVitSpec(const VitShape &shape)
{
    checkRange("the depth", shape.depth, 1, maxDepth);
    checkRange("the number of heads", shape.heads, 1, maxHeads);
    checkRange("the width", shape.width, 1, maxWidth);
    checkRange("the patch size", shape.patchSize, 1, maxImageSize);
    checkRange("the number of channels", shape.channels, 1, 3);
    if (shape.width % shape.heads != 0)
        throw Error("model: a width of " + std::to_string(shape.width) + " cannot be split into " +
                    std::to_string(shape.heads) + " equal heads");
    ModelSpec spec;
    spec.naming = "edgeflex";
    spec.imageHeight = spec.imageWidth = shape.imageSize;
    spec.channels = shape.channels;
    spec.patchSize = shape.patchSize;
    spec.width = shape.width;
    spec.heads = shape.heads;
    spec.headDim = shape.width / shape.heads;
    spec.patchEmbed =
        makeLinear("patch_embed", shape.width, std::int64_t(shape.channels) * shape.patchSize * shape.patchSize);
    for (int i = 0; i < shape.depth; ++i) {
        BlockSpec block;
        block.qkv = makeLinear(layerName(i, "attn.qkv"), 3 * shape.width, shape.width);
        block.proj = makeLinear(layerName(i, "attn.proj"), shape.width, shape.width);
        block.fc1 = makeLinear(layerName(i, "mlp.fc1"), shape.mlpWidth, shape.width);
        block.fc2 = makeLinear(layerName(i, "mlp.fc2"), shape.width, shape.mlpWidth);
        spec.blocks.push_back(std::move(block));
    }
    spec.head = makeLinear("head", shape.classes, shape.width);
    validate(spec);
    return spec;
}

LinearSpec absentLinear(const std::string &name)
{
    LinearSpec absent = makeLinear(name, 0, 0);
    absent.bias = false;
    return absent;
}

std::int64_t headDimStep(std::int64_t headDim)
{
    return headDim >= 64 ? 16 : 8;
}

std::string layerName(int block, std::string_view suffix)
{
    return "blocks." + std::to_string(block) + "." + std::string(suffix);
}

void validate(const ModelSpec &spec)
{
    checkRange("the image height", spec.imageHeight, 1, maxImageSize);
    checkRange("the image width", spec.imageWidth, 1, maxImageSize);
    if (spec.channels != 1 && spec.channels != 3)
        throw Error("model: images have " + std::to_string(spec.channels) + " channels, but must have 1 or 3");
    checkRange("the patch size", spec.patchSize, 1, std::min(spec.imageHeight, spec.imageWidth));
    if (spec.imageHeight % spec.patchSize != 0 || spec.imageWidth % spec.patchSize != 0)
        throw Error("model: patches of " + std::to_string(spec.patchSize) + " pixels do not divide images of " +
                    std::to_string(spec.imageHeight) + " x " + std::to_string(spec.imageWidth));
    checkRange("the number of patches", spec.patches(), 1, maxPatches);
    checkRange("the width", spec.width, 1, maxWidth);
    checkRange("the number of heads", spec.heads, 1, maxHeads);
    checkRange("the size of a head", spec.headDim, 1, maxWidth);
    checkRange("the number of attention channels", spec.heads * spec.headDim, 1, maxWidth);
    checkRange("the number of register tokens", spec.registerTokens, 0, maxRegisterTokens);
    checkRange("the number of blocks", static_cast<std::int64_t>(spec.blocks.size()), 1, maxDepth);
    checkRange("the number of classes", spec.classes(), 1, maxClasses);
    if (!(spec.layerNormEps > 0 && spec.layerNormEps <= maxLayerNormEps))
        throw Error("model: the layer norm's epsilon must be above 0 and at most 0.01");
    if (spec.pooling == Pooling::ClassToken && !spec.classToken)
        throw Error("model: the class token is to be classified, but the model has none");

    checkLinear(spec.patchEmbed, "patch_embed", spec.width,
                std::int64_t(spec.channels) * spec.patchSize * spec.patchSize);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        const int index = static_cast<int>(i);
        checkAttention(spec, block, index);
        if (block.mlpIsLinear()) {
            checkLinearHalf(spec, block.fc1, layerName(index, "mlp.fc1"), block.fc2, layerName(index, "mlp.fc2"));
            continue;
        }
        checkRange("the MLP width of block " + std::to_string(i), block.mlpWidth(), 1, maxMlpWidth);
        checkLinear(block.fc1, layerName(index, "mlp.fc1"), block.mlpWidth(), spec.width);
        checkLinear(block.fc2, layerName(index, "mlp.fc2"), spec.width, block.mlpWidth());
    }
    std::int64_t features = spec.width;
    if (spec.preLogits.size() > 1)
        throw Error("model: there are " + std::to_string(spec.preLogits.size()) +
                    " pre_logits layers, but there can be one at most");
    if (!spec.preLogits.empty()) {
        features = spec.preLogits.front().outFeatures;
        checkRange("the width of pre_logits", features, 1, maxMlpWidth);
        checkLinear(spec.preLogits.front(), "pre_logits", features, spec.width);
    }
    checkLinear(spec.head, "head", spec.classes(), features);
    // Within the ranges above the count cannot overflow.
    if (spec.parameterCount() > maxParameters)
        throw Error("model: it has " + std::to_string(spec.parameterCount()) + " parameters, but at most " +
                    std::to_string(maxParameters) + " are supported");
    checkPreprocessing(spec);
    if (!spec.classNames.empty() && static_cast<std::int64_t>(spec.classNames.size()) != spec.classes())
        throw Error("model: there are " + std::to_string(spec.classNames.size()) + " class names for " +
                    std::to_string(spec.classes()) + " classes");
}

void to_json(nlohmann::json &json, const LinearSpec &value)
{
    json = {{"name", value.name},
            {"outFeatures", value.outFeatures},
            {"inFeatures", value.inFeatures},
            {"bias", value.bias},
            {"format", toString(value.format)},
            {"groupSize", value.groupSize},
            {"inputScale", value.inputScale}};
}

void from_json(const nlohmann::json &json, LinearSpec &value)
{
    const JsonFields fields(json, "layer");
    fields.read("name", value.name);
    fields.read("outFeatures", value.outFeatures, {0, maxClasses});
    fields.read("inFeatures", value.inFeatures, {0, std::int64_t(3) * maxImageSize * maxImageSize});
    fields.read("bias", value.bias);
    fields.readWord("format", value.format, numberFormatFromString);
    fields.read("groupSize", value.groupSize, {1, maxMlpWidth});
    fields.read("inputScale", value.inputScale);
}

static void to_json(nlohmann::json &json, const BlockSpec &value)
{
    json = {{"qkv", value.qkv},
            {"proj", value.proj},
            {"fc1", value.fc1},
            {"fc2", value.fc2},
            {"removedHeads", value.removedHeads}};
}

static void from_json(const nlohmann::json &json, BlockSpec &value)
{
    const JsonFields fields(json, "block");
    fields.readObject("qkv", value.qkv);
    fields.readObject("proj", value.proj);
    fields.readObject("fc1", value.fc1);
    fields.readObject("fc2", value.fc2);
    if (fields.has("removedHeads"))
        fields.read("removedHeads", value.removedHeads, {0, maxHeads});
}

void to_json(nlohmann::json &json, const ModelSpec &value)
{
    json = {{"name", value.name},
            {"naming", value.naming},
            {"imageHeight", value.imageHeight},
            {"imageWidth", value.imageWidth},
            {"channels", value.channels},
            {"patchSize", value.patchSize},
            {"width", value.width},
            {"heads", value.heads},
            {"headDim", value.headDim},
            {"classToken", value.classToken},
            {"registerTokens", value.registerTokens},
            {"preNorm", value.preNorm},
            {"pooling", poolingNames.at(static_cast<std::size_t>(value.pooling))},
            {"normPlace", normPlaceNames.at(static_cast<std::size_t>(value.normPlace))},
            {"activation", activationNames.at(static_cast<std::size_t>(value.activation))},
            {"layerNormEps", value.layerNormEps},
            {"patchEmbed", value.patchEmbed},
            {"blocks", value.blocks},
            {"preLogits", value.preLogits},
            {"head", value.head},
            {"preprocessing", value.preprocessing},
            {"classNames", value.classNames}};
}

void from_json(const nlohmann::json &json, ModelSpec &value)
{
    const JsonFields fields(json, "model");
    fields.read("name", value.name);
    fields.read("naming", value.naming);
    fields.read("imageHeight", value.imageHeight, {0, maxImageSize});
    fields.read("imageWidth", value.imageWidth, {0, maxImageSize});
    fields.read("channels", value.channels, {1, 3});
    fields.read("patchSize", value.patchSize, {1, maxImageSize});
    fields.read("width", value.width, {0, maxWidth});
    fields.read("heads", value.heads, {0, maxHeads});
    fields.read("headDim", value.headDim, {0, maxWidth});
    fields.read("classToken", value.classToken);
    fields.read("registerTokens", value.registerTokens, {0, maxRegisterTokens});
    fields.read("preNorm", value.preNorm);
    fields.readWord("pooling", value.pooling, poolingFromString);
    fields.readWord("normPlace", value.normPlace, normPlaceFromString);
    fields.readWord("activation", value.activation, activationFromString);
    fields.read("layerNormEps", value.layerNormEps, {0, maxLayerNormEps, true});
    fields.readObject("patchEmbed", value.patchEmbed);
    fields.readObjects("blocks", value.blocks);
    fields.readObjects("preLogits", value.preLogits);
    fields.readObject("head", value.head);
    fields.readObject("preprocessing", value.preprocessing);
    fields.read("classNames", value.classNames);
}

} // namespace edgeflex
