#pragma once

#include <QDir>

#include <utility>

namespace edgeflex::test {

// Settings, caches and what a crash leaves behind lie in `folder`, apart from the user's and from those of other runs.
inline void useFoldersIn(const QString &folder)
{
    for (const auto &[variable, name] : {std::pair("XDG_CACHE_HOME", "cache"), std::pair("XDG_DATA_HOME", "data"),
                                         std::pair("XDG_CONFIG_HOME", "config")})
        qputenv(variable, QDir(folder).filePath(name).toLocal8Bit());
}

} // namespace edgeflex::test
