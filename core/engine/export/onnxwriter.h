#pragma once

#include "engine/model/vitmodel.h"
#include "plan/progress.h"

#include <cstdint>
#include <string>

namespace edgeflex {

struct OnnxFile
{
    std::string path;
    std::string dataPath;        // of the external data; empty when the weights are in the file itself
    std::int64_t bytes = 0;      // of both
    int layersWrittenAsFp32 = 0; // linear layers whose weights are stored in another format
};

// Weights of more bytes go into "<file name>.data" beside the file: protobuf ends at 2 GiB, and readers map the
// data instead of parsing it.
inline constexpr std::int64_t onnxInlineLimitBytes = 1'500'000'000;

// Writes the model as FP32 ONNX, a step a tensor, and replaces existing files at the end. Whatever the size, one
// tensor at a time is in memory. Quantized and 16-bit weights are written as the FP32 values they stand for.
// Throws Error naming the file or the layer, Cancelled.
OnnxFile writeOnnx(const VitModel &model, const std::string &path, Progress &progress,
                   std::int64_t inlineLimitBytes = onnxInlineLimitBytes);

} // namespace edgeflex
