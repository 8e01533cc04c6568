#include "engine/tensor/tensor.h"

#include "engine/tensor/hostallocator.h"

#include <sys/mman.h>
#include <unistd.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>

namespace edgeflex {

std::size_t elementBytes(DType dtype)
{
    switch (dtype) {
    case DType::F64:
    case DType::I64:
        return 8;
    case DType::F32:
    case DType::I32:
        return 4;
    case DType::F16:
    case DType::BF16:
    case DType::I16:
        return 2;
    case DType::I8:
    case DType::U8:
    case DType::Bool:
        return 1;
    }
    throw std::logic_error("unknown dtype");
}

std::string_view toString(DType dtype)
{
    switch (dtype) {
    case DType::F64:
        return "F64";
    case DType::F32:
        return "F32";
    case DType::F16:
        return "F16";
    case DType::BF16:
        return "BF16";
    case DType::I64:
        return "I64";
    case DType::I32:
        return "I32";
    case DType::I16:
        return "I16";
    case DType::I8:
        return "I8";
    case DType::U8:
        return "U8";
    case DType::Bool:
        return "BOOL";
    }
    throw std::logic_error("unknown dtype");
}

Tensor Tensor::allocate(DType dtype, std::vector<std::int64_t> shape)
{
    Tensor tensor;
    tensor.m_dtype = dtype;
    tensor.m_shape = std::move(shape);
    std::int64_t count = 1;
    for (const std::int64_t extent : tensor.m_shape)
        count *= extent;
    auto *block =
        static_cast<std::byte *>(hostallocator::allocate(static_cast<std::size_t>(count) * elementBytes(dtype)));
    tensor.m_owner = std::shared_ptr<const void>(
        block, [](const void *memory) { hostallocator::deallocate(const_cast<void *>(memory)); });
    tensor.m_data = block;
    return tensor;
}

Tensor Tensor::zeros(DType dtype, std::vector<std::int64_t> shape)
{
    Tensor tensor = allocate(dtype, std::move(shape));
    std::memset(tensor.raw(), 0, tensor.bytes());
    return tensor;
}

Tensor Tensor::view(DType dtype, std::vector<std::int64_t> shape, const void *data, std::shared_ptr<const void> owner)
{
    Tensor tensor;
    tensor.m_dtype = dtype;
    tensor.m_shape = std::move(shape);
    tensor.m_data = static_cast<const std::byte *>(data);
    tensor.m_owner = std::move(owner);
    return tensor;
}

Tensor Tensor::fromFloats(std::vector<std::int64_t> shape, const std::vector<float> &values)
{
    Tensor tensor = allocate(DType::F32, std::move(shape));
    if (tensor.elements() != static_cast<std::int64_t>(values.size()))
        throw std::logic_error("fromFloats: " + tensor.shapeText() + " does not hold " + std::to_string(values.size()) +
                               " values");
    std::memcpy(tensor.raw(), values.data(), tensor.bytes());
    return tensor;
}

std::int64_t Tensor::elements() const
{
    if (empty())
        return 0;
    std::int64_t count = 1;
    for (const std::int64_t extent : m_shape)
        count *= extent;
    return count;
}

std::string Tensor::shapeText() const
{
    std::string text = "[";
    for (const std::int64_t extent : m_shape)
        text += (text.size() > 1 ? ", " : "") + std::to_string(extent);
    return text + "]";
}

Tensor Tensor::reshaped(std::vector<std::int64_t> shape) const
{
    Tensor tensor = *this;
    tensor.m_shape = std::move(shape);
    if (tensor.elements() != elements())
        throw std::logic_error("reshape from " + shapeText() + " to " + tensor.shapeText());
    return tensor;
}

namespace {

// Files give no alignment, so every value is loaded through memcpy.
template<typename T, typename Convert>
void convertValues(const std::byte *from, float *to, std::int64_t count, Convert convert)
{
    for (std::int64_t i = 0; i < count; ++i) {
        T value;
        std::memcpy(&value, from + static_cast<std::size_t>(i) * sizeof(T), sizeof(T));
        to[i] = convert(value);
    }
}

template<typename T>
float plainCast(T value)
{
    return static_cast<float>(value);
}

} // namespace

Tensor Tensor::toFloat() const
{
    if (empty())
        return {};
    Tensor result = allocate(DType::F32, m_shape);
    float *out = result.floats();
    const std::int64_t count = elements();
    switch (m_dtype) {
    case DType::F32:
        std::memcpy(result.raw(), m_data, bytes());
        break;
    case DType::F64:
        convertValues<double>(m_data, out, count, plainCast<double>);
        break;
    case DType::F16:
        convertValues<std::uint16_t>(m_data, out, count, halfToFloat);
        break;
    case DType::BF16:
        convertValues<std::uint16_t>(m_data, out, count, bfloat16ToFloat);
        break;
    case DType::I64:
        convertValues<std::int64_t>(m_data, out, count, plainCast<std::int64_t>);
        break;
    case DType::I32:
        convertValues<std::int32_t>(m_data, out, count, plainCast<std::int32_t>);
        break;
    case DType::I16:
        convertValues<std::int16_t>(m_data, out, count, plainCast<std::int16_t>);
        break;
    case DType::I8:
        convertValues<std::int8_t>(m_data, out, count, plainCast<std::int8_t>);
        break;
    case DType::U8:
    case DType::Bool:
        convertValues<std::uint8_t>(m_data, out, count, plainCast<std::uint8_t>);
        break;
    }
    return result;
}

Tensor Tensor::clone() const
{
    if (empty())
        return {};
    Tensor result = allocate(m_dtype, m_shape);
    std::memcpy(result.raw(), m_data, bytes());
    return result;
}

bool Tensor::sameBytes(const Tensor &other) const
{
    if (empty() || other.empty())
        return empty() == other.empty();
    return m_dtype == other.m_dtype && m_shape == other.m_shape && std::memcmp(m_data, other.m_data, bytes()) == 0;
}

void Tensor::releasePages() const
{
    if (!m_mapped || empty())
        return;
    const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
    const auto first = (reinterpret_cast<std::uintptr_t>(m_data) + page - 1) / page * page;
    const auto last = (reinterpret_cast<std::uintptr_t>(m_data) + bytes()) / page * page;
    if (first < last) // advice: a refusal costs memory, not correctness
        madvise(reinterpret_cast<void *>(first), last - first, MADV_DONTNEED);
}

std::uint16_t floatToHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const auto sign = static_cast<std::uint16_t>((bits >> 16) & 0x8000U);
    const std::uint32_t magnitude = bits & 0x7fffffffU;
    if (magnitude > 0x7f800000U)
        return static_cast<std::uint16_t>(sign | 0x7e00U); // NaN
    if (magnitude >= 0x47800000U)
        return static_cast<std::uint16_t>(sign | 0x7c00U); // 65536 and above: infinity
    if (magnitude < 0x38800000U) {
        // Subnormal or zero: adding 0.5 shifts the mantissa so that the hardware rounds to nearest even.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        return static_cast<std::uint16_t>(sign | (std::bit_cast<std::uint32_t>(shifted) - 0x3f000000U));
    }
    const std::uint32_t odd = (magnitude >> 13) & 1U;
    return static_cast<std::uint16_t>(sign | ((magnitude - 0x38000000U + 0xfffU + odd) >> 13));
}

float halfToFloat(std::uint16_t bits)
{
    const std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000U) << 16;
    const std::uint32_t exponent = (bits >> 10) & 0x1fU;
    const std::uint32_t mantissa = bits & 0x3ffU;
    if (exponent == 0) {
        const float value = std::ldexp(static_cast<float>(mantissa), -24);
        return sign ? -value : value;
    }
    if (exponent == 31)
        return std::bit_cast<float>(sign | 0x7f800000U | (mantissa << 13));
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

std::uint16_t floatToBfloat16(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    if ((bits & 0x7fffffffU) > 0x7f800000U)
        return static_cast<std::uint16_t>((bits >> 16) | 0x40U); // NaN stays NaN
    return static_cast<std::uint16_t>((bits + 0x7fffU + ((bits >> 16) & 1U)) >> 16);
}

float bfloat16ToFloat(std::uint16_t bits)
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16);
}

} // namespace edgeflex
