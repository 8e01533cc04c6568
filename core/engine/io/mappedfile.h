#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace edgeflex {

// A regular file mapped read-only. Pages are read when first touched, so opening costs the same whatever
// the size. Bytes stay valid as long as the object lives, even when the file is replaced by renaming
// another over it. Safe to read from several threads.
class MappedFile
{
public:
    // How it will be read, a hint for what the system keeps in memory: once, front to back; or whole, many times.
    enum class Reading { Once, Often };
    // Throws Error naming the file when it cannot be opened, is not a regular file or is empty.
    static std::shared_ptr<const MappedFile> open(const std::string &path, Reading reading = Reading::Once);

    ~MappedFile();
    MappedFile(const MappedFile &) = delete;
    MappedFile &operator=(const MappedFile &) = delete;

    std::span<const std::byte> bytes() const { return {m_data, m_size}; }
    bool contains(const std::byte *at) const { return at >= m_data && at < m_data + m_size; }

private:
    MappedFile(const std::byte *data, std::size_t size) : m_data(data), m_size(size) {}

    const std::byte *m_data = nullptr;
    std::size_t m_size = 0;
};

// Throws Error when the bytes are a Git LFS pointer, which stands in for a file that was not downloaded.
void refuseLfsPointer(std::span<const std::byte> bytes, const std::string &path);

// The whole of a small text file. Throws Error when it cannot be read or exceeds `limit` bytes.
std::string readTextFile(const std::string &path, std::size_t limit);

} // namespace edgeflex
