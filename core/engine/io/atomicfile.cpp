#include "engine/io/atomicfile.h"

#include "plan/error.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace edgeflex {

namespace {

constexpr std::int64_t flushStep = 64 << 20; // bytes between two nudges to the disk

} // namespace

AtomicFile::AtomicFile(const std::string &path) : m_path(path)
{
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    std::error_code error;
    if (!parent.empty())
        std::filesystem::create_directories(parent, error);
    if (std::filesystem::is_directory(path, error))
        throw Error(path + " is a folder: give the name of a file");
    std::string name = path + ".XXXXXX";
    m_descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (m_descriptor < 0)
        fail("created");
    m_temporary = name;
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor >= 0)
        ::close(m_descriptor);
    if (!m_temporary.empty())
        ::unlink(m_temporary.c_str());
}

void AtomicFile::fail(const char *doing) const
{
    throw Error(m_path + " cannot be " + doing + ": " + std::strerror(errno));
}

void AtomicFile::write(const void *data, std::size_t bytes)
{
    const auto *from = static_cast<const char *>(data);
    while (bytes > 0) {
        // Linux writes at most 2 GiB a call.
        const ssize_t written = ::write(m_descriptor, from, std::min<std::size_t>(bytes, 1U << 30));
        if (written < 0) {
            if (errno == EINTR)
                continue;
            fail("written");
        }
        from += written;
        bytes -= static_cast<std::size_t>(written);
        m_written += written;
    }
#ifdef __linux__
    // Starts the disk early, so that the flush at the end of a large file is short.
    if (m_written - m_started >= flushStep) {
        (void)::sync_file_range(m_descriptor, m_started, m_written - m_started, SYNC_FILE_RANGE_WRITE);
        m_started = m_written;
    }
#endif
}

void AtomicFile::commit(Flush flush)
{
    // mkostemp makes files that only their owner reads; ordinary files follow the umask.
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(m_descriptor, 0666 & ~mask) != 0 || (flush == Flush::Yes && ::fsync(m_descriptor) != 0))
        fail("written");
    const int descriptor = m_descriptor;
    m_descriptor = -1;
    if (::close(descriptor) != 0)
        fail("written");
    if (::rename(m_temporary.c_str(), m_path.c_str()) != 0)
        fail("replaced");
    m_temporary.clear();
}

void writeTextFile(const std::string &path, const std::string &text)
{
    AtomicFile file(path);
    file.write(text.data(), text.size());
    file.commit();
}

} // namespace edgeflex
