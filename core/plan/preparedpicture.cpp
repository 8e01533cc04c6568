#include "plan/preparedpicture.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

namespace {

constexpr IntegerRange pixelsRange{1, 128};

} // namespace

void to_json(nlohmann::json &json, const PreparedPicture &value)
{
    json = {{"name", value.name},     {"label", value.label},       {"width", value.width},
            {"height", value.height}, {"channels", value.channels}, {"content", value.content}};
}

void from_json(const nlohmann::json &json, PreparedPicture &value)
{
    const JsonFields fields(json, "picture");
    fields.read("name", value.name);
    fields.read("label", value.label, {0, 1'000'000});
    fields.read("width", value.width, pixelsRange);
    fields.read("height", value.height, pixelsRange);
    fields.read("channels", value.channels, {1, 3});
    fields.read("content", value.content);
}

} // namespace edgeflex
