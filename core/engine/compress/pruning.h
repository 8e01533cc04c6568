#pragma once

#include "engine/kernels/linearweights.h"
#include "engine/profile/linearstatistics.h"

#include <cstdint>
#include <vector>

namespace edgeflex {

// Structured removal of MLP channels: fc1 loses output rows, fc2 loses input columns; the matrices become
// smaller, nothing is masked.

// The `width` channels of greatest importance, ascending. Of equals the lower index stays. Throws Error
// unless 0 < width <= importance.size().
std::vector<std::int64_t> keptChannels(const std::vector<double> &importance, std::int64_t width);

// The channels not in `kept` (ascending), ascending.
std::vector<std::int64_t> removedChannels(const std::vector<std::int64_t> &kept, std::int64_t width);

// W [N, K] -> [kept, K] with its bias; FP32. Throws Error naming the layer when `kept` is not strictly ascending
// within [0, N) or the format is not FP32.
LinearWeights keepOutputs(const LinearWeights &weights, const std::vector<std::int64_t> &kept);
// W [N, K] -> [N, kept], the bias unchanged; FP32. Throws likewise.
LinearWeights keepInputs(const LinearWeights &weights, const std::vector<std::int64_t> &kept);

// The statistics of the kept inputs: rows and columns of the Gram matrix, entries of the rest.
LinearStatistics keepFeatures(const LinearStatistics &statistics, const std::vector<std::int64_t> &kept);

} // namespace edgeflex
