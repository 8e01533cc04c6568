#pragma once

#include "engine/compress/linearhalf.h"
#include "engine/profile/calibration.h"
#include "engine/profile/tokenstream.h"
#include "plan/progress.h"

#include <map>
#include <optional>
#include <utility>

namespace edgeflex {

// Linear layers in place of halves of an uncompressed model's blocks, fitted when they are first asked for: that takes
// a pass of the calibration images through the blocks before. Not thread-safe.
class LinearHalves
{
public:
    // `calibration` must outlive this.
    explicit LinearHalves(const Calibration &calibration) : m_calibration(calibration) {}

    const LinearHalf &half(int block, BlockPart half, Progress &progress);

private:
    const Calibration &m_calibration;
    std::optional<TokenStream> m_stream; // where it stands: before block m_next
    int m_next = 0;
    std::map<std::pair<int, BlockPart>, LinearHalf> m_halves;
};

} // namespace edgeflex
