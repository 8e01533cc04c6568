#pragma once

#include "engine/io/mappedfile.h"
#include "engine/tensor/tensor.h"

#include <map>
#include <string>
#include <vector>

namespace edgeflex {

// Named tensors read from a checkpoint, whatever its format. Tensors are views of the mapped file where
// the format allows.
struct WeightFile
{
    std::string path;
    std::map<std::string, Tensor> tensors;
    std::map<std::string, std::string> metadata;

    // Throws Error naming the file and the tensor when it is missing.
    const Tensor &tensor(const std::string &name) const;
    bool contains(const std::string &name) const { return tensors.contains(name); }
};

// Tells the tensors that lie in `file` so (see Tensor::markMapped).
void markMapped(WeightFile &weights, const MappedFile &file);

// safetensors: header length, JSON, dtypes, offsets, overlaps and holes are checked before any use.
WeightFile readSafetensors(const std::string &path, MappedFile::Reading reading = MappedFile::Reading::Once);
// Streams the tensors to `path` through a temporary file that replaces it at the end.
void writeSafetensors(const std::string &path, const std::map<std::string, Tensor> &tensors,
                      const std::map<std::string, std::string> &metadata);
// PyTorch zip state dicts (.pth, .pt, .bin), plain or under "model", "state_dict" or "model_state_dict".
// A restricted unpickler makes tensors, numbers, strings, lists, tuples and dicts and calls nothing else.
WeightFile readTorchCheckpoint(const std::string &path);

} // namespace edgeflex
