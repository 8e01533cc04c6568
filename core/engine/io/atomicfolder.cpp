#include "engine/io/atomicfolder.h"

#include "plan/error.h"

#include <fcntl.h>
#include <stdio.h> // renameat2
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace edgeflex {

namespace fs = std::filesystem;

namespace {

std::string withoutTrailingSlash(std::string path)
{
    while (path.size() > 1 && path.back() == '/')
        path.pop_back();
    return path;
}

void syncFolder(const std::string &path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    (void)::fsync(descriptor); // not every file system syncs folders; the files themselves are on the disk
    ::close(descriptor);
}

// Swaps two folders in one step where the system can.
bool exchange(const std::string &a, const std::string &b)
{
#ifdef RENAME_EXCHANGE
    return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#else
    (void)a;
    (void)b;
    return false;
#endif
}

} // namespace

AtomicFolder::AtomicFolder(const std::string &path, const std::function<bool(const std::string &)> &ours)
    : m_path(withoutTrailingSlash(path))
{
    if (m_path.empty())
        throw Error("no folder to write to was given");
    std::error_code error;
    const fs::file_status status = fs::status(m_path, error);
    if (fs::exists(status)) {
        if (!fs::is_directory(status))
            throw Error(m_path + " exists and is not a folder: choose another name");
        if (!fs::is_empty(m_path, error) && !ours(m_path))
            throw Error(m_path + " exists and was not written by EdgeFlex: choose another folder");
        // A link to a folder is followed, so that the folder is replaced and the link stays.
        const fs::path target = fs::canonical(m_path, error);
        if (!error)
            m_path = target.string();
    } else {
        const fs::path parent = fs::path(m_path).parent_path();
        if (!parent.empty())
            fs::create_directories(parent, error);
    }
    std::string name = m_path + ".XXXXXX";
    if (!::mkdtemp(name.data()))
        throw Error(m_path + " cannot be created: " + std::strerror(errno));
    m_temporary = name;
}

AtomicFolder::~AtomicFolder()
{
    if (m_temporary.empty())
        return;
    std::error_code ignored;
    fs::remove_all(m_temporary, ignored);
}

void AtomicFolder::commit()
{
    const mode_t mask = ::umask(0);
    ::umask(mask);
    ::chmod(m_temporary.c_str(), 0777 & ~mask);
    syncFolder(m_temporary);
    std::error_code error;
    if (fs::is_directory(m_path, error)) {
        if (!exchange(m_temporary, m_path)) {
            // No swap here: the old folder steps aside and comes back if the new one cannot take its place.
            const std::string aside = m_temporary + ".old";
            fs::rename(m_path, aside, error);
            if (error)
                throw Error(m_path + " cannot be replaced: " + error.message());
            fs::rename(m_temporary, m_path, error);
            if (error) {
                std::error_code ignored;
                fs::rename(aside, m_path, ignored);
                throw Error(m_path + " cannot be replaced: " + error.message());
            }
            m_temporary = aside;
        }
        for (const fs::directory_entry &entry : fs::directory_iterator(m_temporary, error)) {
            const fs::path kept = fs::path(m_path) / entry.path().filename();
            std::error_code ignored;
            if (!fs::exists(kept, ignored))
                fs::rename(entry.path(), kept, ignored);
        }
        fs::remove_all(m_temporary, error);
    } else {
        fs::rename(m_temporary, m_path, error);
        if (error)
            throw Error(m_path + " cannot be created: " + error.message());
    }
    m_temporary.clear();
    const std::string parent = fs::path(m_path).parent_path().string();
    syncFolder(parent.empty() ? "." : parent);
}

} // namespace edgeflex
