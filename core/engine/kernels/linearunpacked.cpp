#include "engine/kernels/linearunpacked.h"

#include "engine/kernels/bfloat16rows.h"
#include "engine/kernels/panelloop.h"
#include "plan/linearlayout.h"

namespace edgeflex {

static_assert(panelOutputs == unpackPanelOutputs); // what a schedule counts

void LinearUnpacked::prepare(const float *x, std::int64_t row, const LinearInput &to) const
{
    if (readsFloats()) {
        Linear::prepare(x, row, to);
        return;
    }
    auto *rounded = static_cast<std::uint16_t *>(const_cast<void *>(to.values)) + row * to.stride;
    roundRow(kernels(), x, inputScale(), inFeatures(), to.stride, rounded);
}

const std::byte *LinearUnpacked::unpackedPart(std::int64_t output, std::int64_t width, std::int64_t first,
                                              std::int64_t count, std::byte *work) const
{
    auto *floats = reinterpret_cast<float *>(work);
    if (readsFloats()) {
        unpack(output, width, first, count, floats);
        if (const float *scales = inputScale())
            for (std::int64_t i = 0; i < count; ++i)
                kernels().scale(floats + i * width, width, scales[first + i]);
        return work;
    }
    const std::int64_t stepFloats =
        std::min(unpackPanelOutputs, outFeatures()) * std::min(bfloat16StepInputs, inFeatures());
    std::byte *panel = work + allocatedBytes(4 * stepFloats);
    for (std::int64_t start = 0; start < count; start += bfloat16StepInputs) {
        const std::int64_t inputs = std::min(bfloat16StepInputs, count - start);
        unpack(output, width, first + start, inputs, floats);
        kernels().packBfloat16Columns(floats, width, width, inputs,
                                      reinterpret_cast<std::uint16_t *>(panel) + start * width);
    }
    return panel;
}

void LinearUnpacked::multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const
{
    const bool floats = readsFloats();
    const std::int64_t most = std::min(floats ? unpackInputs : bfloat16UnpackInputs, inFeatures());
    const std::int64_t workStride = workBytes(spec(), target()) / target().threads;
    const auto multiplyPanel = [&](std::int64_t output, std::int64_t width, std::int64_t row, std::int64_t rows,
                                   int thread) {
        PanelOutput to = panelOutput(y, row, output, nullptr, 0);
        const auto activation = to.activation;
        for (std::int64_t first = 0; first < inFeatures(); first += most) {
            const std::int64_t count = std::min(most, inFeatures() - first);
            const std::byte *panel = unpackedPart(output, width, first, count, work + thread * workStride);
            // The next part of this panel, or the first of the next panel.
            const bool last = first + count == inFeatures();
            const Stored next =
                last && output + width < outFeatures()
                    ? stored(output + width, std::min(panelOutputs, outFeatures() - output - width), 0, most)
                    : stored(output, width, last ? first : first + count,
                             last ? count : std::min(most, inFeatures() - first - count));
            to.next = next.at;
            to.nextBytes = next.bytes;
            to.activation = last ? activation : nullptr;
            const std::int64_t start = row * x.stride + first;
            if (floats)
                kernels().floatPanel(static_cast<const float *>(x.values) + start, x.stride, rows,
                                     reinterpret_cast<const float *>(panel), width, width, count, to);
            else
                kernels().bfloat16Panel(static_cast<const std::uint16_t *>(x.values) + start, x.stride, rows,
                                        reinterpret_cast<const std::uint16_t *>(panel), width, (count + 1) / 2, to);
            to.bias = nullptr;
            to.accumulate = true;
        }
    };
    forEachPanel(outFeatures(), inFeatures(), x.rows, target().threads, Split::Panels, multiplyPanel);
}

std::string LinearUnpacked::storedAs(const std::string &format) const
{
    return format + (readsFloats() ? " stored, FP32 " : " stored, BF16 ") + kernels().name;
}

} // namespace edgeflex
