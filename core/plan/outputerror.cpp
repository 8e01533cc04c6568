#include "plan/outputerror.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

void to_json(nlohmann::json &json, const OutputError &value)
{
    json = {{"removed", value.removed}, {"refit", value.refit}};
}

void from_json(const nlohmann::json &json, OutputError &value)
{
    const JsonFields fields(json, "output error");
    fields.read("removed", value.removed, zeroOrMore);
    fields.read("refit", value.refit, zeroOrMore);
}

} // namespace edgeflex
