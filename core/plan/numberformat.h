#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace edgeflex {

// How a linear layer's weights are stored and multiplied.
//   Fp32  stored and computed in single precision
//   Fp16  stored in half precision; computed in FP32 (see ExecutionTarget::computes)
//   Bf16  stored in bfloat16; computed in BF16 where the CPU can, else in FP32
//   Int8  weights s8 symmetric per output row, activations u8 asymmetric per token, quantized on the fly
//   Int4  AWQ: weights 4 bit asymmetric in groups along the input, FP16 scales; computed in FP32
enum class NumberFormat { Fp32, Fp16, Bf16, Int8, Int4 };

const std::vector<NumberFormat> &allNumberFormats();
// INT8 and INT4: weights are rounded to a grid that calibration chooses.
constexpr bool isInteger(NumberFormat format)
{
    return format == NumberFormat::Int8 || format == NumberFormat::Int4;
}
// "fp32", "fp16", "bf16", "int8", "int4".
std::string_view toString(NumberFormat format);
// Inverse of toString, upper or lower case. Throws Error naming the allowed words.
NumberFormat numberFormatFromString(std::string_view word);

} // namespace edgeflex
