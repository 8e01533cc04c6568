#pragma once

#include "plan/progress.h"

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace edgeflex {

// Runs the verb a request names and returns its result. Throws Error, Cancelled, or MessageError when there is no
// such verb or its parameters are wrong.
nlohmann::json runVerb(const std::string &method, const nlohmann::json &params, Progress &progress);

} // namespace edgeflex
