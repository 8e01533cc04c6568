#include "engine/kernels/linearunpacked.h"

#include "engine/kernels/panelloop.h"
#include "plan/linearlayout.h"

namespace edgeflex {

static_assert(panelOutputs == unpackPanelOutputs); // what a schedule counts

void LinearUnpacked::multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const
{
    const auto *values = static_cast<const float *>(x.values);
    const std::int64_t workStride = workBytes(spec(), target()) / target().threads;
    const auto multiplyPanel = [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows,
                                   int thread) {
        auto *panel = reinterpret_cast<float *>(work + thread * workStride);
        PanelOutput to = panelOutput(y, row, output, nullptr, 0);
        const auto activation = to.activation;
        for (std::int64_t first = 0; first < inFeatures(); first += unpackInputs) {
            const std::int64_t count = std::min(unpackInputs, inFeatures() - first);
            unpack(output, width, first, count, panel);
            if (const float *scales = inputScale())
                for (std::int64_t i = 0; i < count; ++i)
                    kernels().scale(panel + i * width, width, scales[first + i]);
            // The next part of this panel, or the first of the next panel.
            const bool last = first + count == inFeatures();
            const Stored next = last && output + width < outFeatures()
                                    ? stored(output + width, std::min(panelOutputs, outFeatures() - output - width), 0,
                                             std::min(unpackInputs, inFeatures()))
                                    : stored(output, width, last ? first : first + count,
                                             last ? count : std::min(unpackInputs, inFeatures() - first - count));
            to.next = next.at;
            to.nextBytes = next.bytes;
            to.activation = last ? activation : nullptr;
            kernels().floatPanel(values + row * x.stride + first, x.stride, rows, panel, width, width, count, to);
            to.bias = nullptr;
            to.accumulate = true;
        }
    };
    forEachPanel(outFeatures(), inFeatures(), x.rows, target().threads, Split::Panels, multiplyPanel);
}

std::string LinearUnpacked::storedAs(const std::string &format) const
{
    return format + " stored, FP32 " + kernels().name;
}

} // namespace edgeflex
