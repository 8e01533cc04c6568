#pragma once

#include "engine/profile/blockstatistics.h"
#include "engine/profile/calibrationcache.h"
#include "engine/profile/statisticsfile.h"
#include "engine/profile/tokenstream.h"
#include "plan/progress.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace edgeflex {

// Statistics of the inputs of every linear layer of an uncompressed model over calibration images: from the cache where
// it has them whole, else collected and put there. What comes fresh is what the cache would give, bit for bit.
//
// The model is passed in parts: the patch embedding, each block, what comes after the last. A part's statistics need
// the residual stream before it, so a cancelled collection resumes at the part it was in as long as this object lives,
// which keeps the stream; another process runs the parts that are cached without collecting, which costs less than half
// of collecting them. (The stream itself is not stored: it is as large as all statistics of a small model and would
// have to be written after every block.) Not thread-safe.
class Calibration
{
public:
    // The name of a model's statistics in the cache: everything that they depend on.
    static std::string key(const std::string &modelIdentity, const ModelSpec &spec, const CalibrationImages &images);

    // `fp32` is the uncompressed model and must outlive this, as must the images' data set. `cacheRoot` as in
    // CalibrationCache.
    Calibration(const Transformer &fp32, CalibrationImages images, const std::string &cacheRoot, const std::string &key,
                std::int64_t cacheBytes = CalibrationCache::defaultMaxBytes);

    // Parts: 0 the patch embedding, 1 + i block i, then one for pre_logits and head.
    int parts() const { return static_cast<int>(m_transformer.spec().blocks.size()) + 2; }
    const Transformer &transformer() const { return m_transformer; }
    const CalibrationImages &calibrationImages() const { return m_images; }
    std::int64_t images() const { return static_cast<std::int64_t>(m_images.indices.size()); }
    // Sees to it that the parts up to `last` are there. All are collected on the way, so that a later wish for one
    // costs nothing. A cache that cannot be written is noted, and memory takes its place.
    void collect(int last, Progress &progress);
    // True when nothing needs to be collected for a part.
    bool has(int part) const;

    // Of the block's four layers, 0..3, those wanted. Collects what is missing.
    BlockStatistics block(int block, const WantedLayers &wanted, Progress &progress);
    // Of any other part's layers, in the order of ModelSpec::linears(), with their Gram matrices.
    std::vector<LinearStatistics> outside(int part, Progress &progress);

    // What was derived from the statistics and is kept beside them, for its reader to check; nullptr where there is no
    // such file. Where it cannot be kept, that is noted.
    std::shared_ptr<const MappedFile> derived(const std::string &name) const { return m_cache.read(name); }
    void keepDerived(const std::string &name, const std::vector<std::byte> &bytes, Progress &progress);

private:
    std::map<int, LinearStatistics> read(int part, const WantedLayers &wanted, Progress &progress);
    std::vector<std::byte> collectPart(int part, Progress &progress);
    void keep(int part, const std::vector<std::byte> &bytes, Progress &progress);
    std::vector<int> linearsOf(int part) const;
    std::vector<std::int64_t> featuresOf(int part) const;
    std::shared_ptr<const MappedFile> cached(int part) const;
    static std::string fileName(int part);

    const Transformer &m_transformer;
    CalibrationImages m_images;
    CalibrationCache m_cache;
    std::map<int, std::vector<std::byte>> m_inMemory; // parts that could not be cached
    std::unique_ptr<TokenStream> m_stream;            // while there is more to collect
    int m_next = 0;                                   // the part before which the stream stands
};

} // namespace edgeflex
