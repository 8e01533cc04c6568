#pragma once

#include "plan/numberformat.h"

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace edgeflex {

// What is at stake when a linear layer is computed in a 16-bit format, as seen over calibration.
struct CastRisk
{
    double overflow = 0;     // max |x| of its inputs over the largest half, 65504
    double accumulation = 0; // max ||x|| * max ||w_row|| over the largest half: no partial sum exceeds that
    double underflow = 0;    // share of the inputs that are not 0 but below the least normal half, 6.1e-5
    double fp16Error = 0;    // ||y' - y||^2 / ||y||^2, inputs and weights rounded, products added exactly; at most 1
    double bf16Error = 0;

    bool operator==(const CastRisk &) const = default;
};

enum class RiskLevel { Green, Amber, Red };
std::string_view toString(RiskLevel level);

// Of overflow in FP16: amber above .05, red above .25 of the largest half, or where sums might reach it.
RiskLevel overflowLevel(const CastRisk &risk);

// The more exact of FP16 and BF16 that is safe: FP16 unless overflow is red or its error exceeds `greatestError`, else
// BF16 unless its own does, else FP32. Attention's scores, norms, softmax, the residual stream and logits are FP32
// anyway.
NumberFormat safeHalf(const CastRisk &risk, double greatestError = 1e-3);

void to_json(nlohmann::json &json, const CastRisk &value);
void from_json(const nlohmann::json &json, CastRisk &value);

} // namespace edgeflex
