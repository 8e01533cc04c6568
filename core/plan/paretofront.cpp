#include "plan/paretofront.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

void to_json(nlohmann::json &json, const ParetoPoint &value)
{
    json = {{"weightsBytes", value.weightsBytes}, {"kl", value.kl}, {"plan", value.plan}};
    if (value.milliseconds)
        json["milliseconds"] = *value.milliseconds;
}

void from_json(const nlohmann::json &json, ParetoPoint &value)
{
    const JsonFields fields(json, "Pareto point");
    fields.read("weightsBytes", value.weightsBytes);
    fields.read("kl", value.kl, zeroOrMore);
    fields.readObject("plan", value.plan);
    value.milliseconds.reset();
    if (fields.has("milliseconds"))
        fields.read("milliseconds", value.milliseconds.emplace(), zeroOrMore);
}

void to_json(nlohmann::json &json, const ParetoFront &value)
{
    json = {{"byWeights", value.byWeights}, {"byLatency", value.byLatency}};
}

void from_json(const nlohmann::json &json, ParetoFront &value)
{
    const JsonFields fields(json, "Pareto front");
    fields.readObjects("byWeights", value.byWeights);
    fields.readObjects("byLatency", value.byLatency);
}

} // namespace edgeflex
