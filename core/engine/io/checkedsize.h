#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>

namespace edgeflex {

// Arithmetic on sizes that come from files: nothing where the result would not fit.

inline std::optional<std::uint64_t> checkedAdd(std::uint64_t a, std::uint64_t b)
{
    if (a > std::numeric_limits<std::uint64_t>::max() - b)
        return std::nullopt;
    return a + b;
}

inline std::optional<std::uint64_t> checkedMultiply(std::uint64_t a, std::uint64_t b)
{
    if (b != 0 && a > std::numeric_limits<std::uint64_t>::max() / b)
        return std::nullopt;
    return a * b;
}

// Elements of a shape: nothing for negative extents or where the number, or the product of the extents
// that are not zero, exceeds 2^62.
inline std::optional<std::uint64_t> checkedElements(std::span<const std::int64_t> shape)
{
    std::uint64_t count = 1;
    bool zero = false;
    for (const std::int64_t extent : shape) {
        if (extent < 0)
            return std::nullopt;
        if (extent == 0) {
            zero = true;
            continue;
        }
        const auto product = checkedMultiply(count, static_cast<std::uint64_t>(extent));
        if (!product || *product > (std::uint64_t{1} << 62))
            return std::nullopt;
        count = *product;
    }
    return zero ? 0 : count;
}

// Most axes a tensor in a checkpoint may have.
inline constexpr std::size_t maximumRank = 8;

} // namespace edgeflex
