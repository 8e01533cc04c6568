#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

enum class DType { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };

std::size_t elementBytes(DType dtype);
std::string_view toString(DType dtype);

// A contiguous row-major array: a handle that shares its storage when copied. Storage is either our
// allocator's or somebody else's (a mapped file) kept alive by an owner. Not thread-safe to write while
// another thread reads.
class Tensor
{
public:
    Tensor() = default; // empty: no elements, rank 0, storage null

    // Uninitialised storage from the host allocator.
    static Tensor allocate(DType dtype, std::vector<std::int64_t> shape);
    static Tensor zeros(DType dtype, std::vector<std::int64_t> shape);
    // A view of `data`, which `owner` keeps alive. Data must be readable for the whole shape; it need not
    // be aligned (files): read such values through toFloat() or memcpy.
    static Tensor view(DType dtype, std::vector<std::int64_t> shape, const void *data,
                       std::shared_ptr<const void> owner);
    static Tensor fromFloats(std::vector<std::int64_t> shape, const std::vector<float> &values);

    bool empty() const { return m_data == nullptr; }
    DType dtype() const { return m_dtype; }
    const std::vector<std::int64_t> &shape() const { return m_shape; }
    std::int64_t dim(std::size_t axis) const { return m_shape.at(axis); }
    std::size_t rank() const { return m_shape.size(); }
    std::int64_t elements() const; // product of the shape; 0 when empty()
    std::size_t bytes() const { return static_cast<std::size_t>(elements()) * elementBytes(m_dtype); }
    std::string shapeText() const; // "[192, 768]"

    // A view of a mapped file says so, and can then give its pages back: they are read from the file again when
    // touched. releasePages() does nothing for other storage.
    void markMapped() { m_mapped = true; }
    void releasePages() const;

    const std::byte *raw() const { return m_data; }
    // Writable only for storage from allocate()/zeros()/fromFloats()/toFloat() copies.
    std::byte *raw() { return const_cast<std::byte *>(m_data); }
    template<typename T>
    const T *as() const
    {
        return reinterpret_cast<const T *>(m_data);
    }
    template<typename T>
    T *as()
    {
        return reinterpret_cast<T *>(const_cast<std::byte *>(m_data));
    }
    const float *floats() const { return as<float>(); }
    float *floats() { return as<float>(); }

    // The same storage under another shape of as many elements. Throws std::logic_error otherwise.
    Tensor reshaped(std::vector<std::int64_t> shape) const;
    // F32 copy converted from F64, F32, F16, BF16 or integers; always new storage.
    Tensor toFloat() const;
    Tensor clone() const;
    bool sameBytes(const Tensor &other) const; // dtype, shape and every byte equal

private:
    DType m_dtype = DType::F32;
    std::vector<std::int64_t> m_shape;
    const std::byte *m_data = nullptr;
    bool m_mapped = false;
    std::shared_ptr<const void> m_owner;
};

// IEEE half and bfloat16, round to nearest even.
std::uint16_t floatToHalf(float value);
float halfToFloat(std::uint16_t bits);
std::uint16_t floatToBfloat16(float value);
float bfloat16ToFloat(std::uint16_t bits);

} // namespace edgeflex
