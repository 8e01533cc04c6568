#include "engine/kernels/weightcopy.h"

#include "engine/kernels/simdkernels.h"
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

[[noreturn]] void refuse(const LinearSpec &layer, std::string_view what)
{
    throw Error("layer \"" + layer.name + "\" holds NaN or infinite " + std::string(what) +
                "; re-export the checkpoint");
}

// Rows of words -> panels of words; false when a value of the array's type is NaN or infinite. Rows of the array
// that do not fill their last word are padded with zeros.
template<typename Word>
bool packWords(const Tensor &array, std::int64_t outputs, std::int64_t rowBytes, std::int64_t rowWords, Word *to)
{
    constexpr std::int64_t blockWords = 128; // of a panel: stays in the first-level cache while it is written
    constexpr auto wordBytes = static_cast<std::int64_t>(sizeof(Word));
    const std::int64_t panels = (outputs + panelOutputs - 1) / panelOutputs;
    bool bad = false;
#pragma omp parallel for reduction(|| : bad) if (outputs * rowBytes > 1 << 18)
    for (std::int64_t panel = 0; panel < panels; ++panel) {
        const std::int64_t output = panel * panelOutputs;
        const std::int64_t width = std::min(panelOutputs, outputs - output);
        for (std::int64_t start = 0; start < rowWords; start += blockWords) {
            const std::int64_t end = std::min(start + blockWords, rowWords);
            Word *block = to + output * rowWords + start * width;
            for (std::int64_t n = 0; n < width; ++n) {
                const std::byte *row = array.raw() + (output + n) * rowBytes;
                for (std::int64_t i = start; i < end; ++i) {
                    Word word = 0;
                    if ((i + 1) * wordBytes <= rowBytes)
                        std::memcpy(&word, row + i * wordBytes, sizeof word);
                    else
                        std::memcpy(&word, row + i * wordBytes, static_cast<std::size_t>(rowBytes - i * wordBytes));
                    block[(i - start) * width + n] = word;
                }
            }
            const auto bytes = static_cast<std::size_t>((end - start) * width) * sizeof(Word);
            bad = bad || anyNotFinite(array.dtype(), reinterpret_cast<const std::byte *>(block), bytes);
        }
    }
    return !bad;
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
        refuse(layer, what);
    return copy;
}

HostBuffer packFinite(const Tensor &array, const LinearSpec &layer, std::int64_t groupInputs, std::string_view what)
{
    const std::int64_t outputs = array.dim(0);
    const auto elementSize = static_cast<std::int64_t>(elementBytes(array.dtype()));
    const std::int64_t rowBytes = array.dim(1) * elementSize;
    const std::int64_t wordBytes = groupInputs * elementSize;
    const std::int64_t rowWords = (rowBytes + wordBytes - 1) / wordBytes;
    HostBuffer packed(static_cast<std::size_t>(outputs * rowWords * wordBytes));
    const bool finite = wordBytes == 4 ? packWords(array, outputs, rowBytes, rowWords, packed.as<std::uint32_t>())
                                       : packWords(array, outputs, rowBytes, rowWords, packed.as<std::uint16_t>());
    if (!finite)
        refuse(layer, what);
    return packed;
}

HostBuffer packNibbles(const Tensor &array, std::int64_t inputs)
{
    const std::int64_t outputs = array.dim(0);
    const std::int64_t rowBytes = array.dim(1);
    HostBuffer packed(static_cast<std::size_t>((outputs + 1) / 2 * inputs));
    const auto *from = array.as<std::uint8_t>();
    const auto nibble = [from, rowBytes](std::int64_t output, std::int64_t input) {
        return static_cast<unsigned>(from[output * rowBytes + input / 2] >> (input % 2 * 4)) & 0xfU;
    };
#pragma omp parallel for if (outputs * inputs > 1 << 18)
    for (std::int64_t output = 0; output < outputs; output += panelOutputs) {
        const std::int64_t width = std::min(panelOutputs, outputs - output);
        const std::int64_t half = (width + 1) / 2;
        auto *panel = packed.as<std::uint8_t>() + output / 2 * inputs;
        for (std::int64_t n = 0; n < half; ++n) {
            const bool pair = half + n < width;
            for (std::int64_t i = 0; i < inputs; ++i)
                panel[i * half + n] =
                    static_cast<std::uint8_t>(nibble(output + n, i) | (pair ? nibble(output + half + n, i) << 4U : 0U));
        }
    }
    return packed;
}

} // namespace edgeflex
