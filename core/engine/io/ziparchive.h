#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace edgeflex {

// The files of a zip archive (ZIP64 too), stored without compression as PyTorch writes them: each a view
// of the archive's bytes.
class ZipArchive
{
public:
    // Reads the central directory. Throws Error naming `name` when the archive is damaged: records cut off,
    // out of place, overlapping, encrypted, split or listed twice.
    ZipArchive(std::span<const std::byte> bytes, const std::string &name);

    struct Entry
    {
        std::span<const std::byte> data; // as in the archive; empty for a compressed file
        bool compressed = false;
    };
    const std::map<std::string, Entry> &entries() const { return m_entries; }

    static bool isZip(std::span<const std::byte> bytes); // starts like one

private:
    std::map<std::string, Entry> m_entries;
};

} // namespace edgeflex
