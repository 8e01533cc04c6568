#pragma once

#include "engine/profile/linearstatistics.h"
#include "engine/profile/statisticscollector.h"
#include "plan/progress.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace edgeflex {

// The statistics of some layers' inputs as bytes of a file. Gram matrices are kept as lower triangles in FP32: the
// collector itself sums in FP32 within 2,048 rows, so the rounding is no coarser than what is rounded, and it stays far
// below the least ridge of a refit (1e-4 of the mean variance). Everything else keeps its precision. Little-endian:
//   magic, layers, bytes in all;  a layer: features, tokens, tokens to fit, to validate and of classes, bytes of its
//   two sections, a hash of each;  a hash of all that;  the sections: channels (meanAbs, maxAbs, meanSquare, means),
//   Gram
// A change of the format needs another magic. Both ways throw Cancelled: wide layers take a while.
std::vector<std::byte> encodeStatistics(const std::vector<LinearStatistics> &layers,
                                        const Progress &progress = neverCancelled);

// The layers that are wanted, by their position, as deep as asked; what is not wanted is not read (but for the header).
// Nothing where `bytes` are not whole and undamaged statistics of layers with just these numbers of features.
using WantedLayers = std::map<int, StatisticsCollector::Depth>;
std::optional<std::map<int, LinearStatistics>> decodeStatistics(std::span<const std::byte> bytes,
                                                                const std::vector<std::int64_t> &features,
                                                                const WantedLayers &wanted,
                                                                const Progress &progress = neverCancelled);

} // namespace edgeflex
