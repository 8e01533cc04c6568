#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace edgeflex {

// A 128-bit hash of content, at the speed of memory: eight 64-bit lanes, each of which takes in a word of every 64
// bytes as XXH64 does (add w * P, rotate, multiply), mixed at the end. It tells different files apart by accident only
// (1 in 2^64 even for billions of them); it is not cryptographic: somebody who wants two contents to have the same hash
// can have that. The same on every little-endian machine, and kept in files: a change of it needs a change of their
// version. Not thread-safe.
class ContentHash
{
public:
    ContentHash();

    // Where one call ends and the next begins does not matter.
    void addBytes(const void *data, std::size_t bytes);
    // With their length or width, so that neighbours cannot be confused.
    void add(std::string_view text);
    void add(std::uint64_t number) { addBytes(&number, sizeof number); }

    std::array<std::uint64_t, 2> digest() const;
    std::string hex() const; // 32 digits

private:
    static constexpr std::size_t lanes = 8;
    static constexpr std::size_t blockBytes = lanes * sizeof(std::uint64_t);
    void mixBlock(const std::byte *block);

    std::array<std::uint64_t, lanes> m_lanes;
    std::array<std::byte, blockBytes> m_pending{};
    std::uint64_t m_bytes = 0; // in all
};

} // namespace edgeflex
