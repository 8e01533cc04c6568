#include "plan/numberformat.h"

#include "plan/error.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace edgeflex {

namespace {

constexpr std::array<std::string_view, 5> names{"fp32", "fp16", "bf16", "int8", "int4"};

} // namespace

const std::vector<NumberFormat> &allNumberFormats()
{
    static const std::vector<NumberFormat> formats{NumberFormat::Fp32, NumberFormat::Fp16, NumberFormat::Bf16,
                                                   NumberFormat::Int8, NumberFormat::Int4};
    return formats;
}

std::string_view toString(NumberFormat format)
{
    return names.at(static_cast<std::size_t>(format));
}

NumberFormat numberFormatFromString(std::string_view word)
{
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    const auto found = std::find(names.begin(), names.end(), lower);
    if (found == names.end())
        throw Error("\"" + std::string(word) + "\" is not a number format; use fp32, fp16, bf16, int8 or int4");
    return static_cast<NumberFormat>(found - names.begin());
}

} // namespace edgeflex
