#include "engine/profile/calibration.h"

#include "engine/io/contenthash.h"
#include "plan/error.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace edgeflex {

namespace {

using Depth = StatisticsCollector::Depth;

constexpr std::int64_t maxCropBytes = std::int64_t(512) << 20;

} // namespace

std::string Calibration::key(const std::string &modelIdentity, const ModelSpec &spec, const CalibrationImages &images)
{
    // Names are for people and change nothing.
    ModelSpec shape = spec;
    shape.name.clear();
    shape.naming.clear();
    shape.classNames.clear();
    ContentHash hash;
    hash.add("statistics 4"); // counts up with what is collected and how
    hash.add(modelIdentity);
    hash.add(jsonText(shape));
    hash.add(dataIdentity(*images.dataset, images.indices));
    hash.add(static_cast<std::uint64_t>(images.batch)); // decides which images validate
    hash.add(static_cast<std::uint64_t>(images.flips));
    hash.add(static_cast<std::uint64_t>(images.crops));
    return hash.hex();
}

Calibration::Calibration(const Transformer &fp32, CalibrationImages images, const std::string &cacheRoot,
                         const std::string &key, std::int64_t cacheBytes)
    : m_transformer(fp32), m_images(std::move(images)), m_cache(cacheRoot, key, cacheBytes)
{
}

std::string Calibration::fileName(int part)
{
    char name[32];
    std::snprintf(name, sizeof name, "part-%03d.stats", part);
    return name;
}

std::vector<int> Calibration::linearsOf(int part) const
{
    const ModelSpec &spec = m_transformer.spec();
    if (part == 0)
        return {0};
    const int first = 1 + 4 * (part - 1);
    const int count = part == parts() - 1 ? static_cast<int>(spec.preLogits.size()) + 1 : 4;
    std::vector<int> linears;
    for (int i = 0; i < count; ++i)
        linears.push_back(first + i);
    return linears;
}

std::vector<std::int64_t> Calibration::featuresOf(int part) const
{
    const auto all = m_transformer.spec().linears();
    std::vector<std::int64_t> features;
    for (const int linear : linearsOf(part))
        features.push_back(all[static_cast<std::size_t>(linear)]->inFeatures);
    return features;
}

std::shared_ptr<const MappedFile> Calibration::cached(int part) const
{
    auto file = m_cache.read(fileName(part));
    return file && decodeStatistics(file->bytes(), featuresOf(part), {}) ? file : nullptr;
}

bool Calibration::has(int part) const
{
    return m_inMemory.contains(part) || cached(part);
}

std::map<int, LinearStatistics> Calibration::read(int part, const WantedLayers &wanted, Progress &progress)
{
    const std::vector<std::int64_t> features = featuresOf(part);
    if (const auto found = m_inMemory.find(part); found != m_inMemory.end())
        return std::move(*decodeStatistics(found->second, features, wanted, progress));
    if (const auto file = m_cache.read(fileName(part))) {
        if (auto statistics = decodeStatistics(file->bytes(), features, wanted, progress))
            return std::move(*statistics);
    }
    return std::move(*decodeStatistics(collectPart(part, progress), features, wanted, progress));
}

void Calibration::collect(int last, Progress &progress)
{
    int missing = 0;
    while (missing <= last && has(missing))
        ++missing;
    if (missing > last)
        return;
    progress.stage("calibrating", last + 1);
    for (int part = missing; part <= last; ++part) {
        if (!has(part))
            collectPart(part, progress);
        progress.step(part + 1);
    }
}

// Moves the stream up to and through `part`, collecting what is not there, and returns the part's statistics as the
// cache has them.
std::vector<std::byte> Calibration::collectPart(int part, Progress &progress)
{
    if (!m_stream || m_next > part) {
        m_stream = std::make_unique<TokenStream>(m_images, m_transformer.spec());
        m_stream->keepCrops(maxCropBytes); // a cancelled first part need not decode again
        m_next = 0;
    }
    const int blocks = parts() - 2;
    std::vector<std::byte> bytes;
    while (m_next <= part) {
        const bool wanted = m_next == part || !has(m_next);
        const std::vector<int> linears = linearsOf(m_next);
        std::map<int, Depth> depths;
        for (const int linear : linears)
            depths[linear] = Depth::Gram;
        StatisticsCollector collector(m_transformer.spec(), depths);
        StatisticsCollector *const collecting = wanted ? &collector : nullptr;
        QuietProgress quiet(progress);
        std::vector<float> behind; // the part; empty where the stream is not moved by it
        if (m_next == 0)
            m_stream->embed(m_transformer, collecting, quiet);
        else if (m_next <= blocks)
            behind = m_stream->passThrough(m_transformer, m_next - 1, collecting, progress);
        else
            m_stream->logitsFrom(m_transformer, blocks, progress, collecting);
        if (wanted) {
            std::vector<LinearStatistics> statistics;
            for (const int linear : linears) {
                throwIfCancelled(progress);
                statistics.push_back(collector.statistics(linear));
            }
            bytes = encodeStatistics(statistics, progress);
            keep(m_next, bytes, progress);
        }
        // Nothing can be cancelled from here on: the stream moves when its part is kept.
        if (!behind.empty())
            m_stream->moveTo(std::move(behind));
        ++m_next;
    }
    if (m_next == parts()) {
        m_stream.reset();
        m_next = 0;
    }
    return bytes;
}

void Calibration::keep(int part, const std::vector<std::byte> &bytes, Progress &progress)
{
    try {
        m_cache.write(fileName(part), bytes);
    } catch (const Error &error) {
        if (m_inMemory.empty())
            progress.note(std::string("calibration is not kept for the next time: ") + error.what());
        m_inMemory[part] = bytes;
    }
}

void Calibration::keepDerived(const std::string &name, const std::vector<std::byte> &bytes, Progress &progress)
{
    try {
        m_cache.write(name, bytes);
    } catch (const Error &error) {
        progress.note(std::string("what calibration led to is not kept for the next time: ") + error.what());
    }
}

BlockStatistics Calibration::block(int block, const WantedLayers &wanted, Progress &progress)
{
    BlockStatistics result;
    for (auto &[layer, statistics] : read(1 + block, wanted, progress))
        result.layer(layer) = std::move(statistics);
    return result;
}

std::vector<LinearStatistics> Calibration::outside(int part, Progress &progress)
{
    WantedLayers wanted;
    for (int i = 0; i < static_cast<int>(linearsOf(part).size()); ++i)
        wanted[i] = Depth::Gram;
    std::vector<LinearStatistics> result;
    for (auto &[layer, statistics] : read(part, wanted, progress))
        result.push_back(std::move(statistics));
    return result;
}

} // namespace edgeflex
