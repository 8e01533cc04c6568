#pragma once

#include "engine/model/vitmodel.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace edgeflex {

// One tensor of a model among all its values in a row.
struct ParameterSlot
{
    std::string name; // as in a saved model, e.g. "blocks.3.attn.qkv.weight"
    std::vector<std::int64_t> shape;
    std::size_t offset = 0; // of its first value
    std::size_t count = 0;
    bool linearWeight = false; // of a linear layer, and no bias: decays
};

// Where each FP32 tensor of a model lies when all values stand in one row, as the optimizer wants them. The order is
// that of savedTensors().
class ParameterLayout
{
public:
    // Every layer of the spec must be FP32.
    explicit ParameterLayout(const ModelSpec &spec);

    const std::vector<ParameterSlot> &slots() const { return m_slots; }
    std::size_t count() const { return m_count; }             // values of all tensors
    const ParameterSlot &slot(const std::string &name) const; // throws std::logic_error

private:
    std::vector<ParameterSlot> m_slots;
    std::map<std::string, std::size_t> m_index;
    std::size_t m_count = 0;
};

// Values to begin a training with: linear weights bell-shaped with Glorot's deviation, smaller by the square root of
// the number of branches where a branch joins the residual stream; gains 1, biases 0, tokens small;
// positions are waves of the row and the column.
std::vector<float> initialParameters(const ModelSpec &spec, const ParameterLayout &layout, std::uint64_t seed);

// The model that has these values, in storage of its own.
VitModel modelFromParameters(const ModelSpec &spec, const ParameterLayout &layout, const std::vector<float> &values,
                             const std::map<std::string, std::string> &provenance);

} // namespace edgeflex
