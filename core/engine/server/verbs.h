#pragma once

#include "plan/progress.h"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace edgeflex {

// Sends bulk data apart from a result and returns the number by which the result names it.
using SendBulk = std::function<std::uint64_t(std::string_view bytes)>;

// Runs the verb a request names and returns its result. Throws Error, Cancelled, or MessageError when there is no
// such verb or its parameters are wrong.
nlohmann::json runVerb(const std::string &method, const nlohmann::json &params, Progress &progress,
                       const SendBulk &sendBulk);

} // namespace edgeflex
