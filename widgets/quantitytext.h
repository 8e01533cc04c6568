#pragma once

#include <QString>

#include <cstdint>

// Quantities for people, in the digits and separators of the window's language.
namespace edgeflex {

// 5717416 -> "5.72 MB"; MB is 10^6 bytes. Three significant digits.
QString bytesText(std::int64_t bytes);
// 1258000000 -> "1.26 G"; three significant digits, for counts such as MACs.
QString countText(std::int64_t count);
// 0.0731 -> "7.3 %".
QString shareText(double share);

} // namespace edgeflex
