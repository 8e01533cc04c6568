#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace edgeflex {

// Writes a file through a temporary one beside it, which takes its place only in commit(): readers see
// the old file or the whole new one, and a failure leaves the old one as it was. Not thread-safe.
class AtomicFile
{
public:
    // Creates missing parent folders. Throws Error naming the path when it cannot be written.
    explicit AtomicFile(const std::string &path);
    // Removes the temporary file unless committed.
    ~AtomicFile();
    AtomicFile(const AtomicFile &) = delete;
    AtomicFile &operator=(const AtomicFile &) = delete;

    // Throws Error, e.g. when the disk is full.
    void write(const void *data, std::size_t bytes);
    // Flushes to the disk, where asked, and renames into place. Without the flush a power failure may leave a damaged
    // file, which is for caches only.
    enum class Flush { No, Yes };
    void commit(Flush flush = Flush::Yes);

private:
    [[noreturn]] void fail(const char *doing) const;

    std::string m_path;
    std::string m_temporary;
    int m_descriptor = -1;
    std::int64_t m_written = 0;
    std::int64_t m_started = 0; // bytes whose writing to the disk has been started
};

// Writes `text` to `path` in one go, atomically.
void writeTextFile(const std::string &path, const std::string &text);

} // namespace edgeflex
