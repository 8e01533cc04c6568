#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace edgeflex {

// "5.7MB" (10^6), "5MiB" (2^20), "800kB", "12 GB", "123456" or "123456B" -> bytes. Throws Error on anything else.
std::int64_t bytesFromString(std::string_view text);
// 5717416 -> "5.72 MB".
std::string formatBytes(std::int64_t bytes);
// 0.8312 -> "83.12 %".
std::string formatPercent(double share, int digits = 2);
// 12.3 s, 4 min 05 s.
std::string formatDuration(double seconds);

} // namespace edgeflex
