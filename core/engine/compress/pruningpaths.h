#pragma once

#include "engine/compress/pruningpath.h"
#include "engine/model/vitmodel.h"
#include "engine/profile/calibration.h"

#include <cstddef>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace edgeflex {

// A path as bytes of a file, little-endian: magic, channels, order, errors, a hash of all that. A change of the format
// or of how paths are made needs another magic.
std::vector<std::byte> encodePath(const PruningPath &path);
// Nothing where `bytes` are not a whole and undamaged path of so many channels.
std::optional<PruningPath> decodePath(std::span<const std::byte> bytes, std::int64_t channels);

// The pruning paths of the MLPs of an uncompressed model, kept beside the calibration statistics that they follow from:
// once made, another width only looks up which channels stay. Not thread-safe.
class PruningPaths
{
public:
    // Both must outlive this.
    PruningPaths(const VitModel &model, Calibration &calibration) : m_model(model), m_calibration(calibration) {}

    // From memory, from the cache, or made and put there. Throws Cancelled.
    const PruningPath &path(int block, ImportanceScore score, Progress &progress);

private:
    const VitModel &m_model;
    Calibration &m_calibration;
    std::map<std::pair<int, ImportanceScore>, PruningPath> m_paths;
};

} // namespace edgeflex
