#include "engine/io/torchcheckpoint.h"

#include "engine/io/checkedsize.h"
#include "engine/io/mappedfile.h"
#include "engine/io/pickle.h"
#include "engine/io/printable.h"
#include "engine/io/ziparchive.h"
#include "plan/error.h"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <utility>

namespace edgeflex {

namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view saveAgain =
    "open it with torch.load and save the weights with torch.save(model.state_dict(), \"weights.pth\")";

std::optional<DType> dtypeOfStorage(std::string_view type)
{
    constexpr std::array<std::pair<std::string_view, DType>, 10> types{{{"torch.DoubleStorage", DType::F64},
                                                                        {"torch.FloatStorage", DType::F32},
                                                                        {"torch.HalfStorage", DType::F16},
                                                                        {"torch.BFloat16Storage", DType::BF16},
                                                                        {"torch.LongStorage", DType::I64},
                                                                        {"torch.IntStorage", DType::I32},
                                                                        {"torch.ShortStorage", DType::I16},
                                                                        {"torch.CharStorage", DType::I8},
                                                                        {"torch.ByteStorage", DType::U8},
                                                                        {"torch.BoolStorage", DType::Bool}}};
    for (const auto &[word, dtype] : types)
        if (word == type)
            return dtype;
    return std::nullopt;
}

// The archive's files without its top folder, whose name is that of the file when it was saved.
class TorchArchive
{
public:
    TorchArchive(std::span<const std::byte> bytes, const std::string &name) : m_archive(bytes, name), m_name(name)
    {
        for (const auto &[path, entry] : m_archive.entries()) {
            const std::size_t slash = path.find('/');
            if (slash == std::string::npos || path.substr(slash) != "/data.pkl")
                continue;
            if (!m_folder.empty())
                throw Error(name + " holds two checkpoints: " + std::string(saveAgain));
            m_folder = path.substr(0, slash + 1);
        }
        if (m_folder.empty())
            throw Error(name + " is a zip archive without a PyTorch state dict (data.pkl): " + std::string(saveAgain));
        for (const auto &[path, entry] : m_archive.entries())
            if (path.starts_with(m_folder + "code/") || path == m_folder + "constants.pkl")
                throw Error(name + " is a TorchScript archive, not a state dict: open it with torch.jit.load and "
                                   "save the weights with torch.save(model.state_dict(), \"weights.pth\")");
        if (const auto order = find("byteorder"); order && text(*order) != "little")
            throw Error(name + " was saved on a big-endian machine, which is not supported: " + std::string(saveAgain) +
                        " on a little-endian one");
    }

    std::optional<std::span<const std::byte>> find(const std::string &path) const
    {
        const auto found = m_archive.entries().find(m_folder + path);
        if (found == m_archive.entries().end())
            return std::nullopt;
        if (found->second.compressed)
            throw Error(m_name + " was compressed again after PyTorch had saved it (" + printable(path) +
                        "): " + std::string(saveAgain));
        return found->second.data;
    }

private:
    static std::string_view text(std::span<const std::byte> bytes)
    {
        return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
    }

    ZipArchive m_archive;
    const std::string &m_name;
    std::string m_folder;
};

std::vector<std::int64_t> integers(const PickleValue &tuple, const std::string &where)
{
    if (tuple.items.size() > maximumRank)
        throw Error(where + " has more than " + std::to_string(maximumRank) + " axes");
    std::vector<std::int64_t> values;
    for (const PickleValue *item : tuple.items) {
        if (item->kind != Kind::Integer || item->integer < 0)
            throw Error(where + " has a shape or strides that are not whole numbers from 0");
        values.push_back(item->integer);
    }
    return values;
}

bool isContiguous(const std::vector<std::int64_t> &shape, const std::vector<std::int64_t> &strides)
{
    std::int64_t expected = 1;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        if (shape[axis] == 1)
            continue; // the stride of a single row is never used
        if (strides[axis] != expected)
            return false;
        expected *= shape[axis];
    }
    return true;
}

