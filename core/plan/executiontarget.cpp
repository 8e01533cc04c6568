#include "plan/executiontarget.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

NumberFormat ExecutionTarget::computes(NumberFormat format) const
{
    switch (format) {
    case NumberFormat::Int8:
        return NumberFormat::Int8;
    case NumberFormat::Bf16:
    case NumberFormat::Int4: // 4 bits and a scale lose next to nothing in BF16
        return bf16Compute ? NumberFormat::Bf16 : NumberFormat::Fp32;
    case NumberFormat::Fp32:
    case NumberFormat::Fp16:
        break;
    }
    return NumberFormat::Fp32;
}

void to_json(nlohmann::json &json, const ExecutionTarget &value)
{
    json = {{"threads", value.threads},
            {"int8DotProduct", value.int8DotProduct},
            {"bf16Compute", value.bf16Compute},
            {"instructionSet", value.instructionSet}};
}

void from_json(const nlohmann::json &json, ExecutionTarget &value)
{
    const JsonFields fields(json, "execution target");
    fields.read("threads", value.threads, {1, 4096});
    fields.read("int8DotProduct", value.int8DotProduct);
    fields.read("bf16Compute", value.bf16Compute);
    fields.read("instructionSet", value.instructionSet);
}

} // namespace edgeflex
