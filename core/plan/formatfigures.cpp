#include "plan/formatfigures.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

void to_json(nlohmann::json &json, const FormatFigures &value)
{
    json = nlohmann::json::object();
    for (const auto &[format, figure] : value.values)
        json[std::string(toString(format))] = figure;
}

void from_json(const nlohmann::json &json, FormatFigures &value)
{
    const JsonFields fields(json, "formats");
    value.values.clear();
    for (const NumberFormat format : allNumberFormats()) {
        if (fields.has(toString(format)))
            fields.read(toString(format), value.values[format], zeroOrMore);
    }
    fields.refuseUnknown();
}

} // namespace edgeflex
