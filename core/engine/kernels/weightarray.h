#pragma once

#include "engine/tensor/hostallocator.h"
#include "engine/tensor/tensor.h"

#include <cstddef>

namespace edgeflex {

// An array of weights that is only read from now on: in memory of its own, or a part of a mapped file that stays where
// it is. The host allocator counts it either way. Move-only; may be read from several threads at once.
class WeightArray
{
public:
    WeightArray() = default; // none
    explicit WeightArray(HostBuffer packed) : m_packed(std::move(packed)) {}
    // `mapped` keeps the file open.
    explicit WeightArray(Tensor mapped);
    WeightArray(WeightArray &&other) noexcept;
    WeightArray &operator=(WeightArray &&other) noexcept;
    WeightArray(const WeightArray &) = delete;
    WeightArray &operator=(const WeightArray &) = delete;
    ~WeightArray();

    template<typename T>
    const T *as() const // null for none
    {
        return m_mapped.empty() ? m_packed.as<T>() : m_mapped.as<T>();
    }
    std::size_t bytes() const { return m_mapped.empty() ? m_packed.bytes() : m_mapped.bytes(); }

private:
    HostBuffer m_packed;
    Tensor m_mapped;
};

} // namespace edgeflex
