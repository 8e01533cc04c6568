#pragma once

#include "engine/io/weightfile.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace edgeflex {

// A state dict saved by torch.save (the zip format of PyTorch 1.6 and later). Reads from memory; contiguous
// tensors are views of `bytes`, which `owner` keeps alive, others are copies. `name` stands for the file
// in errors. Prefixes "module." and "_orig_mod." of data parallel and compiled models are dropped.
WeightFile parseTorchCheckpoint(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                const std::string &name);

} // namespace edgeflex
