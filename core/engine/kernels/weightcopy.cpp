#include "engine/kernels/weightcopy.h"

#include "plan/error.h"

#include <algorithm>
#include <cstring>

namespace edgeflex {

namespace {

// Values whose exponent bits are all ones are NaN or infinite.
template<typename Bits>
bool anyNotFinite(const std::byte *block, std::size_t bytes, Bits exponent)
{
    const auto *values = reinterpret_cast<const Bits *>(block);
    unsigned found = 0;
    for (std::size_t i = 0; i < bytes / sizeof(Bits); ++i)
        found |= static_cast<unsigned>((values[i] & exponent) == exponent);
    return found != 0;
}

bool anyNotFinite(DType dtype, const std::byte *block, std::size_t bytes)
{
    switch (dtype) {
    case DType::F32:
        return anyNotFinite<std::uint32_t>(block, bytes, 0x7f800000U);
    case DType::F16:
        return anyNotFinite<std::uint16_t>(block, bytes, 0x7c00U);
    case DType::BF16:
        return anyNotFinite<std::uint16_t>(block, bytes, 0x7f80U);
    default:
        return false;
    }
}

} // namespace

HostBuffer copyFinite(const Tensor &array, const LinearSpec &layer, std::string_view what)
{
    const std::size_t total = array.bytes();
    HostBuffer copy(total);
    auto *to = copy.as<std::byte>();
    constexpr std::size_t block = std::size_t{1} << 18; // checked while it is in the cache
    const auto blocks = static_cast<std::int64_t>((total + block - 1) / block);
    bool bad = false;
#pragma omp parallel for reduction(|| : bad) if (blocks > 1)
    for (std::int64_t i = 0; i < blocks; ++i) {
        const std::size_t start = static_cast<std::size_t>(i) * block;
        const std::size_t bytes = std::min(block, total - start);
        std::memcpy(to + start, array.raw() + start, bytes);
        bad = bad || anyNotFinite(array.dtype(), to + start, bytes);
    }
    if (bad)
        throw Error("layer \"" + layer.name + "\" holds NaN or infinite " + std::string(what) +
                    "; re-export the checkpoint");
    return copy;
}

} // namespace edgeflex
