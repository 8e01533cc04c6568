#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// True when the bytes begin as a gzip file (RFC 1952) does.
bool isGzip(std::span<const std::uint8_t> bytes);

// The first `size` bytes of the content, fewer where it has fewer. Throws Error naming `name` when it is damaged.
std::vector<std::uint8_t> gunzipBeginning(std::span<const std::uint8_t> bytes, std::size_t size,
                                          const std::string &name);

// The whole content, which must be exactly `size` bytes; memory is allocated only after `size` was found possible for
// so many compressed bytes. Throws Error naming `name` when it is truncated, damaged, longer, or has bytes behind it.
std::vector<std::uint8_t> gunzip(std::span<const std::uint8_t> bytes, std::size_t size, const std::string &name);

} // namespace edgeflex
