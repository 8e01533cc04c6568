#pragma once

#include "engine/model/vitmodel.h"
#include "onnxmodel.pb.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace edgeflex {

// A large constant of an ONNX graph. Its values are made when they are written, so that one at a time is in memory.
struct OnnxInitializer
{
    std::string name;
    std::vector<std::int64_t> shape;
    std::function<Tensor()> values; // F32 of that many elements, in that row-major order; throws Error

    std::int64_t bytes() const; // of FP32 values
};

// The messages without large constants, and these apart.
struct OnnxGraph
{
    onnx::Model model;
    std::vector<OnnxInitializer> initializers;
    int layersWrittenAsFp32 = 0; // linear layers whose weights are stored in another format
};

// Opset 17 (LayerNormalization), which ONNX Runtime reads from 1.12 on. Input "pixel_values" [batch, C, H, W],
// output "logits" [batch, classes], both FP32 with a dynamic batch. Nodes follow the forms that ONNX Runtime's
// optimizer recognises (seen in 1.32): GELU as Div-Erf-Add-Mul-Mul becomes one BiasGelu with the layer's bias, just
// as opset 20's Gelu does, and older runtimes know it too; keys are transposed once, straight to [headDim, tokens],
// and the scale of the scores goes into that product. The model must outlive the graph. Throws Error naming a layer
// whose arrays do not fit its spec.
OnnxGraph makeOnnxGraph(const VitModel &model);

} // namespace edgeflex
