#include "engine/io/contenthash.h"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

namespace edgeflex {

namespace {

// Odd, with their bits well spread: fractions of the golden ratio and of square roots.
constexpr std::uint64_t multiplier = 0x9e3779b97f4a7c15U;
constexpr std::uint64_t otherMultiplier = 0xbb67ae8584caa73bU;

// MurmurHash3's finalizer: every bit in changes half of the bits out.
std::uint64_t scattered(std::uint64_t value)
{
    value = (value ^ (value >> 33)) * 0xff51afd7ed558ccdU;
    value = (value ^ (value >> 33)) * 0xc4ceb9fe1a85ec53U;
    return value ^ (value >> 33);
}

} // namespace

ContentHash::ContentHash()
{
    for (std::size_t lane = 0; lane < lanes; ++lane)
        m_lanes[lane] = scattered(lane + 1);
}

void ContentHash::mixBlock(const std::byte *block)
{
    std::array<std::uint64_t, lanes> words;
    std::memcpy(words.data(), block, blockBytes);
    // One step is a bijection of the lane for any word and of the word for any lane. The word is multiplied too: else a
    // change of its highest bit would equal one of a single bit in the next block.
    for (std::size_t lane = 0; lane < lanes; ++lane)
        m_lanes[lane] = std::rotl(m_lanes[lane] + words[lane] * otherMultiplier, 31) * multiplier;
}

void ContentHash::addBytes(const void *data, std::size_t bytes)
{
    const auto *from = static_cast<const std::byte *>(data);
    const std::size_t pending = m_bytes % blockBytes;
    m_bytes += bytes;
    if (pending > 0) {
        const std::size_t taken = std::min(bytes, blockBytes - pending);
        std::memcpy(m_pending.data() + pending, from, taken);
        if (pending + taken < blockBytes)
            return;
        mixBlock(m_pending.data());
        from += taken;
        bytes -= taken;
    }
    for (; bytes >= blockBytes; bytes -= blockBytes, from += blockBytes)
        mixBlock(from);
    if (bytes > 0)
        std::memcpy(m_pending.data(), from, bytes);
}

void ContentHash::add(std::string_view text)
{
    add(static_cast<std::uint64_t>(text.size()));
    addBytes(text.data(), text.size());
}

std::array<std::uint64_t, 2> ContentHash::digest() const
{
    ContentHash last = *this;
    if (const std::size_t pending = m_bytes % blockBytes; pending > 0) {
        std::fill(last.m_pending.begin() + static_cast<std::ptrdiff_t>(pending), last.m_pending.end(), std::byte{0});
        last.mixBlock(last.m_pending.data());
    }
    std::array<std::uint64_t, 2> result{m_bytes, ~m_bytes};
    for (const std::uint64_t lane : last.m_lanes) {
        result[0] = scattered(result[0] * multiplier + lane);
        result[1] = scattered(result[1] ^ lane) * otherMultiplier;
    }
    return {scattered(result[0] ^ std::rotl(result[1], 32)), scattered(result[1] + result[0])};
}

std::string ContentHash::hex() const
{
    const auto [high, low] = digest();
    char text[33];
    std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(high),
                  static_cast<unsigned long long>(low));
    return text;
}

} // namespace edgeflex
