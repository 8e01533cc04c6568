#include "engine/kernels/weightarray.h"

#include <utility>

namespace edgeflex {

namespace {

std::int64_t countedBytes(const Tensor &mapped)
{
    return hostallocator::roundedBytes(static_cast<std::int64_t>(mapped.bytes()));
}

} // namespace

WeightArray::WeightArray(Tensor mapped) : m_mapped(std::move(mapped))
{
    hostallocator::countMapped(countedBytes(m_mapped));
}

WeightArray::WeightArray(WeightArray &&other) noexcept
    : m_packed(std::move(other.m_packed)), m_mapped(std::exchange(other.m_mapped, Tensor()))
{
}

WeightArray &WeightArray::operator=(WeightArray &&other) noexcept
{
    std::swap(m_packed, other.m_packed);
    std::swap(m_mapped, other.m_mapped);
    return *this;
}

WeightArray::~WeightArray()
{
    hostallocator::countMapped(-countedBytes(m_mapped));
}

} // namespace edgeflex
