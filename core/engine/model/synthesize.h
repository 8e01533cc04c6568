#pragma once

#include "plan/modelspec.h"
#include "plan/progress.h"
#include "plan/verboptions.h"

namespace edgeflex {

// The sizes of vit-tiny, vit-small, vit-base, vit-large (patch 16) or vit-huge (patch 14), for images of
// 224 pixels resized from 248. Throws Error naming the architectures that there are.
ModelSpec synthesizedSpec(const SynthesizeOptions &options);

// Writes a saved model of random weights: for the speed and memory of a shape, with no accuracy. Linear
// weights are bell-shaped with standard deviation 0.02, LayerNorm gains lie about 1 with three channels
// eight times as large (as trained models have), biases are small. The same seed gives the same bytes on
// every platform. Memory use is about the largest tensor. Throws Error when the folder cannot be written.
void synthesizeModel(const SynthesizeOptions &options, Progress &progress);

} // namespace edgeflex
