#pragma once

#include "plan/error.h"

#include <QTest>

#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Small checkpoints, good and bad, as bytes.
namespace edgeflex::test {

template<typename T>
std::string littleEndian(T value)
{
    return std::string(reinterpret_cast<const char *>(&value), sizeof(T));
}

inline std::span<const std::byte> asBytes(std::string_view text)
{
    return {reinterpret_cast<const std::byte *>(text.data()), text.size()};
}

template<typename T>
std::string valueBytes(const std::vector<T> &values)
{
    return std::string(reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T));
}

inline void writeFile(const std::filesystem::path &path, std::string_view bytes)
{
    std::ofstream file(path, std::ios::binary);
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    QVERIFY(file.good());
}

inline std::string fileBytes(const std::filesystem::path &path)
{
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

// What edgeflex::Error says; empty where nothing was thrown, and "another exception: ..." for all others.
template<typename Call>
std::string failureOf(Call call)
{
    try {
        call();
    } catch (const Error &error) {
        return error.what();
    } catch (const std::exception &error) {
        return std::string("another exception: ") + error.what();
    }
    return {};
}

// One sentence that names the file and says `says`.
inline bool isSentence(const std::string &failure, std::string_view file, std::string_view says)
{
    const bool fine = !failure.starts_with("another exception") && failure.find(file) != std::string::npos &&
                      failure.find(says) != std::string::npos && failure.find('\n') == std::string::npos &&
                      failure.size() < 600;
    if (!fine)
        qWarning("\"%s\" should name %s and say \"%s\"", failure.c_str(), std::string(file).c_str(),
                 std::string(says).c_str());
    return fine;
}

inline std::string safetensorsBytes(const std::string &header, const std::string &data)
{
    return littleEndian<std::uint64_t>(header.size()) + header + data;
}

struct ZipFile
{
    std::string name;
    std::string data;
    std::uint16_t method = 0;
    std::uint16_t flags = 0;
};

struct ZipBytes
{
    std::string bytes;
    std::size_t directory = 0;        // where the central directory begins
    std::size_t end = 0;              // where the end record begins
    std::vector<std::size_t> records; // where each central record begins
    std::vector<std::size_t> localHeaders;
};

inline ZipBytes zip(const std::vector<ZipFile> &files)
{
    ZipBytes zip;
    std::string directory;
    for (const ZipFile &file : files) {
        const auto size = static_cast<std::uint32_t>(file.data.size());
        const auto offset = static_cast<std::uint32_t>(zip.bytes.size());
        const std::string common = littleEndian<std::uint16_t>(20) + littleEndian(file.flags) +
                                   littleEndian(file.method) + std::string(8, '\0') + littleEndian(size) +
                                   littleEndian(size) + littleEndian(static_cast<std::uint16_t>(file.name.size()));
        zip.localHeaders.push_back(zip.bytes.size());
        zip.bytes += std::string("PK\x03\x04") + common + littleEndian<std::uint16_t>(0) + file.name + file.data;
        zip.records.push_back(directory.size());
        directory += std::string("PK\x01\x02") + littleEndian<std::uint16_t>(20) + common + std::string(12, '\0') +
                     littleEndian(offset) + file.name;
    }
    zip.directory = zip.bytes.size();
    for (std::size_t &record : zip.records)
        record += zip.directory;
    zip.end = zip.directory + directory.size();
    const auto count = static_cast<std::uint16_t>(files.size());
    zip.bytes += directory + "PK\x05\x06" + std::string(4, '\0') + littleEndian(count) + littleEndian(count) +
                 littleEndian(static_cast<std::uint32_t>(directory.size())) +
                 littleEndian(static_cast<std::uint32_t>(zip.directory)) + std::string(2, '\0');
    return zip;
}

// `bytes` with a field replaced.
template<typename T>
std::string patched(std::string bytes, std::size_t at, T value)
{
    std::memcpy(bytes.data() + at, &value, sizeof(T));
    return bytes;
}

// Pieces of a pickle of protocol 2.
namespace pickle {

using namespace std::string_literals;

inline std::string text(std::string_view value)
{
    return "X"s + littleEndian(static_cast<std::uint32_t>(value.size())) + std::string(value);
}
inline std::string integer(std::int64_t value)
{
    return "\x8a\x08"s + littleEndian(value);
}
inline std::string tuple(const std::vector<std::int64_t> &values)
{
    std::string result = "(";
    for (const std::int64_t value : values)
        result += integer(value);
    return result + "t";
}
inline std::string global(std::string_view module, std::string_view name)
{
    return "c"s + std::string(module) + "\n" + std::string(name) + "\n";
}
inline std::string whole(const std::string &value)
{
    return "\x80\x02"s + value + ".";
}
// A dict from pickled values.
inline std::string dict(const std::vector<std::pair<std::string, std::string>> &items)
{
    std::string result = "}(";
    for (const auto &[key, value] : items)
        result += text(key) + value;
    return result + "u";
}

struct TensorSpec
{
    std::vector<std::int64_t> shape;
    std::vector<std::int64_t> strides;
    std::string key = "0";
    std::int64_t stored = 6;
    std::int64_t offset = 0;
    std::string type = "FloatStorage";
};
inline std::string tensor(const TensorSpec &spec)
{
    return global("torch._utils", "_rebuild_tensor_v2") + "((" + text("storage") + global("torch", spec.type) +
           text(spec.key) + text("cpu") + integer(spec.stored) + "tQ" + integer(spec.offset) + tuple(spec.shape) +
           tuple(spec.strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

} // namespace pickle

// A checkpoint as torch.save writes it, with one storage "0" of six floats 0..5 unless others are given.
inline std::string torchBytes(const std::string &pickled, std::vector<ZipFile> more = {})
{
    std::vector<ZipFile> files{{"archive/data.pkl", pickle::whole(pickled)}};
    if (more.empty())
        more.push_back({"archive/data/0", valueBytes<float>({0, 1, 2, 3, 4, 5})});
    files.insert(files.end(), more.begin(), more.end());
    return zip(files).bytes;
}

} // namespace edgeflex::test
