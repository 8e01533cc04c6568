#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace edgeflex {

// Largest image that is decoded, in pixels.
inline constexpr std::uint64_t maximumImagePixels = 100'000'000;

// Called before memory for pixels is allocated. Throws Error when an extent is zero, when there are more than
// maximumImagePixels, or when `encodedBytes` cannot hold that many pixels at `pixelsPerByte`, the format's best
// compression: a few hundred bytes must not make the reader allocate and fill gigabytes.
void checkDeclaredSize(std::uint64_t width, std::uint64_t height, std::size_t encodedBytes, std::uint64_t pixelsPerByte,
                       const std::string &name);

} // namespace edgeflex
