#include "report/reporttext.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::string_view minusSign = "\xE2\x88\x92"; // U+2212
constexpr std::string_view timesSign = "\xC3\x97";     // U+00D7
constexpr std::string_view fixedSpace = "\xC2\xA0";    // U+00A0

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool isWord(char letter)
{
    return isDigit(letter) || (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_' ||
           (static_cast<unsigned char>(letter) & 0x80U) != 0;
}

// Whether the letters before `end` are a number that stands alone.
bool endsWithNumber(std::string_view text, std::size_t end)
{
    std::size_t begin = end;
    while (begin > 0 && (isDigit(text[begin - 1]) || text[begin - 1] == '.' || text[begin - 1] == ','))
        --begin;
    if (begin == end || !isDigit(text[end - 1]))
        return false;
    if (begin == 0)
        return true;
    const char before = text[begin - 1];
    return before == ' ' || before == '(' || before == '-';
}

bool startsWithUnit(std::string_view text)
{
    static constexpr std::array<std::string_view, 16> units{"B",     "kB",     "MB",      "GB",   "TB",   "PB",
                                                            "%",     "ms",     "s",       "px",   "nats", "points",
                                                            "image", "images", "threads", "GMACs"};
    return std::any_of(units.begin(), units.end(), [&](std::string_view unit) {
        return text.starts_with(unit) && (text.size() == unit.size() || !isWord(text[unit.size()]));
    });
}

} // namespace

std::string fixed(double value, int digits)
{
    if (!std::isfinite(value))
        return "unknown";
    std::array<char, 400> buffer;
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed,
                                   std::clamp(digits, 0, 15))
                         .ptr;
    std::string text(buffer.data(), end);
    if (text.starts_with('-') && text.find_first_not_of("-0.") == std::string::npos)
        text.erase(0, 1);
    return text;
}

std::string threeDigits(double value)
{
    const double magnitude = std::abs(value);
    return fixed(value, magnitude < 9.995 ? 2 : magnitude < 99.95 ? 1 : 0);
}

std::string grouped(std::int64_t value)
{
    std::string text = std::to_string(value);
    for (std::size_t at = text.size(); at > (value < 0 ? 4U : 3U);) {
        at -= 3;
        text.insert(at, ",");
    }
    return text;
}

static std::string compared(double ratio, const char *less, const char *more, const char *same)
{
    if (!(std::isfinite(ratio) && ratio > 0))
        return "unknown";
    if (std::abs(ratio - 1) < 0.005)
        return same;
    return ratio < 1 ? threeDigits(1 / ratio) + "x " + less : threeDigits(ratio) + "x " + more;
}

std::string speed(double ratio)
{
    return compared(ratio, "faster", "slower", "as fast");
}

std::string size(double ratio)
{
    return compared(ratio, "smaller", "larger", "as large");
}

std::string pointsLost(double points)
{
    const std::string text = fixed(std::abs(points), 2);
    return text + (points < 0 && text != "0.00" ? " points gained" : " points lost");
}

std::string range(double low, double high, int digits)
{
    return fixed(low, digits) + " to " + fixed(high, digits);
}

std::string upper(std::string_view word)
{
    std::string text(word);
    std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
        return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
    });
    return text;
}

std::string counted(std::int64_t count, const std::string &noun)
{
    return grouped(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string typographic(std::string_view text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char letter = text[i];
        const std::string_view rest = text.substr(i + 1);
        const bool alone = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
        if (letter == '-' && alone && !rest.empty() && isDigit(rest[0]))
            result += minusSign;
        else if (letter == 'x' && endsWithNumber(text, i) && (rest.empty() || !isWord(rest[0])))
            result += timesSign;
        else if (letter == 'x' && i >= 2 && text[i - 1] == ' ' && endsWithNumber(text, i - 1) && rest.size() > 1 &&
                 rest[0] == ' ' && isDigit(rest[1]))
            result += timesSign;
        else if (letter == ' ' && i > 0 && isDigit(text[i - 1]) && startsWithUnit(rest))
            result += fixedSpace;
        else
            result += letter;
    }
    return result;
}

} // namespace edgeflex
