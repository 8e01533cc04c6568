#pragma once

#include "report/report.h"

#include <nlohmann/json_fwd.hpp>

namespace edgeflex {

// JSON of the document's parts. Numbers are written so that they read back the same; empty and absent fields are left
// out. The readers throw FieldError.
void to_json(nlohmann::json &json, const Chart &value);
void from_json(const nlohmann::json &json, Chart &value);
void to_json(nlohmann::json &json, const Report &value);
void from_json(const nlohmann::json &json, Report &value);

} // namespace edgeflex
