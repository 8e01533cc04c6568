#pragma once

#include "engine/data/image.h"

#include <cstdint>
#include <span>
#include <string>

namespace edgeflex {

// True when the bytes begin with PNG's signature.
bool isPng(std::span<const std::uint8_t> bytes);

// PNG (ISO/IEC 15948) by libpng, every colour type, depth and interlacing, to the pixels of Pillow's
// convert("RGB"): palettes are expanded, alpha is dropped without blending, 16-bit colour keeps its upper byte,
// 16-bit grey is clipped at 255 (Pillow's rule, which takes the values as they are), gamma is not applied. Grey stays
// grey. Throws Error naming `name`. Thread-safe.
Image decodePng(std::span<const std::uint8_t> bytes, const std::string &name);

} // namespace edgeflex
