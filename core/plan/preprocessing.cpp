#include "plan/preprocessing.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace edgeflex {

namespace {

constexpr std::array<std::string_view, 3> names{"nearest", "bilinear", "bicubic"};
constexpr IntegerRange pixels{0, 65536};

} // namespace

std::string_view toString(Interpolation interpolation)
{
    return names.at(static_cast<std::size_t>(interpolation));
}

Interpolation interpolationFromString(std::string_view word)
{
    const auto found = std::find(names.begin(), names.end(), word);
    if (found == names.end())
        throw Error("\"" + std::string(word) + "\" is not an interpolation; use nearest, bilinear or bicubic");
    return static_cast<Interpolation>(found - names.begin());
}

void to_json(nlohmann::json &json, const Preprocessing &value)
{
    json = {{"resizeShorter", value.resizeShorter},
            {"cropHeight", value.cropHeight},
            {"cropWidth", value.cropWidth},
            {"interpolation", toString(value.interpolation)},
            {"mean", value.mean},
            {"std", value.std},
            {"stated", value.stated}};
}

void from_json(const nlohmann::json &json, Preprocessing &value)
{
    const JsonFields fields(json, "preprocessing");
    fields.read("resizeShorter", value.resizeShorter, pixels);
    fields.read("cropHeight", value.cropHeight, pixels);
    fields.read("cropWidth", value.cropWidth, pixels);
    fields.readWord("interpolation", value.interpolation, interpolationFromString);
    fields.read("mean", value.mean);
    fields.read("std", value.std, aboveZero);
    fields.read("stated", value.stated);
}

} // namespace edgeflex
