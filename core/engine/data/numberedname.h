#pragma once

#include <cstdint>
#include <string>

namespace edgeflex {

// The name of an image in a file of many: "index 0042". Part of the calibration and search split, so it never changes.
inline std::string numberedName(std::int64_t index)
{
    const std::string digits = std::to_string(index);
    return "index " + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

} // namespace edgeflex
