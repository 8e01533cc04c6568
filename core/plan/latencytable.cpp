#include "plan/latencytable.h"

#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <utility>
#include <vector>

namespace edgeflex {

namespace {

constexpr int formatVersion = 1;
constexpr IntegerRange extents{1, std::int64_t{1} << 40};

struct Entry
{
    ProductShape shape;
    TimeSpread time;
};

void to_json(nlohmann::json &json, const Entry &value)
{
    const ProductShape &shape = value.shape;
    json = {{"format", toString(shape.format)},
            {"outputs", shape.outFeatures},
            {"inputs", shape.inFeatures},
            {"rows", shape.rows},
            {"milliseconds", value.time}};
    if (shape.groupSize > 0)
        json["groupSize"] = shape.groupSize;
    if (shape.inputScale)
        json["inputScale"] = true;
}

void from_json(const nlohmann::json &json, Entry &value)
{
    const JsonFields fields(json, "product");
    ProductShape &shape = value.shape;
    fields.readWord("format", shape.format, numberFormatFromString);
    fields.read("outputs", shape.outFeatures, extents);
    fields.read("inputs", shape.inFeatures, extents);
    fields.read("rows", shape.rows, extents);
    fields.readObject("milliseconds", value.time);
    if (fields.has("groupSize"))
        fields.read("groupSize", shape.groupSize, {1, 1 << 24});
    if (fields.has("inputScale"))
        fields.read("inputScale", shape.inputScale);
    fields.refuseUnknown();
}

} // namespace

bool LatencyTable::sameConditions(const LatencyTable &other) const
{
    return machine == other.machine && target == other.target && edgeflexVersion == other.edgeflexVersion;
}

void to_json(nlohmann::json &json, const LatencyTable &value)
{
    std::vector<Entry> entries;
    for (const auto &[shape, time] : value.products)
        entries.push_back({shape, time});
    json = {{"formatVersion", formatVersion},           {"machine", value.machine},       {"target", value.target},
            {"edgeflexVersion", value.edgeflexVersion}, {"products", std::move(entries)}, {"passes", value.passes}};
}

void from_json(const nlohmann::json &json, LatencyTable &value)
{
    const JsonFields fields(json, "latency table");
    value = {};
    int version = 0;
    fields.read("formatVersion", version, {formatVersion, formatVersion});
    fields.read("machine", value.machine);
    fields.readObject("target", value.target);
    fields.read("edgeflexVersion", value.edgeflexVersion);
    std::vector<Entry> entries;
    fields.readObjects("products", entries);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (!value.products.emplace(entries[i].shape, entries[i].time).second)
            fields.fail("products[" + std::to_string(i) + "]", "is there twice");
    }
    fields.readObjectMap("passes", value.passes);
    fields.refuseUnknown();
}

} // namespace edgeflex
