#include "engine/io/safetensors.h"

#include "engine/io/checkedsize.h"
#include "engine/io/mappedfile.h"
#include "engine/io/printable.h"
#include "plan/error.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace edgeflex {

static_assert(std::endian::native == std::endian::little, "tensors are read in place as little endian");

namespace {

constexpr std::uint64_t lengthBytes = 8;
constexpr std::uint64_t maximumHeaderBytes = 100'000'000;
constexpr int maximumDepth = 4; // header, tensor, its arrays
constexpr char metadataKey[] = "__metadata__";

std::optional<DType> dtypeFromString(const std::string &word)
{
    for (const DType dtype : {DType::F64, DType::F32, DType::F16, DType::BF16, DType::I64, DType::I32, DType::I16,
                              DType::I8, DType::U8, DType::Bool})
        if (toString(dtype) == word)
            return dtype;
    return std::nullopt;
}

// Parses the header; nlohmann::json alone would keep the last of two equal keys.
nlohmann::json parseHeader(std::string_view text, const std::string &name)
{
    std::vector<std::set<std::string>> keys;
    const auto check = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json &parsed) {
        switch (event) {
        case nlohmann::json::parse_event_t::object_start:
            keys.emplace_back();
            [[fallthrough]];
        case nlohmann::json::parse_event_t::array_start:
            if (depth >= maximumDepth)
                throw Error(name + " is not a safetensors file: its header is nested too deeply");
            break;
        case nlohmann::json::parse_event_t::key:
            if (!keys.back().insert(parsed.get<std::string>()).second)
                throw Error(name + " is not a safetensors file: its header has \"" +
                            printable(parsed.get<std::string>()) + "\" twice");
            break;
        case nlohmann::json::parse_event_t::object_end:
            keys.pop_back();
            break;
        default:
            break;
        }
        return true;
    };
    try {
        return nlohmann::json::parse(text.begin(), text.end(), check);
    } catch (const nlohmann::json::exception &) {
        throw Error(name + " is not a safetensors file: its header is not JSON");
    }
}

struct Placed
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

std::uint64_t unsignedField(const nlohmann::json &value, const std::string &where)
{
    if (!value.is_number_unsigned())
        throw Error(where + " that is not a whole number from 0");
    return value.get<std::uint64_t>();
}

Placed readEntry(const std::string &key, const nlohmann::json &value, std::uint64_t dataBytes, const std::string &name)
{
    const std::string tensor = name + ": tensor " + printable(key);
    if (!value.is_object() || !value.contains("dtype") || !value.contains("shape") || !value.contains("data_offsets"))
        throw Error(tensor + " has no dtype, shape or data_offsets");
    for (const auto &field : value.items())
        if (field.key() != "dtype" && field.key() != "shape" && field.key() != "data_offsets")
            throw Error(tensor + " has the unknown field \"" + printable(field.key()) + "\"");
    Placed placed;
    placed.name = key;
    const nlohmann::json &dtype = value["dtype"];
    const auto known = dtype.is_string() ? dtypeFromString(dtype.get<std::string>()) : std::nullopt;
    if (!known)
        throw Error(tensor + " has the dtype " +
                    printable(dtype.is_string() ? dtype.get<std::string>() : dtype.dump()) +
                    ", which cannot be read: save it as F32, F16 or BF16");
    placed.dtype = *known;
    const nlohmann::json &shape = value["shape"];
    if (!shape.is_array() || shape.size() > maximumRank)
        throw Error(tensor + " has a shape that is not a list of at most " + std::to_string(maximumRank) + " sizes");
    for (const nlohmann::json &extent : shape) {
        const std::uint64_t size = unsignedField(extent, tensor + " has a size in its shape");
        if (size > (std::uint64_t{1} << 62))
            throw Error(tensor + " has an impossible shape");
        placed.shape.push_back(static_cast<std::int64_t>(size));
    }
    const nlohmann::json &offsets = value["data_offsets"];
    if (!offsets.is_array() || offsets.size() != 2)
        throw Error(tensor + " has data_offsets that are not a begin and an end");
    placed.begin = unsignedField(offsets[0], tensor + " has a data offset");
    placed.end = unsignedField(offsets[1], tensor + " has a data offset");
    if (placed.begin > placed.end)
        throw Error(tensor + " ends before it begins");
    if (placed.end > dataBytes)
        throw Error(tensor + " lies beyond the end of the file, which is cut off or damaged: download it again");
    const auto count = checkedElements(placed.shape);
    const auto bytes = count ? checkedMultiply(*count, elementBytes(placed.dtype)) : std::nullopt;
    if (!bytes || *bytes != placed.end - placed.begin)
        throw Error(tensor + " has " + std::to_string(placed.end - placed.begin) +
                    " bytes, which is not what its shape and dtype take");
    return placed;
}

} // namespace

