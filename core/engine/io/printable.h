#pragma once

#include <string>
#include <string_view>

namespace edgeflex {

// A name from a file as it may stand in a sentence: control and non-ASCII bytes become '?', and what is
// longer than 120 characters is cut.
inline std::string printable(std::string_view text)
{
    constexpr std::size_t longest = 120;
    std::string result;
    for (const char c : text.substr(0, longest))
        result += c >= ' ' && c <= '~' ? c : '?';
    if (text.size() > longest)
        result += "...";
    return result;
}

} // namespace edgeflex