// Makes a contiguous copy of a transposed or sliced view.
Tensor gather(DType dtype, const std::vector<std::int64_t> &shape, const std::vector<std::int64_t> &strides,
              const std::byte *from)
{
    Tensor tensor = Tensor::allocate(dtype, shape);
    const std::size_t size = elementBytes(dtype);
    std::vector<std::int64_t> index(shape.size(), 0);
    std::byte *to = tensor.raw();
    const std::int64_t count = tensor.elements();
    for (std::int64_t i = 0; i < count; ++i) {
        std::int64_t at = 0;
        for (std::size_t axis = 0; axis < shape.size(); ++axis)
            at += index[axis] * strides[axis];
        std::memcpy(to, from + static_cast<std::size_t>(at) * size, size);
        to += size;
        for (std::size_t axis = shape.size(); axis-- > 0;) {
            if (++index[axis] < shape[axis])
                break;
            index[axis] = 0;
        }
    }
    return tensor;
}

class TensorReader
{
public:
    TensorReader(const TorchArchive &archive, std::shared_ptr<const void> owner, std::uint64_t fileBytes,
                 const std::string &name)
        : m_archive(archive), m_owner(std::move(owner)), m_copyBudget(fileBytes), m_name(name)
    {
    }

    Tensor read(const PickleValue &value, const std::string &tensorName)
    {
        const std::string where = m_name + ": tensor " + printable(tensorName);
        const PickleValue &storage = *value.items[0];
        const auto dtype = dtypeOfStorage(storage.items[0]->text);
        if (!dtype)
            throw Error(where + " is of type " + printable(storage.items[0]->text) +
                        ", which cannot be read: convert it to float32, float16 or bfloat16");
        const auto data = m_archive.find("data/" + storage.text);
        if (!data)
            throw Error(where + " has no data in the file (data/" + printable(storage.text) + " is missing)");
        const std::uint64_t size = elementBytes(*dtype);
        const auto stored = static_cast<std::uint64_t>(storage.integer);
        if (stored > data->size() / size)
            throw Error(where + " claims " + std::to_string(stored) + " values of which the file holds " +
                        std::to_string(data->size() / size));
        auto shape = integers(*value.items[1], where);
        const auto strides = integers(*value.items[2], where);
        const auto count = checkedElements(shape);
        if (strides.size() != shape.size() || !count)
            throw Error(where + " has an impossible shape");
        if (value.integer < 0 || static_cast<std::uint64_t>(value.integer) > stored)
            throw Error(where + " begins beyond the end of its data");
        const auto offset = static_cast<std::uint64_t>(value.integer);
        const std::byte *from = data->data() + offset * size;
        if (*count == 0)
            return Tensor::view(*dtype, std::move(shape), from, m_owner);
        std::uint64_t last = offset; // the element farthest from the storage's beginning
        for (std::size_t axis = 0; axis < shape.size(); ++axis) {
            const auto span =
                checkedMultiply(static_cast<std::uint64_t>(shape[axis] - 1), static_cast<std::uint64_t>(strides[axis]));
            const auto sum = span ? checkedAdd(last, *span) : std::nullopt;
            if (!sum)
                throw Error(where + " has impossible strides");
            last = *sum;
        }
        if (last >= stored)
            throw Error(where + " reaches beyond the end of its data");
        if (isContiguous(shape, strides))
            return Tensor::view(*dtype, std::move(shape), from, m_owner);
        // Strides can make a small storage look like any amount of data.
        if (*count > stored || *count * size > m_copyBudget)
            throw Error(where + " repeats its data by strides: save it as tensor.contiguous()");
        m_copyBudget -= *count * size;
        return gather(*dtype, shape, strides, from);
    }

private:
    const TorchArchive &m_archive;
    std::shared_ptr<const void> m_owner;
    std::uint64_t m_copyBudget; // bytes that may still be copied
    const std::string &m_name;
};

