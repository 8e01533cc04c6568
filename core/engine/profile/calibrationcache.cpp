#include "engine/profile/calibrationcache.h"

#include "engine/io/atomicfile.h"
#include "engine/io/filestamp.h"
#include "engine/io/usercache.h"
#include "plan/error.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <vector>

namespace edgeflex {

namespace {

namespace fs = std::filesystem;

constexpr char lockName[] = "edgeflex-calibration.lock";
constexpr int lockAttempts = 8;

// Opens and locks a key's lock file, shared or, where nobody uses it, exclusively; -1 where that is not possible now.
enum class Use { Shared, Exclusive };
int lockedFile(const fs::path &folder, Use use)
{
    const std::string path = (folder / lockName).string();
    // The folder may be let go by another process between our opening the file and locking it; then the lock is on a
    // file that nobody else will see.
    for (int attempt = 0; attempt < lockAttempts; ++attempt) {
        std::error_code ignored;
        if (use == Use::Shared)
            fs::create_directories(folder, ignored);
        const int descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | (use == Use::Shared ? O_CREAT : 0), 0666);
        if (descriptor < 0 && errno == ENOENT && use == Use::Shared)
            continue;
        if (descriptor < 0)
            return -1;
        struct stat ours = {};
        struct stat there = {};
        const bool locked = ::flock(descriptor, use == Use::Shared ? LOCK_SH : LOCK_EX | LOCK_NB) == 0;
        const bool interrupted = !locked && errno == EINTR;
        if (locked && ::fstat(descriptor, &ours) == 0 && ::stat(path.c_str(), &there) == 0 &&
            ours.st_ino == there.st_ino && ours.st_dev == there.st_dev)
            return descriptor;
        ::close(descriptor);
        if (!locked && !interrupted)
            return -1;
    }
    return -1;
}

// Removes a key's folder unless it is in use. The lock goes last: who waits for it finds it gone and starts anew.
bool removeKey(const fs::path &folder)
{
    const int descriptor = lockedFile(folder, Use::Exclusive);
    if (descriptor < 0)
        return false;
    std::error_code error;
    std::vector<fs::path> files;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (entry->path().filename() != lockName && entry->is_regular_file(ignored))
            files.push_back(entry->path());
    }
    for (const fs::path &file : files)
        fs::remove(file, error);
    fs::remove(folder / lockName, error);
    fs::remove(folder, error); // not where somebody has begun to use it again
    ::close(descriptor);
    return true;
}

struct Key
{
    fs::path folder;
    std::int64_t bytes = 0;
    std::int64_t usedNs = 0;
};

Key inspectKey(const fs::path &folder)
{
    Key key{folder};
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::uintmax_t bytes = entry->file_size(error);
        key.bytes += error ? 0 : static_cast<std::int64_t>(bytes);
        error.clear();
    }
    try {
        key.usedNs = fileStamp((folder / lockName).string()).modifiedNs;
    } catch (const Error &) {
        // just removed by another process
    }
    return key;
}

} // namespace

std::string CalibrationCache::userFolder()
{
    return userCacheFolder("calibration");
}

CalibrationCache::CalibrationCache(const std::string &root, const std::string &key, std::int64_t maxBytes)
    : m_root(root.empty() ? userFolder() : root), m_folder((fs::path(m_root) / key).string()), m_maxBytes(maxBytes)
{
    lockFolder();
}

CalibrationCache::~CalibrationCache()
{
    if (m_lock >= 0)
        ::close(m_lock); // and unlocks
}

void CalibrationCache::lockFolder()
{
    m_lock = lockedFile(m_folder, Use::Shared);
    if (m_lock >= 0)
        (void)::futimens(m_lock, nullptr);
}

std::shared_ptr<const MappedFile> CalibrationCache::read(const std::string &name) const
{
    if (m_lock < 0)
        return nullptr;
    (void)::futimens(m_lock, nullptr);
    try {
        return MappedFile::open((fs::path(m_folder) / name).string());
    } catch (const Error &) {
        return nullptr;
    }
}

void CalibrationCache::write(const std::string &name, std::span<const std::byte> bytes)
{
    if (m_lock < 0)
        lockFolder(); // perhaps it can be used by now
    AtomicFile file((fs::path(m_folder) / name).string());
    file.write(bytes.data(), bytes.size());
    // Not flushed to the disk: readers check every file, and waiting for the disk would hold a cancel up.
    file.commit(AtomicFile::Flush::No);
    evict();
}

void CalibrationCache::evict() const
{
    std::vector<Key> keys;
    std::int64_t bytes = 0;
    std::error_code error;
    for (fs::directory_iterator entry(m_root, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code ignored;
        if (!fs::is_regular_file(entry->path() / lockName, ignored))
            continue;
        keys.push_back(inspectKey(entry->path()));
        bytes += keys.back().bytes;
    }
    std::sort(keys.begin(), keys.end(), [](const Key &a, const Key &b) { return a.usedNs < b.usedNs; });
    for (const Key &key : keys) {
        if (bytes <= m_maxBytes)
            return;
        if (key.folder != fs::path(m_folder) && removeKey(key.folder))
            bytes -= key.bytes;
    }
}

} // namespace edgeflex
