#pragma once

#include "engine/model/vitmodel.h"
#include "plan/benchmark.h"

namespace edgeflex {

// `model` (FP32) as a plan makes it, by the quickest means: the first channels and dimensions stay, every weight is
// rounded to the nearest. As quick and as small as a model of that shape is, and says nothing of accuracy. Layers that
// stay as they are share their weights. Throws Error naming the layer when the model is already compressed.
VitModel plainVariant(const VitModel &model, const BenchPlan &plan);

} // namespace edgeflex