bool holdsTensors(const PickleValue &value)
{
    if (value.kind != Kind::Dictionary)
        return false;
    for (std::size_t i = 1; i < value.items.size(); i += 2)
        if (value.items[i]->kind == Kind::Tensor)
            return true;
    return false;
}

// The state dict of a training checkpoint, which keeps it beside the optimizer's state and the like.
const PickleValue *findStateDict(const PickleValue &root)
{
    const PickleValue *value = &root;
    for (int depth = 0; depth < 4; ++depth) {
        if (holdsTensors(*value))
            return value;
        if (value->kind != Kind::Dictionary)
            return nullptr;
        const PickleValue *inner = nullptr;
        for (const char *key : {"state_dict", "model", "model_state_dict", "model_ema"})
            for (std::size_t i = 0; !inner && i < value->items.size(); i += 2)
                if (value->items[i]->kind == Kind::Text && value->items[i]->text == key &&
                    value->items[i + 1]->kind == Kind::Dictionary)
                    inner = value->items[i + 1];
        if (!inner)
            return nullptr;
        value = inner;
    }
    return nullptr;
}

std::string withoutWrapperPrefixes(std::string_view key)
{
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view prefix : {"module.", "_orig_mod."})
            if (key.starts_with(prefix)) {
                key.remove_prefix(prefix.size());
                again = true;
            }
    }
    return std::string(key);
}

// PyTorch's formats before 1.6.
void refuseLegacy(std::span<const std::byte> bytes, const std::string &name)
{
    constexpr std::size_t tarMagicOffset = 257;
    constexpr std::string_view tarMagic = "ustar";
    const bool tar = bytes.size() >= tarMagicOffset + tarMagic.size() &&
                     std::memcmp(bytes.data() + tarMagicOffset, tarMagic.data(), tarMagic.size()) == 0;
    if (tar || bytes[0] == std::byte{0x80})
        throw Error(name + " is in PyTorch's format before version 1.6: open it with torch.load in a newer version "
                           "and save the weights with torch.save(model.state_dict(), \"weights.pth\")");
}

} // namespace

WeightFile parseTorchCheckpoint(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                                const std::string &name)
{
    refuseLfsPointer(bytes, name);
    if (bytes.empty())
        throw Error(name + " is empty: download or copy it again");
    if (!ZipArchive::isZip(bytes)) {
        refuseLegacy(bytes, name);
        throw Error(name + " is not a PyTorch checkpoint: it is not a zip archive");
    }
    const TorchArchive archive(bytes, name);
    const Pickle pickle(*archive.find("data.pkl"), name);
    const PickleValue *stateDict = findStateDict(pickle.root());
    if (!stateDict)
        throw Error(name +
                    " holds no state dict with tensors, neither plain nor under state_dict, model, "
                    "model_state_dict or model_ema: " +
                    std::string(saveAgain));
    WeightFile file;
    file.path = name;
    TensorReader reader(archive, std::move(owner), bytes.size(), name);
    for (std::size_t i = 0; i < stateDict->items.size(); i += 2) {
        const PickleValue &key = *stateDict->items[i];
        const PickleValue &value = *stateDict->items[i + 1];
        if (value.kind != Kind::Tensor)
            continue; // counters and settings
        if (key.kind != Kind::Text)
            throw Error(name + " holds a tensor whose name is not text");
        std::string tensorName = withoutWrapperPrefixes(key.text);
        Tensor tensor = reader.read(value, tensorName);
        if (!file.tensors.emplace(tensorName, std::move(tensor)).second)
            throw Error(name + " has two tensors " + printable(tensorName));
    }
    return file;
}

WeightFile readTorchCheckpoint(const std::string &path)
{
    const auto file = MappedFile::open(path);
    WeightFile weights = parseTorchCheckpoint(file->bytes(), file, path);
    markMapped(weights, *file);
    return weights;
}

} // namespace edgeflex
