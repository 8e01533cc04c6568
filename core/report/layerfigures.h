#pragma once

#include "plan/modelspec.h"
#include "report/chart.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Bytes that a linear layer writes for a batch, FP32.
std::int64_t activationBytes(const ModelSpec &spec, const LinearSpec &linear, int batch);
// The block a layer or operation belongs to by its name, -1: none.
int blockOfLayer(const std::string &name);
// Ticks in the middle of each block of a list that gives every entry's block, about `most` of them.
std::vector<ChartTick> blockTicks(const std::vector<int> &blocks, int most);

} // namespace edgeflex
