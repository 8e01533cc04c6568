#include "plan/quantity.h"

#include "plan/error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace edgeflex {

namespace {

struct Unit
{
    std::string_view name;
    std::int64_t bytes;
};

constexpr std::array<Unit, 11> units{{{"", 1},
                                      {"B", 1},
                                      {"kB", 1'000},
                                      {"KB", 1'000},
                                      {"MB", 1'000'000},
                                      {"GB", 1'000'000'000},
                                      {"TB", 1'000'000'000'000},
                                      {"KiB", std::int64_t(1) << 10},
                                      {"MiB", std::int64_t(1) << 20},
                                      {"GiB", std::int64_t(1) << 30},
                                      {"TiB", std::int64_t(1) << 40}}};

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

std::size_t countDigits(std::string_view text)
{
    return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isDigit) - text.begin());
}

// Not printf: it would write the decimal comma of the user's locale.
std::string fixed(double value, int digits)
{
    std::array<char, 400> buffer;
    const auto result =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed, digits);
    return std::string(buffer.data(), result.ptr);
}

std::string twoDigits(std::int64_t value)
{
    return {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
}

} // namespace

std::int64_t bytesFromString(std::string_view text)
{
    const auto refuse = [&](const std::string &problem) {
        throw Error("\"" + std::string(text) + "\" " + problem + "; write a size such as 5.7MB, 5MiB or 123456");
    };
    std::string_view rest = text;
    const std::string_view whole = rest.substr(0, countDigits(rest));
    rest.remove_prefix(whole.size());
    if (whole.empty())
        refuse("is not a size in bytes");
    std::string_view fraction;
    if (rest.starts_with('.')) {
        rest.remove_prefix(1);
        fraction = rest.substr(0, countDigits(rest));
        rest.remove_prefix(fraction.size());
        if (fraction.empty())
            refuse("is not a size in bytes");
    }
    if (rest.starts_with(' ')) {
        rest.remove_prefix(1);
        if (rest.empty())
            refuse("is not a size in bytes");
    }
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit &each) { return each.name == rest; });
    if (unit == units.end())
        refuse("has an unknown unit");
    if (unit->bytes == 1 && !fraction.empty())
        refuse("is not a whole number of bytes");

    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t count = 0;
    if (std::from_chars(whole.data(), whole.data() + whole.size(), count).ec != std::errc() ||
        count > most / unit->bytes)
        refuse("is too large");
    // floor(0.d1d2d3... * unit), exactly, from the last digit to the first.
    std::int64_t part = 0;
    for (auto digit = fraction.rbegin(); digit != fraction.rend(); ++digit)
        part = ((*digit - '0') * unit->bytes + part) / 10;
    if (count * unit->bytes > most - part)
        refuse("is too large");
    return count * unit->bytes + part;
}

std::string formatBytes(std::int64_t bytes)
{
    constexpr std::array<std::string_view, 5> names{"kB", "MB", "GB", "TB", "PB"};
    const double magnitude = std::abs(static_cast<double>(bytes));
    if (magnitude < 1000)
        return std::to_string(bytes) + " B";
    double value = static_cast<double>(bytes) / 1000;
    std::size_t name = 0;
    // What would be written as 1000.00 is 1.00 of the next unit.
    while (std::abs(value) >= 999.995 && name + 1 < names.size()) {
        value /= 1000;
        ++name;
    }
    return fixed(value, 2) + " " + std::string(names[name]);
}

std::string formatPercent(double share, int digits)
{
    return fixed(100 * share, std::clamp(digits, 0, 15)) + " %";
}

std::string formatDuration(double seconds)
{
    if (!std::isfinite(seconds) || seconds > 1e12)
        return "unknown";
    seconds = std::max(seconds, 0.0);
    if (seconds < 59.95)
        return fixed(seconds, 1) + " s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    if (whole < 3600)
        return std::to_string(whole / 60) + " min " + twoDigits(whole % 60) + " s";
    const auto minutes = static_cast<std::int64_t>(std::llround(seconds / 60));
    return std::to_string(minutes / 60) + " h " + twoDigits(minutes % 60) + " min";
}

} // namespace edgeflex
