#include "engine/io/filestamp.h"

#include "plan/error.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace edgeflex {

namespace {

std::int64_t nanoseconds(const timespec &time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

} // namespace

FileStamp fileStamp(const std::string &path)
{
    struct stat status = {};
    if (::stat(path.c_str(), &status) != 0)
        throw Error(path + " cannot be read: " + std::strerror(errno));
    return {static_cast<std::int64_t>(status.st_size), nanoseconds(status.st_mtim), nanoseconds(status.st_ctim),
            status.st_ino};
}

} // namespace edgeflex
