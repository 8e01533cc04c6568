#include "engine/model/vitmodel.h"

#include "engine/io/hfconfig.h"
#include "engine/io/mappedfile.h"
#include "engine/io/weightfile.h"
#include "engine/io/ziparchive.h"
#include "engine/model/namemapping.h"
#include "engine/model/savedmodel.h"
#include "plan/error.h"

#include <algorithm>
#include <filesystem>
#include <optional>

namespace edgeflex {

namespace fs = std::filesystem;

namespace {

bool isTorchExtension(const std::string &extension)
{
    return extension == ".pth" || extension == ".pt" || extension == ".bin" || extension == ".ckpt";
}

// The one file of a folder that holds weights.
std::string findWeights(const std::string &folder)
{
    std::error_code error;
    for (const char *usual : {"model.safetensors", "pytorch_model.bin"})
        if (const fs::path path = fs::path(folder) / usual; fs::exists(path, error))
            return path.string();
    std::vector<std::string> found;
    for (const fs::directory_entry &entry : fs::directory_iterator(folder, error)) {
        const std::string extension = entry.path().extension().string();
        if (entry.path().filename().string().ends_with(".index.json"))
            throw Error(folder + " holds a checkpoint in several parts, which cannot be read: save it as one file");
        if (extension == ".safetensors" || isTorchExtension(extension))
            found.push_back(entry.path().string());
    }
    if (error)
        throw Error(folder + " cannot be read: " + error.message());
    if (found.empty())
        throw Error(folder + " holds no model: neither model.safetensors nor a .pth, .pt or .bin file");
    if (found.size() > 1)
        throw Error(folder + " holds " + std::to_string(found.size()) + " checkpoints: name the file to open");
    return found.front();
}

WeightFile readWeights(const std::string &path)
{
    const std::string extension = fs::path(path).extension().string();
    if (extension == ".safetensors")
        return readSafetensors(path);
    if (isTorchExtension(extension))
        return readTorchCheckpoint(path);
    if (ZipArchive::isZip(MappedFile::open(path)->bytes()))
        return readTorchCheckpoint(path);
    throw Error(path + " is not a checkpoint that can be opened: .safetensors, .pth, .pt and .bin files are");
}

void applySource(VitModel &model, const ModelSource &source)
{
    if (source.heads && *source.heads != model.spec.heads)
        throw Error(source.path + " has " + std::to_string(model.spec.heads) + " attention heads, but --heads says " +
                    std::to_string(*source.heads));
    overridePreprocessing(model.spec, source);
    validate(model.spec);
}

template<typename Weights, typename Model>
Weights *findLinear(Model &model, const std::string &name)
{
    if (model.weights.patchEmbed.spec.name == name)
        return &model.weights.patchEmbed;
    for (auto &block : model.weights.blocks)
        for (Weights *weights : {&block.qkv, &block.proj, &block.fc1, &block.fc2})
            if (weights->spec.name == name)
                return weights;
    for (auto &weights : model.weights.preLogits)
        if (weights.spec.name == name)
            return &weights;
    return model.weights.head.spec.name == name ? &model.weights.head : nullptr;
}

} // namespace

LinearWeights &VitModel::linear(const std::string &name)
{
    if (auto *found = findLinear<LinearWeights>(*this, name))
        return *found;
    throw Error("model " + spec.name + " has no linear layer " + name);
}

const LinearWeights &VitModel::linear(const std::string &name) const
{
    if (const auto *found = findLinear<const LinearWeights>(*this, name))
        return *found;
    throw Error("model " + spec.name + " has no linear layer " + name);
}

VitModel openModel(const ModelSource &source)
{
    if (source.path.empty())
        throw Error("no model was given: name a folder or a checkpoint");
    std::error_code error;
    const fs::path path = fs::path(source.path).lexically_normal();
    const bool isFolder = fs::is_directory(path, error);
    if (!isFolder && !fs::exists(path, error))
        throw Error(source.path + " does not exist: name a folder or a checkpoint");
    const std::string folder = isFolder ? path.string() : path.parent_path().string();
    if (isSavedModel(folder.empty() ? "." : folder) && (isFolder || path.filename() == savedWeightsFile)) {
        VitModel model = openSavedModel(folder.empty() ? "." : folder);
        model.path = source.path;
        applySource(model, source);
        return model;
    }
    const std::string weights = isFolder ? findWeights(folder) : source.path;
    const ModelConfig config = readModelConfig(folder);
    const fs::path named = isFolder && path.filename().empty() ? path.parent_path() : path;
    VitModel model = mapModel(readWeights(weights), config, source, named.filename().string());
    model.fileBytes = static_cast<std::int64_t>(fs::file_size(weights));
    return model;
}

PackedLinear VitModel::packedLinear(const std::string &name) const
{
    const LinearWeights &layer = linear(name);
    if (packed) {
        if (std::optional<PackedLinear> there = packed->layer(layer))
            return std::move(*there);
    }
    PackedLinear made = packLinear(layer);
    layer.values.releasePages(); // held once: packed
    return made;
}

} // namespace edgeflex
