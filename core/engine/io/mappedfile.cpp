#include "engine/io/mappedfile.h"

#include "plan/error.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace edgeflex {

std::shared_ptr<const MappedFile> MappedFile::open(const std::string &path, Reading reading)
{
    // O_NONBLOCK: opening a pipe nobody writes to must not hang before it is refused.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
        throw Error(path + " cannot be opened: " + std::strerror(errno));
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        ::close(descriptor);
        throw Error(path + " is not a regular file");
    }
    if (status.st_size == 0) {
        ::close(descriptor);
        throw Error(path + " is empty: download or copy it again");
    }
    const auto size = static_cast<std::size_t>(status.st_size);
    void *data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
    const int mapError = errno;
    ::close(descriptor);
    if (data == MAP_FAILED)
        throw Error(path + " cannot be mapped into memory: " + std::strerror(mapError));
    // Weights are read once when layers are packed, and in every pass when they are packed already. Only hints: their
    // failure changes nothing.
    (void)::madvise(data, size, reading == Reading::Once ? MADV_SEQUENTIAL : MADV_WILLNEED);
    return std::shared_ptr<const MappedFile>(new MappedFile(static_cast<const std::byte *>(data), size));
}

MappedFile::~MappedFile()
{
    ::munmap(const_cast<std::byte *>(m_data), m_size);
}

void refuseLfsPointer(std::span<const std::byte> bytes, const std::string &path)
{
    constexpr std::string_view magic = "version https://git-lfs";
    if (bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0)
        throw Error(path + " is a Git LFS pointer, not the file itself: fetch it with \"git lfs pull\"");
}

std::string readTextFile(const std::string &path, std::size_t limit)
{
    const auto file = MappedFile::open(path);
    const auto bytes = file->bytes();
    refuseLfsPointer(bytes, path);
    if (bytes.size() > limit)
        throw Error(path + " has " + std::to_string(bytes.size()) + " bytes, more than the " + std::to_string(limit) +
                    " that such a file may have");
    return std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size());
}

} // namespace edgeflex
