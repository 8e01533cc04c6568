#pragma once

#include "plan/numberformat.h"

#include <nlohmann/json_fwd.hpp>

#include <map>

namespace edgeflex {

// A figure, zero or more, for each number format, as JSON: {"int8": 0.3, "int4": 0.5}.
struct FormatFigures
{
    std::map<NumberFormat, double> values;
};

void to_json(nlohmann::json &json, const FormatFigures &value);
void from_json(const nlohmann::json &json, FormatFigures &value);

} // namespace edgeflex
