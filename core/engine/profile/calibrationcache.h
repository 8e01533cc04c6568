#pragma once

#include "engine/io/mappedfile.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace edgeflex {

// The calibration files of one key (a model, images and how they were prepared), in a folder of the user's cache:
//   <root>/<key>/edgeflex-calibration.lock   held, shared, by everybody who uses the key; its time is the last use's
//   <root>/<key>/<name>                      whole files, replaced atomically
// Files are for their readers to check. Any number of processes may use a key at once: what they write is the same, and
// the last one wins. When all keys together exceed `maxBytes`, whole keys go, least recently used first, but none that
// is in use, this one included: a single key may exceed the cap until the next is written. Folders without such a lock
// are not the cache's and are left alone. Not thread-safe.
class CalibrationCache
{
public:
    static constexpr std::int64_t defaultMaxBytes = 8'000'000'000;

    // $XDG_CACHE_HOME/edgeflex/calibration, or the same below ~/.cache.
    static std::string userFolder();

    // `root` empty: userFolder(). Never throws for a folder that cannot be used: nothing is read then, and write() says
    // why.
    CalibrationCache(const std::string &root, const std::string &key, std::int64_t maxBytes = defaultMaxBytes);
    ~CalibrationCache();
    CalibrationCache(const CalibrationCache &) = delete;
    CalibrationCache &operator=(const CalibrationCache &) = delete;

    // nullptr where there is no such file. Stays readable when the file is replaced or removed.
    std::shared_ptr<const MappedFile> read(const std::string &name) const;
    // Then lets go what exceeds the cap. Throws Error when it cannot be written.
    void write(const std::string &name, std::span<const std::byte> bytes);

private:
    void lockFolder();
    void evict() const;

    std::string m_root;
    std::string m_folder;
    std::int64_t m_maxBytes;
    int m_lock = -1;
};

} // namespace edgeflex
