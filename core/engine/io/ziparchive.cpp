#include "engine/io/ziparchive.h"

#include "engine/io/checkedsize.h"
#include "engine/io/printable.h"
#include "plan/error.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

// Field offsets are those of PKWARE's APPNOTE.TXT 6.3.

namespace edgeflex {

namespace {

constexpr std::uint32_t localSignature = 0x04034b50;
constexpr std::uint32_t centralSignature = 0x02014b50;
constexpr std::uint32_t endSignature = 0x06054b50;
constexpr std::uint32_t end64Signature = 0x06064b50;
constexpr std::uint32_t locator64Signature = 0x07064b50;
constexpr std::size_t localBytes = 30;
constexpr std::size_t centralBytes = 46;
constexpr std::size_t endBytes = 22;
constexpr std::size_t end64Bytes = 56;
constexpr std::size_t locator64Bytes = 20;
constexpr std::size_t longestComment = 65535;
constexpr std::uint16_t extra64 = 1;

// Loads a little-endian field; the caller has checked that it is there.
template<typename T>
T load(std::span<const std::byte> bytes, std::size_t offset)
{
    T value;
    std::memcpy(&value, bytes.data() + offset, sizeof(T));
    return value;
}

struct Directory
{
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t entries = 0;
};

[[noreturn]] void damaged(const std::string &name, const std::string &what)
{
    throw Error(name + " is a damaged zip archive: " + what + "; download or copy it again");
}

std::size_t findEnd(std::span<const std::byte> bytes, const std::string &name)
{
    if (bytes.size() < endBytes)
        damaged(name, "it has no central directory");
    const std::size_t lowest = bytes.size() - std::min(bytes.size(), endBytes + longestComment);
    for (std::size_t at = bytes.size() - endBytes + 1; at-- > lowest;)
        if (load<std::uint32_t>(bytes, at) == endSignature &&
            at + endBytes + load<std::uint16_t>(bytes, at + 20) == bytes.size())
            return at;
    damaged(name, "it has no central directory, so it is probably cut off");
}

Directory findDirectory(std::span<const std::byte> bytes, const std::string &name)
{
    const std::size_t end = findEnd(bytes, name);
    Directory directory;
    directory.entries = load<std::uint16_t>(bytes, end + 10);
    directory.bytes = load<std::uint32_t>(bytes, end + 12);
    directory.offset = load<std::uint32_t>(bytes, end + 16);
    std::uint64_t limit = end;
    const bool needs64 = directory.entries == 0xffff || directory.bytes == 0xffffffff || directory.offset == 0xffffffff;
    if (load<std::uint16_t>(bytes, end + 4) != 0 || load<std::uint16_t>(bytes, end + 8) != directory.entries)
        damaged(name, "it is one part of several");
    if (end >= locator64Bytes && load<std::uint32_t>(bytes, end - locator64Bytes) == locator64Signature) {
        const std::size_t locator = end - locator64Bytes;
        const auto at = load<std::uint64_t>(bytes, locator + 8);
        if (at > locator || locator - at < end64Bytes || load<std::uint32_t>(bytes, at) != end64Signature)
            damaged(name, "its ZIP64 end record is not where it should be");
        directory.entries = load<std::uint64_t>(bytes, at + 32);
        directory.bytes = load<std::uint64_t>(bytes, at + 40);
        directory.offset = load<std::uint64_t>(bytes, at + 48);
        limit = at;
    } else if (needs64) {
        damaged(name, "its ZIP64 end record is missing");
    }
    const auto directoryEnd = checkedAdd(directory.offset, directory.bytes);
    if (!directoryEnd || *directoryEnd > limit)
        damaged(name, "its central directory lies outside the file");
    if (directory.entries > directory.bytes / centralBytes)
        damaged(name, "its central directory is too short for its number of files");
    return directory;
}

struct CentralRecord
{
    std::string name;
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
    std::uint64_t compressedBytes = 0;
    std::uint64_t uncompressedBytes = 0;
    std::uint64_t localOffset = 0;
};

// Replaces the fields that are all ones by those of the ZIP64 extra field.
void readExtra64(CentralRecord &record, std::span<const std::byte> extra, const std::string &name)
{
    const bool wantsUncompressed = record.uncompressedBytes == 0xffffffff;
    const bool wantsCompressed = record.compressedBytes == 0xffffffff;
    const bool wantsOffset = record.localOffset == 0xffffffff;
    if (!wantsUncompressed && !wantsCompressed && !wantsOffset)
        return;
    while (extra.size() >= 4) {
        const auto id = load<std::uint16_t>(extra, 0);
        const auto size = load<std::uint16_t>(extra, 2);
        if (size > extra.size() - 4)
            break;
        if (id == extra64) {
            std::span<const std::byte> fields = extra.subspan(4, size);
            const auto take = [&](bool wanted, std::uint64_t &value) {
                if (!wanted)
                    return;
                if (fields.size() < 8)
                    damaged(name, "the ZIP64 sizes of " + printable(record.name) + " are missing");
                value = load<std::uint64_t>(fields, 0);
                fields = fields.subspan(8);
            };
            take(wantsUncompressed, record.uncompressedBytes);
            take(wantsCompressed, record.compressedBytes);
            take(wantsOffset, record.localOffset);
            return;
        }
        extra = extra.subspan(4 + std::size_t{size});
    }
    damaged(name, "the ZIP64 sizes of " + printable(record.name) + " are missing");
}

// Where a file's data begin; the local header before them must agree with the central directory.
std::uint64_t dataOffset(std::span<const std::byte> bytes, const CentralRecord &record, std::uint64_t limit,
                         const std::string &name)
{
    const std::string misplaced = printable(record.name) + " is not where the central directory says";
    if (record.localOffset > limit || limit - record.localOffset < localBytes)
        damaged(name, misplaced);
    const auto at = static_cast<std::size_t>(record.localOffset);
    const std::size_t nameBytes = load<std::uint16_t>(bytes, at + 26);
    const std::size_t extraBytes = load<std::uint16_t>(bytes, at + 28);
    if (load<std::uint32_t>(bytes, at) != localSignature || limit - at - localBytes < nameBytes + extraBytes ||
        nameBytes != record.name.size() ||
        std::memcmp(bytes.data() + at + localBytes, record.name.data(), nameBytes) != 0)
        damaged(name, misplaced);
    return at + localBytes + nameBytes + extraBytes;
}

} // namespace

bool ZipArchive::isZip(std::span<const std::byte> bytes)
{
    return bytes.size() >= 4 && load<std::uint32_t>(bytes, 0) == localSignature;
}

ZipArchive::ZipArchive(std::span<const std::byte> bytes, const std::string &name)
{
    const Directory directory = findDirectory(bytes, name);
    std::span<const std::byte> records =
        bytes.subspan(static_cast<std::size_t>(directory.offset), static_cast<std::size_t>(directory.bytes));
    struct Range
    {
        std::uint64_t begin;
        std::uint64_t end;
        std::string name;
    };
    std::vector<Range> ranges;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        if (records.size() < centralBytes || load<std::uint32_t>(records, 0) != centralSignature)
            damaged(name, "its central directory is not one");
        CentralRecord record;
        record.flags = load<std::uint16_t>(records, 8);
        record.method = load<std::uint16_t>(records, 10);
        record.compressedBytes = load<std::uint32_t>(records, 20);
        record.uncompressedBytes = load<std::uint32_t>(records, 24);
        const std::size_t nameBytes = load<std::uint16_t>(records, 28);
        const std::size_t extraBytes = load<std::uint16_t>(records, 30);
        const std::size_t commentBytes = load<std::uint16_t>(records, 32);
        record.localOffset = load<std::uint32_t>(records, 42);
        if (records.size() - centralBytes < nameBytes + extraBytes + commentBytes)
            damaged(name, "its central directory is cut off");
        record.name.assign(reinterpret_cast<const char *>(records.data()) + centralBytes, nameBytes);
        readExtra64(record, records.subspan(centralBytes + nameBytes, extraBytes), name);
        records = records.subspan(centralBytes + nameBytes + extraBytes + commentBytes);

        if (record.flags & 1)
            throw Error(name + " is an encrypted zip archive, which cannot be read");
        Entry entry;
        entry.compressed = record.method != 0;
        if (!entry.compressed && record.compressedBytes != record.uncompressedBytes)
            damaged(name, printable(record.name) + " has two different sizes");
        const std::uint64_t begin = dataOffset(bytes, record, directory.offset, name);
        if (record.compressedBytes > directory.offset - begin)
            damaged(name, printable(record.name) + " reaches beyond the file's data");
        if (!entry.compressed)
            entry.data =
                bytes.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(record.compressedBytes));
        ranges.push_back({record.localOffset, begin + record.compressedBytes, record.name});
        if (!m_entries.emplace(record.name, entry).second)
            damaged(name, printable(record.name) + " is there twice");
    }
    if (!records.empty())
        damaged(name, "its central directory has more than its files");
    std::sort(ranges.begin(), ranges.end(), [](const Range &a, const Range &b) { return a.begin < b.begin; });
    for (std::size_t i = 1; i < ranges.size(); ++i)
        if (ranges[i].begin < ranges[i - 1].end)
            damaged(name, printable(ranges[i].name) + " overlaps " + printable(ranges[i - 1].name));
}

} // namespace edgeflex
