#pragma once

#include <QTemporaryDir>
#include <QTest>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace edgeflex::test {

// The folder of real checkpoints and images that some tests need: $EDGEFLEX_TEST_DATA or ../shared/data
// beside the checkout. Empty where there is none; such tests then say that they skip.
inline std::string realData()
{
    if (const char *path = std::getenv("EDGEFLEX_TEST_DATA"))
        return path;
    const std::filesystem::path beside = std::filesystem::path(EDGEFLEX_SOURCE_DIR) / ".." / "shared" / "data";
    return std::filesystem::is_directory(beside) ? std::filesystem::canonical(beside).string() : std::string();
}

} // namespace edgeflex::test

#define EDGEFLEX_NEEDS_REAL_DATA()                                                                                     \
    do {                                                                                                               \
        if (edgeflex::test::realData().empty())                                                                        \
            QSKIP("needs the real checkpoints and images: set EDGEFLEX_TEST_DATA");                                    \
    } while (false)
