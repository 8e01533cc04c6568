#pragma once

#include <cstdint>
#include <string>

namespace edgeflex {

// What the file system says of a file. While two stamps are equal its content has not changed, but for changes within
// one tick of the file system's clock.
struct FileStamp
{
    std::int64_t bytes = 0;
    std::int64_t modifiedNs = 0; // since 1970
    std::int64_t changedNs = 0;  // the inode's; also when the file was put in another's place
    std::uint64_t inode = 0;

    bool operator==(const FileStamp &) const = default;
};

// Throws Error naming the file when there is none.
FileStamp fileStamp(const std::string &path);

} // namespace edgeflex
