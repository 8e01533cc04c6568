#include "plan/layerprofile.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

namespace {

constexpr IntegerRange blockRange{-1, 511};

} // namespace

static void to_json(nlohmann::json &json, const OperationProfile &value)
{
    json = {{"name", value.name},
            {"kind", value.kind},
            {"block", value.block},
            {"outputBytes", value.outputBytes},
            {"scratchBytes", value.scratchBytes},
            {"weightBytes", value.weightBytes},
            {"macs", value.macs},
            {"milliseconds", value.milliseconds}};
}

static void from_json(const nlohmann::json &json, OperationProfile &value)
{
    const JsonFields fields(json, "operation profile");
    fields.read("name", value.name);
    fields.read("kind", value.kind);
    fields.read("block", value.block, blockRange);
    fields.read("outputBytes", value.outputBytes);
    fields.read("scratchBytes", value.scratchBytes);
    fields.read("weightBytes", value.weightBytes);
    fields.read("macs", value.macs);
    fields.read("milliseconds", value.milliseconds, zeroOrMore);
}

void to_json(nlohmann::json &json, const LayerProfile &value)
{
    json = {{"name", value.name},
            {"block", value.block},
            {"format", toString(value.format)},
            {"computedIn", toString(value.computedIn)},
            {"outFeatures", value.outFeatures},
            {"inFeatures", value.inFeatures},
            {"outputBytes", value.outputBytes},
            {"weightBytes", value.weightBytes},
            {"macs", value.macs},
            {"milliseconds", value.milliseconds},
            {"inputMeanAbs", value.inputMeanAbs},
            {"inputMaxAbs", value.inputMaxAbs},
            {"castRisk", value.castRisk},
            {"inputHistogram", value.inputHistogram}};
}

void from_json(const nlohmann::json &json, LayerProfile &value)
{
    const JsonFields fields(json, "layer profile");
    fields.read("name", value.name);
    fields.read("block", value.block, blockRange);
    fields.readWord("format", value.format, numberFormatFromString);
    fields.readWord("computedIn", value.computedIn, numberFormatFromString);
    fields.read("outFeatures", value.outFeatures);
    fields.read("inFeatures", value.inFeatures);
    fields.read("outputBytes", value.outputBytes);
    fields.read("weightBytes", value.weightBytes);
    fields.read("macs", value.macs);
    fields.read("milliseconds", value.milliseconds, zeroOrMore);
    fields.read("inputMeanAbs", value.inputMeanAbs, zeroOrMore);
    fields.read("inputMaxAbs", value.inputMaxAbs, zeroOrMore);
    value.castRisk = {};
    if (fields.has("castRisk"))
        fields.readObject("castRisk", value.castRisk);
    value.inputHistogram = {};
    if (fields.has("inputHistogram"))
        fields.readObject("inputHistogram", value.inputHistogram);
}

void to_json(nlohmann::json &json, const ActivationProfile &value)
{
    json = {{"model", value.model},
            {"batch", value.batch},
            {"images", value.images},
            {"target", value.target},
            {"schedule", value.schedule},
            {"timeline", value.timeline},
            {"measuredPeakBytes", value.measuredPeakBytes},
            {"eagerPeakBytes", value.eagerPeakBytes},
            {"operations", value.operations},
            {"layers", value.layers}};
}

void from_json(const nlohmann::json &json, ActivationProfile &value)
{
    const JsonFields fields(json, "profile");
    fields.read("model", value.model);
    fields.read("batch", value.batch, {1});
    fields.read("images", value.images);
    fields.readObject("target", value.target);
    fields.readObject("schedule", value.schedule);
    fields.readObject("timeline", value.timeline);
    fields.read("measuredPeakBytes", value.measuredPeakBytes);
    fields.read("eagerPeakBytes", value.eagerPeakBytes);
    fields.readObjects("operations", value.operations);
    fields.readObjects("layers", value.layers);
}

} // namespace edgeflex
