#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace edgeflex {

// Numbers and words of reports. Nothing here knows a locale: a report reads the same wherever it is made.

inline constexpr char notMeasured[] = "not measured";

// Digits after the point; never "-0.00".
std::string fixed(double value, int digits);
// A factor with three digits at least: 12.3x -> "12.3", 4.04 -> "4.04", 123.4 -> "123".
std::string threeDigits(double value);
// 12345678 -> "12,345,678".
std::string grouped(std::int64_t value);
// Of a latency that is `ratio` of another: "2.89x faster", "1.10x slower", "as fast" (within half a percent).
std::string speed(double ratio);
// Of a size that is `ratio` of another: "4.05x smaller", "1.10x larger", "as large".
std::string size(double ratio);
// "1.00 points lost", "0.33 points gained".
std::string pointsLost(double points);
// "-0.21 to 2.21".
std::string range(double low, double high, int digits);
// "FP32" for "fp32".
std::string upper(std::string_view word);
// "1 image", "900 images".
std::string counted(std::int64_t count, const std::string &noun);

// For print: a true minus sign before numbers, a multiplication sign after factors ("2.9x") and between numbers, and a
// space that does not break between a number and its unit.
std::string typographic(std::string_view text);

} // namespace edgeflex
