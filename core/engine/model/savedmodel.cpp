#include "engine/model/savedmodel.h"

#include "engine/io/atomicfolder.h"
#include "engine/io/mappedfile.h"
#include "engine/io/printable.h"
#include "plan/error.h"
#include "plan/jsonfields.h"
#include "plan/linearlayout.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stdexcept>
#include <utility>

namespace edgeflex {

namespace fs = std::filesystem;

namespace {

constexpr std::int64_t formatVersion = 1;
constexpr std::size_t maximumConfigBytes = std::size_t{64} << 20;

DType valuesType(NumberFormat format)
{
    switch (format) {
    case NumberFormat::Fp32:
        return DType::F32;
    case NumberFormat::Fp16:
        return DType::F16;
    case NumberFormat::Bf16:
        return DType::BF16;
    case NumberFormat::Int8:
        return DType::I8;
    case NumberFormat::Int4:
        return DType::U8;
    }
    throw std::logic_error("unknown number format");
}

// The tensors of a model as they stand in the file, in one fixed order. `Visit` is called with the name,
// the type and shape that the spec asks for, and the tensor's place.
using Visit = std::function<void(const std::string &, DType, std::vector<std::int64_t>, Tensor &)>;

void visitLinear(const LinearSpec &spec, LinearWeights &weights, const Visit &visit)
{
    const std::int64_t rows = spec.outFeatures;
    const std::int64_t columns = spec.inFeatures;
    const bool int4 = spec.format == NumberFormat::Int4;
    if (spec.isAbsent())
        return;
    visit(spec.name + ".weight", valuesType(spec.format), {rows, int4 ? (columns + 1) / 2 : columns}, weights.values);
    if (spec.format == NumberFormat::Int8)
        visit(spec.name + ".weight_scale", DType::F32, {rows}, weights.scales);
    if (int4) {
        const std::int64_t groups = int4Groups(columns, spec.groupSize);
        visit(spec.name + ".weight_scale", DType::F16, {rows, groups}, weights.scales);
        visit(spec.name + ".weight_zero_point", DType::U8, {rows, (groups + 1) / 2}, weights.zeroPoints);
    }
    if (spec.bias)
        visit(spec.name + ".bias", DType::F32, {rows}, weights.bias);
    if (spec.inputScale)
        visit(spec.name + ".input_scale", DType::F32, {columns}, weights.inputScale);
}

void visitNorm(const std::string &name, std::int64_t width, NormWeights &norm, const Visit &visit)
{
    visit(name + ".weight", DType::F32, {width}, norm.gamma);
    visit(name + ".bias", DType::F32, {width}, norm.beta);
}

// `weights` must have as many blocks and pre_logits layers as the spec.
void visitTensors(const ModelSpec &spec, VitWeights &weights, const Visit &visit)
{
    visitLinear(spec.patchEmbed, weights.patchEmbed, visit);
    if (const std::int64_t prefix = spec.tokens() - spec.patches(); prefix > 0)
        visit("prefix_tokens", DType::F32, {prefix, spec.width}, weights.prefixTokens);
    visit("pos_embed", DType::F32, {spec.tokens(), spec.width}, weights.positionEmbedding);
    if (spec.preNorm)
        visitNorm("pre_norm", spec.width, weights.preNorm, visit);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const int index = static_cast<int>(i);
        BlockWeights &block = weights.blocks[i];
        visitNorm(layerName(index, "norm1"), spec.width, block.norm1, visit);
        visitLinear(spec.blocks[i].qkv, block.qkv, visit);
        visitLinear(spec.blocks[i].proj, block.proj, visit);
        visitNorm(layerName(index, "norm2"), spec.width, block.norm2, visit);
        visitLinear(spec.blocks[i].fc1, block.fc1, visit);
        visitLinear(spec.blocks[i].fc2, block.fc2, visit);
    }
    visitNorm("norm", spec.width, weights.norm, visit);
    for (std::size_t i = 0; i < spec.preLogits.size(); ++i)
        visitLinear(spec.preLogits[i], weights.preLogits[i], visit);
    visitLinear(spec.head, weights.head, visit);
}

// Weights without tensors, each layer with its spec.
VitWeights emptyWeights(const ModelSpec &spec)
{
    const auto layer = [](const LinearSpec &linear) {
        LinearWeights weights;
        weights.spec = linear;
        return weights;
    };
    VitWeights weights;
    weights.patchEmbed = layer(spec.patchEmbed);
    for (const BlockSpec &block : spec.blocks) {
        BlockWeights empty;
        empty.qkv = layer(block.qkv);
        empty.proj = layer(block.proj);
        empty.fc1 = layer(block.fc1);
        empty.fc2 = layer(block.fc2);
        weights.blocks.push_back(std::move(empty));
    }
    for (const LinearSpec &linear : spec.preLogits)
        weights.preLogits.push_back(layer(linear));
    weights.head = layer(spec.head);
    return weights;
}

// The "edgeflex" object of a config.json, or null when the file is another program's.
nlohmann::json edgeflexObject(std::string_view config, const std::string &configName)
{
    nlohmann::json json = parseJson(config, configName);
    const auto found = json.is_object() ? json.find("edgeflex") : json.end();
    return found == json.end() ? nlohmann::json() : *found;
}

} // namespace

