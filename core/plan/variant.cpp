#include "plan/variant.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <limits>

namespace edgeflex {

std::string_view toString(Quality quality)
{
    return quality == Quality::Draft ? "draft" : "final";
}

Quality qualityFromString(std::string_view word)
{
    if (word == "draft")
        return Quality::Draft;
    if (word == "final")
        return Quality::Final;
    throw Error("\"" + std::string(word) + "\" is not a quality; use draft or final");
}

void to_json(nlohmann::json &json, const Variant &value)
{
    json = {{"id", value.id},         {"name", value.name},
            {"plan", value.plan},     {"quality", toString(value.quality)},
            {"folder", value.folder}, {"measurement", value.measurement}};
    if (!value.calibration.empty())
        json["calibration"] = value.calibration;
    if (value.parent >= 0)
        json["parent"] = value.parent;
    if (value.starred)
        json["starred"] = true;
}

void from_json(const nlohmann::json &json, Variant &value)
{
    const JsonFields fields(json, "variant");
    fields.read("id", value.id, {0, std::numeric_limits<int>::max() - 1});
    fields.read("name", value.name);
    fields.readObject("plan", value.plan);
    fields.readWord("quality", value.quality, qualityFromString);
    fields.read("folder", value.folder);
    fields.readObject("measurement", value.measurement);
    if (fields.has("calibration")) // absent in older files, as what follows
        fields.read("calibration", value.calibration);
    if (fields.has("parent"))
        fields.read("parent", value.parent, {0, std::numeric_limits<int>::max() - 1});
    if (fields.has("starred"))
        fields.read("starred", value.starred);
}

} // namespace edgeflex
