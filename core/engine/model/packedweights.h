#pragma once

#include "engine/kernels/packedlinear.h"
#include "engine/tensor/tensor.h"

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace edgeflex {

struct VitModel;

// A tuned model's linear layers as kernels read them, in a file beside the model: what starts it reads no more of it
// than is touched, and processes that run it share its pages. A safetensors file:
//   __metadata__  layout: packedLayoutVersion; identity and whole: modelIdentity() of samples and of all of the weights
//   it was made of
//   <layer>.values, .scales, .offsets, .bias, .input_scale as far as there are such: U8, the bytes of PackedLinear's
//   arrays, each filled up to 64 bytes
// Immutable; safe to use from several threads.
class PackedWeights
{
public:
    // Packs layer by layer, holding one of them. Throws Error when it cannot be written.
    static void write(const VitModel &model, const std::string &path);
    // Whether all of the model's weights are compared with those it was made of, or samples: enough where they were not
    // written after it.
    enum class Compare { Samples, All };
    // Of the same model. Throws Error when the file is cut off, of another layout or of other weights. Every array's
    // size is checked here; values are not looked at, for they were when it was written.
    static PackedWeights read(const VitModel &model, const std::string &path, Compare compare);

    // The layer's arrays where they are; nothing where `weights` are not those that the file is of: a layer that was
    // changed since the model was opened must be packed again.
    std::optional<PackedLinear> layer(const LinearWeights &weights) const;

private:
    struct Layer
    {
        LinearSpec spec;
        std::array<const std::byte *, 5> of{}; // where the tensors it was made of lie
        Tensor values;
        Tensor scales;
        Tensor offsets;
        Tensor bias;
        Tensor inputScale;
    };
    std::map<std::string, Layer> m_layers;
};

} // namespace edgeflex