void visitSavedTensors(const VitModel &model,
                       const std::function<void(const std::string &name, const Tensor &tensor)> &visit)
{
    if (model.weights.blocks.size() != model.spec.blocks.size() ||
        model.weights.preLogits.size() != model.spec.preLogits.size())
        throw std::logic_error("the weights of " + model.spec.name + " are not those of its spec");
    VitWeights weights = model.weights; // handles that share the model's storage
    visitTensors(model.spec, weights, [&](const std::string &name, DType, std::vector<std::int64_t>, Tensor &tensor) {
        visit(name, tensor);
    });
}

std::vector<TensorEntry> savedTensors(const ModelSpec &spec)
{
    std::vector<TensorEntry> entries;
    VitWeights weights = emptyWeights(spec);
    visitTensors(spec, weights, [&](const std::string &name, DType dtype, std::vector<std::int64_t> shape, Tensor &) {
        entries.push_back({name, dtype, std::move(shape)});
    });
    return entries;
}

std::string savedConfig(const ModelSpec &spec, const std::map<std::string, std::string> &provenance)
{
    const nlohmann::json json = {
        {"edgeflex", {{"formatVersion", formatVersion}, {"spec", spec}, {"provenance", provenance}}}};
    return jsonText(json, 2) + "\n";
}

