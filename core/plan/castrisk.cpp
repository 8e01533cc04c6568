#include "plan/castrisk.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

std::string_view toString(RiskLevel level)
{
    switch (level) {
    case RiskLevel::Green:
        return "green";
    case RiskLevel::Amber:
        return "amber";
    case RiskLevel::Red:
        break;
    }
    return "red";
}

RiskLevel overflowLevel(const CastRisk &risk)
{
    if (risk.overflow > 0.25 || risk.accumulation > 1)
        return RiskLevel::Red;
    return risk.overflow > 0.05 ? RiskLevel::Amber : RiskLevel::Green;
}

NumberFormat safeHalf(const CastRisk &risk, double greatestError)
{
    if (overflowLevel(risk) != RiskLevel::Red && risk.fp16Error <= greatestError)
        return NumberFormat::Fp16;
    return risk.bf16Error <= greatestError ? NumberFormat::Bf16 : NumberFormat::Fp32;
}

void to_json(nlohmann::json &json, const CastRisk &value)
{
    json = {{"overflow", value.overflow},
            {"accumulation", value.accumulation},
            {"underflow", value.underflow},
            {"fp16Error", value.fp16Error},
            {"bf16Error", value.bf16Error}};
}

void from_json(const nlohmann::json &json, CastRisk &value)
{
    const JsonFields fields(json, "cast risk");
    fields.read("overflow", value.overflow, zeroOrMore);
    fields.read("accumulation", value.accumulation, zeroOrMore);
    fields.read("underflow", value.underflow, {0, 1});
    fields.read("fp16Error", value.fp16Error, {0, 1});
    fields.read("bf16Error", value.bf16Error, {0, 1});
    fields.refuseUnknown();
}

} // namespace edgeflex
