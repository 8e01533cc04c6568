#pragma once

#include "engine/kernels/linearbase.h"
#include "engine/kernels/simdkernels.h"

namespace edgeflex {

// INT8 weights, symmetric for each output row, and inputs quantized on the fly, asymmetric for each row of x:
//   y = s_x s_w (sum q_x q_w - z_x colsum_w) + bias
// The integer products are exact: through the library where the CPU has 8-bit dot products, else through
// our own kernels, which widen to 16 bits. All ways give the same y, bit for bit.
class LinearInt8 : public LinearBase
{
public:
    // The inner loops are a parameter so that every set can be tested on one machine.
    LinearInt8(const LinearWeights &weights, const ExecutionTarget &target, const SimdKernels &kernels);
    void forward(const float *x, std::int64_t rows, float *y) const override;
    std::string implementation() const override;

private:
    void multiplyWithLibrary(const std::uint8_t *q, const RowQuantization *rowsOfX, std::int64_t rows, float *y) const;
    void multiplyInTiles(const std::uint8_t *q, const RowQuantization *rowsOfX, std::int64_t rows, float *y) const;
    // Turns the integer sums in the bits of one row of y, outputs [first, last), into values.
    void dequantize(const RowQuantization &row, std::int64_t first, std::int64_t last, float *y) const;

    const SimdKernels &m_kernels;
    bool m_library;
    HostBuffer m_values;     // s8 [N, K]
    HostBuffer m_scales;     // FP32 [N]
    HostBuffer m_columnSums; // s32 [N]: sums over K of the values
};

} // namespace edgeflex
