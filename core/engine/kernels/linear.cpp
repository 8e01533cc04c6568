#include "engine/kernels/linear.h"

#include "engine/kernels/elementwise.h"
#include "engine/kernels/linearbf16.h"
#include "engine/kernels/linearfp32.h"
#include "engine/kernels/linearhalf.h"
#include "engine/kernels/linearint4.h"
#include "engine/kernels/linearint8.h"
#include "plan/linearlayout.h"

#include <cstring>
#include <stdexcept>
#include <utility>

namespace edgeflex {

static_assert(sizeof(RowQuantization) == 8); // what a schedule counts for a row

Linear::Linear(PackedLinear weights, const ExecutionTarget &target, const SimdKernels &kernels)
    : m_weights(std::move(weights)), m_target(target), m_kernels(kernels)
{
}

void Linear::forward(const float *x, std::int64_t rows, float *y) const
{
    if (rows == 0)
        return;
    HostBuffer work(static_cast<std::size_t>(workBytes(spec(), m_target)));
    const LinearOutput to{y, outFeatures()};
    if (readsFloats()) {
        multiply({x, inFeatures(), rows}, to, work.as<std::byte>());
        return;
    }
    HostBuffer memory(static_cast<std::size_t>(inputBytes(spec(), rows, m_target)));
    const LinearInput input = inputIn(memory.as<std::byte>(), rows);
#pragma omp parallel for num_threads(m_target.threads)
    for (std::int64_t row = 0; row < rows; ++row)
        prepare(x + row * inFeatures(), row, input);
    multiply(input, to, work.as<std::byte>());
}

bool Linear::readsFloats() const
{
    return edgeflex::readsFloats(spec(), m_target);
}

LinearInput Linear::inputIn(std::byte *memory, std::int64_t rows) const
{
    LinearInput input{memory, inputStride(spec(), m_target), rows};
    if (spec().format == NumberFormat::Int8)
        input.quantization = reinterpret_cast<const RowQuantization *>(memory + allocatedBytes(rows * input.stride));
    return input;
}

void Linear::prepare(const float *x, std::int64_t row, const LinearInput &to) const
{
    auto *values = static_cast<float *>(const_cast<void *>(to.values));
    std::memcpy(values + row * to.stride, x, static_cast<std::size_t>(inFeatures()) * sizeof(float));
}

PanelOutput Linear::panelOutput(const LinearOutput &y, std::int64_t row, std::int64_t firstOutput, const void *weights,
                                std::int64_t weightBytes) const
{
    PanelOutput to{y.y + row * y.stride + firstOutput, y.stride, bias() ? bias() + firstOutput : nullptr, y.accumulate,
                   y.activation ? activationKernel(m_kernels, *y.activation) : nullptr};
    to.next = static_cast<const std::byte *>(weights) + weightBytes;
    to.nextBytes = weightBytes;
    return to;
}

std::unique_ptr<Linear> makeLinear(PackedLinear weights, const ExecutionTarget &target, const SimdKernels &kernels)
{
    const NumberFormat format = weights.spec.format;
    switch (format) {
    case NumberFormat::Fp32:
        return std::make_unique<LinearFp32>(std::move(weights), target, kernels);
    case NumberFormat::Fp16:
        return std::make_unique<LinearHalf>(std::move(weights), target, kernels);
    case NumberFormat::Bf16:
        if (target.bf16Compute)
            return std::make_unique<LinearBf16>(std::move(weights), target, kernels);
        return std::make_unique<LinearHalf>(std::move(weights), target, kernels);
    case NumberFormat::Int8:
        return std::make_unique<LinearInt8>(std::move(weights), target, kernels);
    case NumberFormat::Int4:
        return std::make_unique<LinearInt4>(std::move(weights), target, kernels);
    }
    throw std::logic_error("unknown number format");
}

std::unique_ptr<Linear> makeLinear(const LinearWeights &weights, const ExecutionTarget &target,
                                   const SimdKernels &kernels)
{
    return makeLinear(packLinear(weights), target, kernels);
}

} // namespace edgeflex
