#pragma once

#include "engine/kernels/packedlinear.h"
#include "engine/kernels/simdkernels.h"
#include "engine/tensor/hostallocator.h"
#include "plan/executiontarget.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace edgeflex {

// What the machine can do, with `threads` OpenMP threads (0: one per core).
ExecutionTarget detectTarget(int threads);

// Rows of input in the form that a layer multiplies: FP32; BF16; or 8 bits with a scale and zero point a row.
struct LinearInput
{
    const void *values = nullptr; // [rows, stride]
    std::int64_t stride = 0;      // in values, at least the layer's inputs
    std::int64_t rows = 0;
    const RowQuantization *quantization = nullptr; // [rows], 8 bits only
};

// Where the outputs go: y [rows, N], row-major.
struct LinearOutput
{
    float *y = nullptr;
    std::int64_t stride = 0;                             // in values, at least the layer's outputs
    bool accumulate = false;                             // the outputs are added to what y holds: a residual connection
    std::optional<Activation> activation = std::nullopt; // of the outputs; not together with accumulate
};

// A linear layer ready to execute in its format. Immutable; may be used from several threads at once.
// The weights are held once, packed in panels (see PackedLinear); scratch is the caller's: rows of input take
// inputBytes(), a product workBytes() (see plan/linearlayout.h).
//   FP32        values, an input scale multiplied into them; products in FP32
//   FP16        values, unpacked to FP32 a part of a panel at a time
//   INT4        values, scales and zero points, unpacked to BF16 where the target has BF16 products and the input is
//               rounded to it, else to FP32
//   BF16        values, multiplied as they are where the target has BF16 products and the input is rounded to it, else
//               unpacked to FP32
//   INT8        values, scales and column sums; the input is quantized a row at a time
// and for each the bias and the input scale where present.
class Linear
{
public:
    Linear(PackedLinear weights, const ExecutionTarget &target, const SimdKernels &kernels);
    virtual ~Linear() = default;
    Linear(const Linear &) = delete;
    Linear &operator=(const Linear &) = delete;

    // y [rows, N] = W (x * inputScale) + bias, x [rows, K], both FP32 row-major, not overlapping. Allocates and
    // frees scratchBytes(). Parallel over target.threads OpenMP threads.
    void forward(const float *x, std::int64_t rows, float *y) const;

    // The same in steps, so that rows are quantized where they are made and outputs finished where they are summed.
    // Whether FP32 rows are multiplied as they are, at any stride.
    bool readsFloats() const;
    // Rows laid out in inputBytes() of memory, to be filled by prepare().
    LinearInput inputIn(std::byte *memory, std::int64_t rows) const;
    // Writes one row, K values of FP32, in the layer's form; single-threaded.
    virtual void prepare(const float *x, std::int64_t row, const LinearInput &to) const;
    // All outputs of all rows. `work` is workBytes() of scratch. Parallel.
    virtual void multiply(const LinearInput &x, const LinearOutput &y, std::byte *work) const = 0;

    // Name of what executes, e.g. "INT8 AVX2" or "FP16 stored, FP32 AVX2".
    virtual std::string implementation() const = 0;
    const LinearSpec &spec() const { return m_weights.spec; }

protected:
    std::int64_t outFeatures() const { return spec().outFeatures; }
    std::int64_t inFeatures() const { return spec().inFeatures; }
    const ExecutionTarget &target() const { return m_target; }
    const SimdKernels &kernels() const { return m_kernels; }
    const PackedLinear &weights() const { return m_weights; }
    const float *bias() const { return m_weights.bias.as<float>(); }             // null without bias
    const float *inputScale() const { return m_weights.inputScale.as<float>(); } // null without input scale
    // Where one panel's products of the rows from `row` on go. The next panel follows the one in `weights`.
    PanelOutput panelOutput(const LinearOutput &y, std::int64_t row, std::int64_t firstOutput, const void *weights,
                            std::int64_t weightBytes) const;

private:
    PackedLinear m_weights;
    ExecutionTarget m_target;
    const SimdKernels &m_kernels;
};

// The layer that executes these weights. Throws Error naming the layer when its format cannot be executed exactly. The
// set of kernels is a parameter so that every set can be tested on one machine.
std::unique_ptr<Linear> makeLinear(PackedLinear weights, const ExecutionTarget &target,
                                   const SimdKernels &kernels = simdKernels());
// The same of weights that are packed for it (see packLinear).
std::unique_ptr<Linear> makeLinear(const LinearWeights &weights, const ExecutionTarget &target,
                                   const SimdKernels &kernels = simdKernels());

} // namespace edgeflex
