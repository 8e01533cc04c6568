#include "plan/jsonfields.h"
#include "report/jsonwords.h"
#include "report/reportjson.h"

#include <nlohmann/json.hpp>

namespace edgeflex {

namespace {

constexpr Words<ChartRole, 8> roles{{{ChartRole::Neutral, "neutral"},
                                     {ChartRole::Baseline, "baseline"},
                                     {ChartRole::Variant, "variant"},
                                     {ChartRole::Chosen, "chosen"},
                                     {ChartRole::Recipe, "recipe"},
                                     {ChartRole::Weights, "weights"},
                                     {ChartRole::Tensors, "tensors"},
                                     {ChartRole::Scratch, "scratch"}}};
constexpr Words<ChartSeriesKind, 4> kinds{{{ChartSeriesKind::Points, "points"},
                                           {ChartSeriesKind::Path, "path"},
                                           {ChartSeriesKind::Area, "area"},
                                           {ChartSeriesKind::Bars, "bars"}}};
constexpr Words<ChartMarker, 3> markers{
    {{ChartMarker::Circle, "circle"}, {ChartMarker::Diamond, "diamond"}, {ChartMarker::Square, "square"}}};
constexpr Words<ChartRule::Across, 2> directions{{{ChartRule::Across::X, "x"}, {ChartRule::Across::Y, "y"}}};

ChartRole roleFromString(std::string_view word)
{
    return roles.value(word);
}
ChartSeriesKind kindFromString(std::string_view word)
{
    return kinds.value(word);
}
ChartMarker markerFromString(std::string_view word)
{
    return markers.value(word);
}
ChartRule::Across directionFromString(std::string_view word)
{
    return directions.value(word);
}

} // namespace

static void to_json(nlohmann::json &json, const ChartTick &value)
{
    json = {{"value", value.value}, {"text", value.text}};
}

static void from_json(const nlohmann::json &json, ChartTick &value)
{
    const JsonFields fields(json, "tick");
    fields.read("value", value.value);
    fields.read("text", value.text);
}

static void to_json(nlohmann::json &json, const ChartAxis &value)
{
    json = {{"label", value.label}, {"unit", value.unit}, {"logarithmic", value.logarithmic}, {"grid", value.grid}};
    if (value.low)
        json["low"] = *value.low;
    if (value.high)
        json["high"] = *value.high;
    if (!value.ticks.empty())
        json["ticks"] = value.ticks;
}

static void from_json(const nlohmann::json &json, ChartAxis &value)
{
    value = {};
    const JsonFields fields(json, "axis", JsonFields::Missing::KeepsDefault);
    fields.read("label", value.label);
    fields.read("unit", value.unit);
    fields.read("logarithmic", value.logarithmic);
    fields.read("grid", value.grid);
    if (fields.has("low"))
        fields.read("low", value.low.emplace());
    if (fields.has("high"))
        fields.read("high", value.high.emplace());
    fields.readObjects("ticks", value.ticks);
}

static void to_json(nlohmann::json &json, const ChartInterval &value)
{
    json = {{"low", value.low}, {"high", value.high}};
}

static void from_json(const nlohmann::json &json, ChartInterval &value)
{
    const JsonFields fields(json, "interval");
    fields.read("low", value.low);
    fields.read("high", value.high);
}

static void to_json(nlohmann::json &json, const ChartPoint &value)
{
    json = {{"x", value.x}, {"y", value.y}};
    if (value.xError)
        json["xError"] = *value.xError;
    if (value.yError)
        json["yError"] = *value.yError;
    if (!value.label.empty())
        json["label"] = value.label;
}

static void from_json(const nlohmann::json &json, ChartPoint &value)
{
    value = {};
    const JsonFields fields(json, "point", JsonFields::Missing::KeepsDefault);
    fields.read("x", value.x);
    fields.read("y", value.y);
    fields.read("label", value.label);
    if (fields.has("xError"))
        fields.readObject("xError", value.xError.emplace());
    if (fields.has("yError"))
        fields.readObject("yError", value.yError.emplace());
}

static void to_json(nlohmann::json &json, const ChartSeries &value)
{
    json = {{"name", value.name},
            {"kind", kinds.word(value.kind)},
            {"role", roles.word(value.role)},
            {"marker", markers.word(value.marker)},
            {"solid", value.solid},
            {"barWidth", value.barWidth},
            {"points", value.points}};
}

static void from_json(const nlohmann::json &json, ChartSeries &value)
{
    const JsonFields fields(json, "series");
    fields.read("name", value.name);
    fields.readWord("kind", value.kind, kindFromString);
    fields.readWord("role", value.role, roleFromString);
    fields.readWord("marker", value.marker, markerFromString);
    fields.read("solid", value.solid);
    fields.read("barWidth", value.barWidth);
    fields.readObjects("points", value.points);
}

static void to_json(nlohmann::json &json, const ChartRule &value)
{
    json = {{"across", directions.word(value.across)},
            {"value", value.value},
            {"label", value.label},
            {"role", roles.word(value.role)}};
}

static void from_json(const nlohmann::json &json, ChartRule &value)
{
    const JsonFields fields(json, "rule");
    fields.readWord("across", value.across, directionFromString);
    fields.read("value", value.value);
    fields.read("label", value.label);
    fields.readWord("role", value.role, roleFromString);
}

void to_json(nlohmann::json &json, const Chart &value)
{
    json = {{"title", value.title}, {"x", value.x}, {"y", value.y}, {"series", value.series}, {"rules", value.rules}};
}

void from_json(const nlohmann::json &json, Chart &value)
{
    const JsonFields fields(json, "chart");
    fields.read("title", value.title);
    fields.readObject("x", value.x);
    fields.readObject("y", value.y);
    fields.readObjects("series", value.series);
    fields.readObjects("rules", value.rules);
}

} // namespace edgeflex
