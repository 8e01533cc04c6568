#pragma once

#include "engine/train/parameters.h"
#include "engine/train/randomstream.h"
#include "plan/modelspec.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace edgeflex {

// A Vision Transformer as LibTorch can differentiate it: class token, pre-norm blocks, exact GELU. Every call runs on
// the calling thread alone, and several threads may call at once. Throws Error when LibTorch fails.
class TrainableVit
{
public:
    // `layout` is the spec's and must outlive this. `bf16`: products of BF16 numbers in loss().
    TrainableVit(const ModelSpec &spec, const ParameterLayout &layout, double dropPath, bool bf16);

    // The cross entropy of the targets' classes under the logits, over `batch` images, divided by `divisor`; writes its
    // gradient. pixels [batch, channels, height, width], targets [batch, classes], values and gradient as the layout.
    // Of the patches only the share `patches` is looked at, the same of all images.
    double loss(const std::vector<float> &values, const float *pixels, const float *targets, std::int64_t batch,
                double divisor, double patches, RandomStream &random, std::vector<float> &gradient) const;
    // Logits [batch, classes] in FP32.
    void logits(const std::vector<float> &values, const float *pixels, std::int64_t batch, float *out) const;

private:
    ModelSpec m_spec;
    const ParameterLayout &m_layout;
    double m_dropPath;
    bool m_bf16;
};

// "1.13.1"
std::string trainingLibrary();

} // namespace edgeflex
