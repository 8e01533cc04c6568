#include "plan/base64.h"

#include "plan/error.h"

#include <array>
#include <cstdint>

namespace edgeflex {

namespace {

constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::array<int, 256> valuesOfDigits()
{
    std::array<int, 256> values;
    values.fill(-1);
    for (std::size_t i = 0; i < digits.size(); ++i)
        values[static_cast<unsigned char>(digits[i])] = static_cast<int>(i);
    return values;
}

} // namespace

std::string toBase64(std::span<const std::byte> bytes)
{
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = bits << 8 | (j < count ? std::to_integer<std::uint32_t>(bytes[i + j]) : 0);
        for (std::size_t j = 0; j < 4; ++j)
            text += j <= count ? digits[bits >> (18 - 6 * j) & 63] : '=';
    }
    return text;
}

std::vector<std::byte> fromBase64(std::string_view text)
{
    static const std::array<int, 256> values = valuesOfDigits();
    if (text.size() % 4 != 0)
        throw Error("base64 text of " + std::to_string(text.size()) + " characters broke off");
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=')
        ++padding;
    std::vector<std::byte> bytes;
    bytes.reserve(text.size() / 4 * 3);
    for (std::size_t i = 0; i < text.size(); i += 4) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 4; ++j) {
            const bool padded = i + j >= text.size() - padding;
            const int value = padded ? 0 : values[static_cast<unsigned char>(text[i + j])];
            if (value < 0)
                throw Error("character " + std::to_string(i + j) + " of a base64 text is none of its digits");
            bits = bits << 6 | static_cast<std::uint32_t>(value);
        }
        const std::size_t count = i + 4 == text.size() ? 3 - padding : 3;
        for (std::size_t j = 0; j < count; ++j)
            bytes.push_back(static_cast<std::byte>(bits >> (16 - 8 * j) & 255));
    }
    return bytes;
}

} // namespace edgeflex
