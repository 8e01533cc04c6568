#include "engine/kernels/linearint8.h"

#include "engine/kernels/panelloop.h"
#include "plan/error.h"

namespace edgeflex {

LinearInt8::LinearInt8(PackedLinear packed, const ExecutionTarget &target, const SimdKernels &kernels)
    : Linear(std::move(packed), target, kernels)
{
    constexpr std::int64_t widest = 65536; // 255 * 128 * 65536 < 2^31
    if (inFeatures() > widest)
        throw Error("layer \"" + spec().name + "\" has " + std::to_string(inFeatures()) +
                    " inputs, more than INT8 products can add exactly (" + std::to_string(widest) +
                    "); keep it in another format");
}

void LinearInt8::prepare(const float *x, std::int64_t row, const LinearInput &to) const
{
    auto *q = static_cast<std::uint8_t *>(const_cast<void *>(to.values)) + row * to.stride;
    const_cast<RowQuantization *>(to.quantization)[row] = kernels().quantizeRow(x, inputScale(), inFeatures(), q);
    std::fill(q + inFeatures(), q + to.stride, std::uint8_t{0});
}

void LinearInt8::multiply(const LinearInput &x, const LinearOutput &y, std::byte *) const
{
    const auto *values = static_cast<const std::uint8_t *>(x.values);
    const std::int64_t quads = (inFeatures() + 3) / 4;
    forEachPanel(outFeatures(), inFeatures(), x.rows, target().threads, Split::Rows,
                 [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows, int) {
                     const auto *panel = weights().values.as<std::int8_t>() + output * 4 * quads;
                     kernels().int8Panel(values + row * x.stride, x.stride, rows, x.quantization + row, panel, width,
                                         quads, weights().scales.as<float>() + output,
                                         weights().offsets.as<std::int32_t>() + output,
                                         panelOutput(y, row, output, panel, 4 * width * quads));
                 });
}

std::string LinearInt8::implementation() const
{
    return std::string("INT8 ") + kernels().name;
}

} // namespace edgeflex