VitModel modelFromSaved(std::string_view config, const std::string &configName, const WeightFile &file)
{
    const nlohmann::json json = edgeflexObject(config, configName);
    const JsonFields fields(json, configName + ": edgeflex");
    std::int64_t version = 0;
    fields.read("formatVersion", version);
    if (version != formatVersion)
        throw Error(configName + " is of format version " + std::to_string(version) + ", but this program reads " +
                    std::to_string(formatVersion) + ": use the version of EdgeFlex Studio that wrote it");
    VitModel model;
    fields.readObject("spec", model.spec);
    fields.read("provenance", model.provenance);
    try {
        validate(model.spec);
    } catch (const Error &error) {
        throw Error(configName + ": " + error.what());
    }
    model.weights = emptyWeights(model.spec);
    std::size_t used = 0;
    visitTensors(model.spec, model.weights,
                 [&](const std::string &name, DType dtype, std::vector<std::int64_t> shape, Tensor &place) {
                     const Tensor &tensor = file.tensor(name);
                     const Tensor wanted = Tensor::view(dtype, std::move(shape), nullptr, nullptr);
                     if (tensor.dtype() != dtype || tensor.shape() != wanted.shape())
                         throw Error(file.path + ": tensor " + name + " is " + std::string(toString(tensor.dtype())) +
                                     " " + tensor.shapeText() + ", but " + configName + " asks for " +
                                     std::string(toString(dtype)) + " " + wanted.shapeText());
                     // Values are read in place, so they must lie as their type needs.
                     const bool aligned = reinterpret_cast<std::uintptr_t>(tensor.raw()) % elementBytes(dtype) == 0;
                     place = aligned ? tensor : tensor.clone();
                     ++used;
                 });
    if (used != file.tensors.size()) {
        const std::vector<TensorEntry> known = savedTensors(model.spec);
        for (const auto &stored : file.tensors)
            if (std::none_of(known.begin(), known.end(),
                             [&](const TensorEntry &entry) { return entry.name == stored.first; }))
                throw Error(file.path + ": tensor " + printable(stored.first) + " belongs to no layer of " +
                            configName);
    }
    try {
        for (const LinearSpec *linear : std::as_const(model.spec).linears()) {
            if (!linear->isAbsent())
                model.linear(linear->name).check();
        }
    } catch (const Error &error) {
        throw Error(file.path + ": " + error.what());
    }
    return model;
}

VitModel openSavedModel(const std::string &folder)
{
    const std::string configPath = (fs::path(folder) / savedConfigFile).string();
    const std::string weightsPath = (fs::path(folder) / savedWeightsFile).string();
    const std::string packedPath = (fs::path(folder) / savedPackedFile).string();
    std::error_code ignored;
    const bool packed = fs::exists(packedPath, ignored);
    // Of a model that is packed already, little more than norms and positions is read.
    const auto reading = packed ? MappedFile::Reading::Parts : MappedFile::Reading::Once;
    VitModel model =
        modelFromSaved(readTextFile(configPath, maximumConfigBytes), configPath, readSafetensors(weightsPath, reading));
    if (packed) {
        try {
            const bool changedSince = fs::last_write_time(weightsPath) > fs::last_write_time(packedPath);
            model.packed = std::make_shared<PackedWeights>(PackedWeights::read(
                model, packedPath, changedSince ? PackedWeights::Compare::All : PackedWeights::Compare::Samples));
        } catch (const Error &error) {
            model.packedNote = std::string(error.what()) + "; the weights are packed anew";
        }
    }
    model.path = folder;
    model.fileBytes = static_cast<std::int64_t>(fs::file_size(configPath) + fs::file_size(weightsPath));
    return model;
}

bool isSavedModel(const std::string &folder)
{
    const fs::path config = fs::path(folder) / savedConfigFile;
    std::error_code ignored;
    if (!fs::is_regular_file(config, ignored) || !fs::is_regular_file(fs::path(folder) / savedWeightsFile, ignored))
        return false;
    try {
        return !edgeflexObject(readTextFile(config.string(), maximumConfigBytes), config.string()).is_null();
    } catch (const Error &) {
        return false; // unreadable: not known to be ours
    }
}

void saveModel(const VitModel &model, const std::string &folder, Packed packed)
{
    validate(model.spec);
    std::map<std::string, Tensor> tensors;
    visitSavedTensors(model, [&](const std::string &name, const Tensor &tensor) { tensors.emplace(name, tensor); });
    AtomicFolder out(folder, isSavedModel);
    writeTextFile(out.temporary() + "/" + savedConfigFile, savedConfig(model.spec, model.provenance));
    SafetensorsWriter writer(out.temporary() + "/" + savedWeightsFile, savedTensors(model.spec), {});
    for (const TensorEntry &entry : writer.entries())
        writer.write(tensors.at(entry.name));
    writer.commit();
    if (packed == Packed::Too)
        PackedWeights::write(model, out.temporary() + "/" + savedPackedFile);
    out.commit();
}

} // namespace edgeflex
