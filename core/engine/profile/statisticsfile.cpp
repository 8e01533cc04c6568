#include "engine/profile/statisticsfile.h"

#include "engine/io/contenthash.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;
using Digest = std::array<std::uint64_t, 2>;

constexpr std::uint64_t magic = 0x32305441'54534645; // "EFSTAT02"

struct FileHeader
{
    std::uint64_t magic = edgeflex::magic;
    std::uint64_t layers = 0;
    std::uint64_t bytes = 0;
};

struct LayerHeader
{
    std::int64_t features = 0;
    std::int64_t tokens = 0;
    std::int64_t fitTokens = 0;
    std::int64_t validationTokens = 0;
    std::int64_t classTokens = 0;
    std::uint64_t channelBytes = 0;
    std::uint64_t gramBytes = 0; // 0: no Gram matrix was taken
    Digest channelHash{};
    Digest gramHash{};
};

std::size_t headerBytes(std::size_t layers)
{
    return sizeof(FileHeader) + layers * sizeof(LayerHeader) + sizeof(Digest);
}

std::size_t triangle(std::int64_t features)
{
    const auto k = static_cast<std::size_t>(features);
    return k * (k + 1) / 2 * sizeof(float);
}

// What a layer's moments are of, in the order of the file.
std::array<const Moments *, 3> partsOf(const LinearStatistics &statistics)
{
    return {&statistics.fit, &statistics.validation, &statistics.classTokens};
}

std::array<Moments *, 3> partsOf(LinearStatistics &statistics)
{
    return {&statistics.fit, &statistics.validation, &statistics.classTokens};
}

// Of a layer's two sections, given how many tokens there are of each sort.
std::size_t channelBytesOf(const LayerHeader &layer)
{
    const auto k = static_cast<std::size_t>(layer.features);
    std::size_t bytes = k * (2 * sizeof(float) + sizeof(double));
    for (const std::int64_t tokens : {layer.fitTokens, layer.validationTokens, layer.classTokens})
        bytes += tokens > 0 ? k * sizeof(double) : 0;
    return bytes;
}

std::size_t gramBytesOf(const LayerHeader &layer)
{
    std::size_t bytes = 0;
    for (const std::int64_t tokens : {layer.fitTokens, layer.validationTokens, layer.classTokens})
        bytes += tokens > 0 ? triangle(layer.features) : 0;
    return bytes;
}

Digest digestOf(std::span<const std::byte> bytes)
{
    ContentHash hash;
    hash.addBytes(bytes.data(), bytes.size());
    return hash.digest();
}

class Writer
{
public:
    Writer(std::byte *to, const Progress &progress) : m_to(to), m_progress(progress) {}

    template<typename T>
    void write(const T *values, std::size_t count)
    {
        if (count > 0) // nothing may be nowhere
            std::memcpy(m_to, values, count * sizeof(T));
        m_to += count * sizeof(T);
    }
    void writeTriangle(const std::vector<double> &gram, std::size_t features)
    {
        std::vector<float> row(features);
        for (std::size_t i = 0; i < features; ++i) {
            throwIfCancelled(m_progress);
            for (std::size_t j = 0; j <= i; ++j)
                row[j] = static_cast<float>(gram[i * features + j]);
            write(row.data(), i + 1);
        }
    }
    std::byte *at() const { return m_to; }

private:
    std::byte *m_to;
    const Progress &m_progress;
};

class Reader
{
public:
    Reader(const std::byte *from, const Progress &progress) : m_from(from), m_progress(progress) {}

    template<typename T>
    void read(T *values, std::size_t count)
    {
        if (count > 0)
            std::memcpy(values, m_from, count * sizeof(T));
        m_from += count * sizeof(T);
    }
    template<typename T>
    std::vector<T> vector(std::int64_t count)
    {
        std::vector<T> values(static_cast<std::size_t>(count));
        read(values.data(), values.size());
        return values;
    }
    std::vector<double> readTriangle(std::int64_t features)
    {
        const auto k = static_cast<std::size_t>(features);
        std::vector<double> gram(k * k);
        std::vector<float> row(k);
        for (std::size_t i = 0; i < k; ++i) {
            throwIfCancelled(m_progress);
            read(row.data(), i + 1);
            for (std::size_t j = 0; j <= i; ++j)
                gram[i * k + j] = row[j];
        }
        // Mirrored in tiles: column by column would miss the cache at every value.
        constexpr std::size_t tile = 32;
        const std::size_t tiles = (k + tile - 1) / tile;
#pragma omp parallel for schedule(dynamic) if (k > 512)
        for (std::size_t t = 0; t < tiles; ++t) {
            if (m_progress.cancelled())
                continue; // no exception may leave the loop
            for (std::size_t first = t * tile; first < k; first += tile)
                for (std::size_t i = t * tile; i < std::min(k, (t + 1) * tile); ++i)
                    for (std::size_t j = std::max(first, i + 1); j < std::min(k, first + tile); ++j)
                        gram[i * k + j] = gram[j * k + i];
        }
        throwIfCancelled(m_progress);
        return gram;
    }

private:
    const std::byte *m_from;
    const Progress &m_progress;
};

