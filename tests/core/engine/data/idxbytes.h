#pragma once

#include <cstdint>
#include <vector>

namespace edgeflex::test {

// An IDX file of unsigned bytes that count up from 0.
inline std::vector<std::uint8_t> idxBytes(const std::vector<std::uint32_t> &extents)
{
    std::vector<std::uint8_t> bytes{0, 0, 8, static_cast<std::uint8_t>(extents.size())};
    std::uint32_t elements = 1;
    for (const std::uint32_t extent : extents) {
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::uint8_t>(extent >> shift));
        elements *= extent;
    }
    for (std::uint32_t i = 0; i < elements; ++i)
        bytes.push_back(static_cast<std::uint8_t>(i));
    return bytes;
}

} // namespace edgeflex::test
