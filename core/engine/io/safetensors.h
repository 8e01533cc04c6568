#pragma once

#include "engine/io/atomicfile.h"
#include "engine/io/weightfile.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// The safetensors format: a header length (8 bytes, little endian), a JSON header that gives each tensor's
// dtype, shape and place, then the data without gaps or overlaps.

// Reads from memory; the tensors are views of `bytes`, which `owner` keeps alive. `name` stands for the
// file in errors.
WeightFile parseSafetensors(std::span<const std::byte> bytes, std::shared_ptr<const void> owner,
                            const std::string &name);

struct TensorEntry
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;

    bool operator==(const TensorEntry &) const = default;
};

// Where the data of a file that we write starts: a multiple of a cache line.
inline constexpr std::size_t dataAlignment = 64;

// Writes tensor by tensor, holding none of them. Data starts at a multiple of dataAlignment and wider types come first,
// so that every tensor is aligned to its own type.
class SafetensorsWriter
{
public:
    SafetensorsWriter(const std::string &path, std::vector<TensorEntry> entries,
                      const std::map<std::string, std::string> &metadata);

    // In the order in which the file has them.
    const std::vector<TensorEntry> &entries() const { return m_entries; }
    // The next tensor of entries(). Throws std::logic_error when it has another type or shape.
    void write(const Tensor &tensor);
    // Throws std::logic_error before every tensor is written.
    void commit();

private:
    std::vector<TensorEntry> m_entries;
    std::size_t m_next = 0;
    AtomicFile m_file;
};

} // namespace edgeflex