LayerHeader describe(const LinearStatistics &statistics)
{
    LayerHeader header;
    header.features = statistics.features;
    header.tokens = statistics.tokens;
    header.fitTokens = statistics.fit.tokens;
    header.validationTokens = statistics.validation.tokens;
    header.classTokens = statistics.classTokens.tokens;
    header.channelBytes = channelBytesOf(header);
    const Moments &moments = statistics.fit.tokens > 0 ? statistics.fit : statistics.validation;
    header.gramBytes = moments.gram.empty() ? 0 : gramBytesOf(header);
    return header;
}

} // namespace

std::vector<std::byte> encodeStatistics(const std::vector<LinearStatistics> &layers, const Progress &progress)
{
    FileHeader file;
    file.layers = layers.size();
    file.bytes = headerBytes(layers.size());
    std::vector<LayerHeader> headers;
    for (const LinearStatistics &statistics : layers) {
        headers.push_back(describe(statistics));
        file.bytes += headers.back().channelBytes + headers.back().gramBytes;
    }
    std::vector<std::byte> bytes(file.bytes);
    Writer body(bytes.data() + headerBytes(layers.size()), progress);
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const LinearStatistics &statistics = layers[i];
        const auto k = static_cast<std::size_t>(statistics.features);
        const std::byte *channels = body.at();
        body.write(statistics.meanAbs.data(), k);
        body.write(statistics.maxAbs.data(), k);
        body.write(statistics.meanSquare.data(), k);
        for (const Moments *moments : partsOf(statistics))
            body.write(moments->mean.data(), moments->tokens > 0 ? k : 0);
        const std::byte *gram = body.at();
        headers[i].channelHash = digestOf({channels, gram});
        for (const Moments *moments : partsOf(statistics)) {
            if (headers[i].gramBytes > 0 && moments->tokens > 0)
                body.writeTriangle(moments->gram, k);
        }
        headers[i].gramHash = digestOf({gram, body.at()});
    }
    Writer head(bytes.data(), progress);
    head.write(&file, 1);
    head.write(headers.data(), headers.size());
    const Digest digest = digestOf({bytes.data(), head.at()});
    head.write(&digest, 1);
    return bytes;
}

std::optional<std::map<int, LinearStatistics>> decodeStatistics(std::span<const std::byte> bytes,
                                                                const std::vector<std::int64_t> &features,
                                                                const WantedLayers &wanted, const Progress &progress)
{
    const std::size_t head = headerBytes(features.size());
    if (bytes.size() < head)
        return std::nullopt;
    FileHeader file;
    std::vector<LayerHeader> headers(features.size());
    Digest digest{};
    Reader reader(bytes.data(), progress);
    reader.read(&file, 1);
    reader.read(headers.data(), headers.size());
    reader.read(&digest, 1);
    if (file.magic != magic || file.layers != features.size() || file.bytes != bytes.size() ||
        digest != digestOf(bytes.first(head - sizeof digest)))
        return std::nullopt;

    // A header with its hash was written by us; the sizes are checked nevertheless before anything is read by them.
    std::map<int, LinearStatistics> result;
    std::size_t at = head;
    for (std::size_t i = 0; i < headers.size(); ++i) {
        const LayerHeader &layer = headers[i];
        if (layer.features != features[i] || layer.fitTokens < 0 || layer.validationTokens < 0 ||
            layer.classTokens < 0 || layer.fitTokens + layer.validationTokens < layer.tokens || layer.tokens <= 0 ||
            layer.channelBytes != channelBytesOf(layer) ||
            (layer.gramBytes != 0 && layer.gramBytes != gramBytesOf(layer)) ||
            bytes.size() - at < layer.channelBytes + layer.gramBytes)
            return std::nullopt;
        const auto channels = bytes.subspan(at, layer.channelBytes);
        const auto gram = bytes.subspan(at + layer.channelBytes, layer.gramBytes);
        at += layer.channelBytes + layer.gramBytes;
        const auto asked = wanted.find(static_cast<int>(i));
        if (asked == wanted.end())
            continue;
        const bool deep = asked->second == Depth::Gram;
        if (digestOf(channels) != layer.channelHash || (deep && (gram.empty() || digestOf(gram) != layer.gramHash)))
            return std::nullopt;
        LinearStatistics &statistics = result[static_cast<int>(i)];
        statistics.features = layer.features;
        statistics.tokens = layer.tokens;
        statistics.fit.tokens = layer.fitTokens;
        statistics.validation.tokens = layer.validationTokens;
        statistics.classTokens.tokens = layer.classTokens;
        Reader section(channels.data(), progress);
        statistics.meanAbs = section.vector<float>(layer.features);
        statistics.maxAbs = section.vector<float>(layer.features);
        statistics.meanSquare = section.vector<double>(layer.features);
        for (Moments *moments : partsOf(statistics)) {
            if (moments->tokens > 0)
                moments->mean = section.vector<double>(layer.features);
        }
        Reader matrices(gram.data(), progress);
        for (Moments *moments : partsOf(statistics)) {
            if (deep && moments->tokens > 0)
                moments->gram = matrices.readTriangle(layer.features);
        }
    }
    return at == bytes.size() ? std::optional(std::move(result)) : std::nullopt;
}

} // namespace edgeflex
