#pragma once

#include "engine/data/image.h"

#include <cstdint>
#include <span>
#include <string>

namespace edgeflex {

// True when the bytes begin as every JPEG file does.
bool isJpeg(std::span<const std::uint8_t> bytes);

// JPEG (ITU-T T.81, baseline and progressive) by libjpeg with its defaults, the accurate integer DCT and the smooth
// chroma upsampling, so that pixels equal Pillow's. Grey stays grey; CMYK and YCCK become RGB with Adobe's inverted
// values, which Pillow assumes too. The EXIF orientation is ignored, as timm and torchvision ignore it. Damage that
// libjpeg only warns of is tolerated, a truncated file is not. Throws Error naming `name`. Thread-safe.
Image decodeJpeg(std::span<const std::uint8_t> bytes, const std::string &name);

} // namespace edgeflex
