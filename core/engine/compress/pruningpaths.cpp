#include "engine/compress/pruningpaths.h"

#include "engine/io/contenthash.h"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace edgeflex {

namespace {

using Digest = std::array<std::uint64_t, 2>;

constexpr std::uint64_t magic = 0x31304854'41504645; // "EFPATH01"

struct Header
{
    std::uint64_t magic = edgeflex::magic;
    std::int64_t channels = 0;
};

std::size_t bodyBytes(std::size_t channels)
{
    return sizeof(Header) + channels * sizeof(std::int64_t) + (channels + 1) * sizeof(double);
}

Digest digestOf(std::span<const std::byte> bytes)
{
    ContentHash hash;
    hash.addBytes(bytes.data(), bytes.size());
    return hash.digest();
}

bool isPermutation(const std::vector<std::int64_t> &order)
{
    std::vector<bool> seen(order.size(), false);
    for (const std::int64_t channel : order) {
        if (channel < 0 || channel >= static_cast<std::int64_t>(order.size()) ||
            seen[static_cast<std::size_t>(channel)])
            return false;
        seen[static_cast<std::size_t>(channel)] = true;
    }
    return true;
}

std::string fileName(int block, ImportanceScore score)
{
    char number[16];
    std::snprintf(number, sizeof number, "%03d", block);
    return "block-" + std::string(number) + "-" + std::string(toString(score)) + ".path";
}

} // namespace

std::vector<std::byte> encodePath(const PruningPath &path)
{
    const std::size_t channels = path.order.size();
    const Header header{magic, static_cast<std::int64_t>(channels)};
    std::vector<std::byte> bytes(bodyBytes(channels) + sizeof(Digest));
    std::byte *at = bytes.data();
    const auto write = [&at](const void *values, std::size_t count) {
        std::memcpy(at, values, count);
        at += count;
    };
    write(&header, sizeof header);
    write(path.order.data(), channels * sizeof(std::int64_t));
    write(path.error.data(), (channels + 1) * sizeof(double));
    const Digest digest = digestOf({bytes.data(), at});
    write(&digest, sizeof digest);
    return bytes;
}

std::optional<PruningPath> decodePath(std::span<const std::byte> bytes, std::int64_t channels)
{
    const auto count = static_cast<std::size_t>(channels);
    if (channels < 0 || bytes.size() != bodyBytes(count) + sizeof(Digest))
        return std::nullopt;
    Header header;
    Digest digest{};
    PruningPath path;
    path.order.resize(count);
    path.error.resize(count + 1);
    const std::byte *at = bytes.data();
    const auto read = [&at](void *values, std::size_t size) {
        std::memcpy(values, at, size);
        at += size;
    };
    read(&header, sizeof header);
    read(path.order.data(), count * sizeof(std::int64_t));
    read(path.error.data(), (count + 1) * sizeof(double));
    read(&digest, sizeof digest);
    if (header.magic != magic || header.channels != channels || digest != digestOf(bytes.first(bodyBytes(count))) ||
        !isPermutation(path.order))
        return std::nullopt;
    return path;
}

const PruningPath &PruningPaths::path(int block, ImportanceScore score, Progress &progress)
{
    const std::pair key{block, score};
    if (const auto found = m_paths.find(key); found != m_paths.end())
        return found->second;
    const LinearWeights &fc2 = m_model.weights.blocks.at(static_cast<std::size_t>(block)).fc2;
    const std::string name = fileName(block, score);
    if (const auto file = m_calibration.derived(name)) {
        if (auto path = decodePath(file->bytes(), fc2.spec.inFeatures))
            return m_paths[key] = std::move(*path);
    }
    const BlockStatistics statistics = m_calibration.block(block, {{3, StatisticsCollector::Depth::Gram}}, progress);
    PruningPath path = pruningPath(score, fc2, statistics.fc2, progress);
    m_calibration.keepDerived(name, encodePath(path), progress);
    return m_paths[key] = std::move(path);
}

} // namespace edgeflex