WeightFile parseSafetensors(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                            const std::string &name)
{
    refuseLfsPointer(bytes, name);
    if (bytes.size() < lengthBytes)
        throw Error(name + " is not a safetensors file: it has " + std::to_string(bytes.size()) + " bytes");
    std::uint64_t headerBytes = 0;
    std::memcpy(&headerBytes, bytes.data(), lengthBytes);
    if (headerBytes > maximumHeaderBytes)
        throw Error(name + " is not a safetensors file: its header would have " + std::to_string(headerBytes) +
                    " bytes");
    if (headerBytes > bytes.size() - lengthBytes)
        throw Error(name + " is cut off within its header: download or copy it again");
    const std::string_view text(reinterpret_cast<const char *>(bytes.data()) + lengthBytes, headerBytes);
    const nlohmann::json header = parseHeader(text, name);
    if (!header.is_object())
        throw Error(name + " is not a safetensors file: its header is not an object");

    WeightFile file;
    file.path = name;
    const std::byte *data = bytes.data() + lengthBytes + headerBytes;
    const std::uint64_t dataBytes = bytes.size() - lengthBytes - headerBytes;
    std::vector<Placed> entries;
    for (const auto &item : header.items()) {
        if (item.key() == metadataKey) {
            if (!item.value().is_object())
                throw Error(name + " has a __metadata__ that is not an object");
            for (const auto &field : item.value().items()) {
                if (!field.value().is_string())
                    throw Error(name + " has metadata \"" + printable(field.key()) + "\" that is not text");
                file.metadata[field.key()] = field.value().get<std::string>();
            }
            continue;
        }
        entries.push_back(readEntry(item.key(), item.value(), dataBytes, name));
    }
    std::sort(entries.begin(), entries.end(),
              [](const Placed &a, const Placed &b) { return std::pair(a.begin, a.end) < std::pair(b.begin, b.end); });
    std::uint64_t reached = 0;
    for (const Placed &entry : entries) {
        if (entry.begin < reached)
            throw Error(name + ": tensor " + printable(entry.name) + " overlaps another tensor");
        if (entry.begin > reached)
            throw Error(name + " has " + std::to_string(entry.begin - reached) + " bytes before tensor " +
                        printable(entry.name) + " that belong to no tensor");
        reached = entry.end;
    }
    if (reached != dataBytes)
        throw Error(name + " has " + std::to_string(dataBytes - reached) +
                    " bytes at its end that belong to no tensor");
    for (Placed &entry : entries)
        file.tensors.emplace(entry.name, Tensor::view(entry.dtype, std::move(entry.shape), data + entry.begin, owner));
    return file;
}

WeightFile readSafetensors(const std::string &path, MappedFile::Reading reading)
{
    const auto file = MappedFile::open(path, reading);
    WeightFile weights = parseSafetensors(file->bytes(), file, path);
    markMapped(weights, *file);
    return weights;
}

SafetensorsWriter::SafetensorsWriter(const std::string &path, std::vector<TensorEntry> entries,
                                     const std::map<std::string, std::string> &metadata)
    : m_entries(std::move(entries)), m_file(path)
{
    std::stable_sort(m_entries.begin(), m_entries.end(), [](const TensorEntry &a, const TensorEntry &b) {
        if (elementBytes(a.dtype) != elementBytes(b.dtype))
            return elementBytes(a.dtype) > elementBytes(b.dtype);
        return a.name < b.name;
    });
    nlohmann::ordered_json header = nlohmann::ordered_json::object();
    header[metadataKey] = metadata;
    header[metadataKey].emplace("format", "pt");
    std::uint64_t offset = 0;
    for (const TensorEntry &entry : m_entries) {
        if (header.contains(entry.name))
            throw std::logic_error("two tensors are called " + entry.name);
        std::uint64_t bytes = elementBytes(entry.dtype);
        for (const std::int64_t extent : entry.shape)
            bytes *= static_cast<std::uint64_t>(extent);
        header[entry.name] = {
            {"dtype", toString(entry.dtype)}, {"shape", entry.shape}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    }
    std::string text = header.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    text.append((dataAlignment - (lengthBytes + text.size()) % dataAlignment) % dataAlignment, ' ');
    const std::uint64_t length = text.size();
    m_file.write(&length, lengthBytes);
    m_file.write(text.data(), text.size());
}

void SafetensorsWriter::write(const Tensor &tensor)
{
    if (m_next == m_entries.size())
        throw std::logic_error("more tensors are written than the header has");
    const TensorEntry &entry = m_entries[m_next];
    if (tensor.dtype() != entry.dtype || tensor.shape() != entry.shape)
        throw std::logic_error("tensor " + entry.name + " is not as its header says");
    m_file.write(tensor.raw(), tensor.bytes());
    ++m_next;
}

void SafetensorsWriter::commit()
{
    if (m_next != m_entries.size())
        throw std::logic_error("tensor " + m_entries[m_next].name + " was not written");
    m_file.commit();
}

void writeSafetensors(const std::string &path, const std::map<std::string, Tensor> &tensors,
                      const std::map<std::string, std::string> &metadata)
{
    std::vector<TensorEntry> entries;
    for (const auto &[name, tensor] : tensors)
        entries.push_back({name, tensor.dtype(), tensor.shape()});
    SafetensorsWriter writer(path, std::move(entries), metadata);
    for (const TensorEntry &entry : writer.entries())
        writer.write(tensors.at(entry.name));
    writer.commit();
}

} // namespace edgeflex
