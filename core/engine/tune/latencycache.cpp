#include "engine/tune/latencycache.h"

#include "engine/io/atomicfile.h"
#include "engine/io/contenthash.h"
#include "engine/io/usercache.h"
#include "plan/error.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <filesystem>

namespace edgeflex {

namespace {

constexpr std::int64_t maximumBytes = std::int64_t{16} << 20;

std::string fileName(const LatencyTable &conditions)
{
    ContentHash hash;
    hash.add(conditions.machine);
    hash.add(jsonText(conditions.target));
    hash.add(conditions.threadWaits);
    hash.add(conditions.edgeflexVersion);
    return hash.hex() + ".json";
}

} // namespace

std::string LatencyCache::userFolder()
{
    return userCacheFolder("latency");
}

LatencyCache::LatencyCache(const std::string &folder, const std::string &machine, const std::string &threadWaits,
                           const ExecutionTarget &target)
{
    m_table.machine = machine;
    m_table.target = target;
    m_table.threadWaits = threadWaits;
    m_table.edgeflexVersion = EDGEFLEX_VERSION;
    m_path = (std::filesystem::path(folder.empty() ? userFolder() : folder) / fileName(m_table)).string();
    if (auto known = readFile())
        m_table = std::move(*known);
}

std::optional<LatencyTable> LatencyCache::readFile() const
{
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(m_path, ignored))
        return std::nullopt;
    try {
        LatencyTable table = readJsonFile(m_path, maximumBytes).get<LatencyTable>();
        if (table.sameConditions(m_table)) // hashes of others may be the same
            return table;
    } catch (const Error &) {
        // damaged: measured anew
    }
    return std::nullopt;
}

std::optional<TimeSpread> LatencyCache::product(const ProductShape &shape) const
{
    const auto found = m_table.products.find(shape);
    return found == m_table.products.end() || (m_added && !m_added->products.contains(shape))
               ? std::nullopt
               : std::optional(found->second);
}

std::optional<TimeSpread> LatencyCache::pass(const std::string &key) const
{
    const auto found = m_table.passes.find(key);
    return found == m_table.passes.end() || (m_added && !m_added->passes.contains(key)) ? std::nullopt
                                                                                        : std::optional(found->second);
}

void LatencyCache::addProduct(const ProductShape &shape, const TimeSpread &time)
{
    m_table.products[shape] = time;
    if (m_added)
        m_added->products.insert(shape);
    write();
}

void LatencyCache::addPass(const std::string &key, const TimeSpread &time)
{
    m_table.passes[key] = time;
    if (m_added)
        m_added->passes.insert(key);
    write();
}

void LatencyCache::forget()
{
    m_added.emplace();
}

void LatencyCache::write()
{
    if (const auto theirs = readFile()) { // what another process has measured meanwhile
        m_table.products.insert(theirs->products.begin(), theirs->products.end());
        m_table.passes.insert(theirs->passes.begin(), theirs->passes.end());
    }
    try {
        AtomicFile file(m_path);
        const std::string text = jsonText(m_table, 1) + "\n";
        file.write(text.data(), text.size());
        file.commit(AtomicFile::Flush::No); // readers check it
    } catch (const Error &) {
        // no cache: it is measured again next time
    }
}

} // namespace edgeflex
