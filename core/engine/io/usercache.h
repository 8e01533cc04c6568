#pragma once

#include <string>

namespace edgeflex {

// $XDG_CACHE_HOME/edgeflex/<name>, or the same below ~/.cache. It need not exist.
std::string userCacheFolder(const std::string &name);

} // namespace edgeflex
