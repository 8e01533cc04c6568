#pragma once

#include "plan/numberformat.h"

#include <QString>

#include <cstdint>

// Quantities for people, in the digits and separators of the window's language.
namespace edgeflex {

// 5717416 -> "5.72 MB"; MB is 10^6 bytes. Three significant digits.
QString bytesText(std::int64_t bytes);
// The same without zeros at the end: 8000000 -> "8 MB", for what the user gave.
QString roundBytesText(std::int64_t bytes);
// 1258000000 -> "1.26 G"; three significant digits, for counts such as MACs.
QString countText(std::int64_t count);
// -0.5 -> "−0.50" with a minus sign that is no hyphen, and no minus before nothing but zeros.
QString numberText(double value, int decimals);
// A figure with half its 95 % interval: "0.4 ± 0.3".
QString intervalText(double value, double error);
// 0.0731 -> "7.3 %".
QString shareText(double share);

// 0.0731 -> "0.07 ms"; three significant digits at most.
QString millisecondsText(double milliseconds);
// 2.1e-7 -> "2.1·10⁻⁷", 0.05 -> "0.05"; two significant digits, without a power of ten where it reads better.
QString scientificText(double value);
// A latency that is `ratio` of the original's: "3.1× faster", "1.2× slower", "as fast".
QString speedText(double ratio);
// Points lost with half their 95 % interval: "loses 0.4 ± 0.3 points", "gains ...".
QString pointsLostText(double points, double error);
// "INT8".
QString formatText(NumberFormat format);
// 12 -> "12 s", 245 -> "4 min 5 s".
QString durationText(double seconds);

} // namespace edgeflex
