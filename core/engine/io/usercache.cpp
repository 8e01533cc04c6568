#include "engine/io/usercache.h"

#include <cstdlib>
#include <filesystem>

namespace edgeflex {

std::string userCacheFolder(const std::string &name)
{
    namespace fs = std::filesystem;
    const char *cache = std::getenv("XDG_CACHE_HOME");
    if (cache && *cache == '/') // a relative one is to be ignored, says the specification
        return (fs::path(cache) / "edgeflex" / name).string();
    const char *home = std::getenv("HOME");
    return (fs::path(home ? home : "/tmp") / ".cache" / "edgeflex" / name).string();
}

} // namespace edgeflex
