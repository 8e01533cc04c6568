#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// RFC 4648, with padding.
std::string toBase64(std::span<const std::byte> bytes);
// Throws Error when `text` is not base64.
std::vector<std::byte> fromBase64(std::string_view text);

} // namespace edgeflex
