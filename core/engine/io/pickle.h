#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

namespace edgeflex {

// What a restricted pickle can hold.
//   Integer, Boolean      integer
//   Real                  real
//   Text, Bytes           text
//   List, Tuple           items
//   Dictionary            items: key, value, key, value ...
//   Global                text: "torch.FloatStorage"
//   Storage               text: its key in the archive; integer: elements; items: the Global of its type
//   Tensor                items: Storage, shape (Tuple), strides (Tuple); integer: offset in elements
struct PickleValue
{
    enum class Kind { None, Boolean, Integer, Real, Text, Bytes, List, Tuple, Dictionary, Global, Storage, Tensor };

    Kind kind = Kind::None;
    std::int64_t integer = 0;
    double real = 0;
    std::string text;
    std::vector<const PickleValue *> items; // owned by the Pickle; may refer back to this value
};

// Interprets Python's pickle format (protocols 2 to 5) as far as PyTorch state dicts need it. It builds
// plain values and knows collections.OrderedDict, torch._utils._rebuild_tensor_v2 and _rebuild_parameter,
// torch.Size, storage types and dtypes; nothing is ever called.
class Pickle
{
public:
    // Throws Error naming `name` when the pickle is damaged, or names anything else, which is then named.
    Pickle(std::span<const std::byte> bytes, const std::string &name);

    const PickleValue &root() const { return *m_root; }

private:
    friend class PickleMachine;

    std::deque<PickleValue> m_values; // deque: values stay where they are
    const PickleValue *m_root = nullptr;
};

} // namespace edgeflex
