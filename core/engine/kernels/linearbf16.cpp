#include "engine/kernels/linearbf16.h"

#include "engine/kernels/bfloat16rows.h"
#include "engine/kernels/panelloop.h"

namespace edgeflex {

void LinearBf16::prepare(const float *x, std::int64_t row, const LinearInput &to) const
{
    auto *rounded = static_cast<std::uint16_t *>(const_cast<void *>(to.values)) + row * to.stride;
    roundRow(kernels(), x, inputScale(), inFeatures(), to.stride, rounded);
}

void LinearBf16::multiply(const LinearInput &x, const LinearOutput &y, std::byte *) const
{
    const auto *values = static_cast<const std::uint16_t *>(x.values);
    const std::int64_t pairs = (inFeatures() + 1) / 2;
    forEachPanel(outFeatures(), inFeatures(), x.rows, target().threads, Split::Rows,
                 [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows, int) {
                     const auto *panel = weights().values.as<std::uint16_t>() + output * 2 * pairs;
                     kernels().bfloat16Panel(values + row * x.stride, x.stride, rows, panel, width, pairs,
                                             panelOutput(y, row, output, panel, 4 * width * pairs));
                 });
}

std::string LinearBf16::implementation() const
{
    return std::string("BF16 ") + kernels().name;
}

} // namespace edgeflex
