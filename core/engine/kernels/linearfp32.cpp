#include "engine/kernels/linearfp32.h"

#include "engine/kernels/panelloop.h"

namespace edgeflex {

void LinearFp32::multiply(const LinearInput &x, const LinearOutput &y, std::byte *) const
{
    const std::int64_t k = inFeatures();
    const auto *values = static_cast<const float *>(x.values);
    forEachPanel(outFeatures(), k, x.rows, target().threads, Split::Rows,
                 [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows, int) {
                     const float *panel = weights().values.as<float>() + output * k;
                     kernels().floatPanel(values + row * x.stride, x.stride, rows, panel, width, width, k,
                                          panelOutput(y, row, output, panel, 4 * width * k));
                 });
}

std::string LinearFp32::implementation() const
{
    return std::string("FP32 ") + kernels().name;
}

} // namespace edgeflex
