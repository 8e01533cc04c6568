#pragma once

#include <cstddef>
#include <cstdint>

namespace edgeflex {

// The engine's allocator: 64-byte aligned blocks, sizes rounded up to 64 bytes, every live byte counted.
// Weights, schedule tensors and kernel scratch go through it, LibTorch's tensors too once
// installTorchAllocator() has run. Thread-safe.
namespace hostallocator {

// Throws Error when the machine has no memory left. allocate(0) is valid.
void *allocate(std::size_t bytes);
void deallocate(void *block) noexcept;

// Memory that is held as if it had been allocated and was not: weights that stay in a mapped file. Counts as live until
// the same is taken off again.
void countMapped(std::int64_t bytes) noexcept;

std::int64_t liveBytes() noexcept;
std::int64_t peakBytes() noexcept; // since the last resetPeak()
void resetPeak() noexcept;         // the peak becomes the live bytes
std::int64_t allocationCount() noexcept;
// Size that an allocation of `bytes` counts as.
constexpr std::int64_t roundedBytes(std::int64_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

} // namespace hostallocator

// Uninitialised memory for `count` values, freed with the object. Move-only.
class HostBuffer
{
public:
    HostBuffer() = default;
    explicit HostBuffer(std::size_t bytes) : m_block(hostallocator::allocate(bytes)), m_bytes(bytes) {}
    HostBuffer(HostBuffer &&other) noexcept : m_block(other.m_block), m_bytes(other.m_bytes)
    {
        other.m_block = nullptr;
        other.m_bytes = 0;
    }
    HostBuffer &operator=(HostBuffer &&other) noexcept
    {
        if (this != &other) {
            reset();
            m_block = other.m_block;
            m_bytes = other.m_bytes;
            other.m_block = nullptr;
            other.m_bytes = 0;
        }
        return *this;
    }
    HostBuffer(const HostBuffer &) = delete;
    HostBuffer &operator=(const HostBuffer &) = delete;
    ~HostBuffer() { reset(); }

    void reset() noexcept
    {
        if (m_block)
            hostallocator::deallocate(m_block);
        m_block = nullptr;
        m_bytes = 0;
    }
    std::size_t bytes() const { return m_bytes; }
    explicit operator bool() const { return m_block != nullptr; }
    template<typename T>
    T *as()
    {
        return static_cast<T *>(m_block);
    }
    template<typename T>
    const T *as() const
    {
        return static_cast<const T *>(m_block);
    }

private:
    void *m_block = nullptr;
    std::size_t m_bytes = 0;
};

} // namespace edgeflex
