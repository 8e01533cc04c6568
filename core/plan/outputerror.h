#pragma once

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>

namespace edgeflex {

// What losing some of its inputs does to a layer's output on the calibration tokens: mean squared error as a share of
// the output's variance.
struct OutputError
{
    double removed = 0; // inputs taken away, nothing else changed
    double refit = 0;   // and the weights of the others refitted to stand in for them

    bool operator==(const OutputError &) const = default;
};
using LayerErrors = std::map<std::string, OutputError>; // by canonical layer name

void to_json(nlohmann::json &json, const OutputError &value);
void from_json(const nlohmann::json &json, OutputError &value);

} // namespace edgeflex
