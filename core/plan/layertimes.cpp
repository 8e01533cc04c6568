#include "plan/layertimes.h"

#include "plan/jsonfields.h"
#include "plan/linearlayout.h"

#include <nlohmann/json.hpp>

#include <iterator>
#include <stdexcept>
#include <utility>

namespace edgeflex {

namespace {

// A time at `width`, linear between the widths measured and the nearest beyond them; `of` gives it in a measured entry.
template<typename Times, typename Of>
TimeSpread timeAt(const std::map<std::int64_t, Times> &measured, std::int64_t width, Of of)
{
    if (measured.empty())
        throw std::out_of_range("no layer times");
    const auto above = measured.lower_bound(width);
    if (above == measured.end())
        return of(measured.rbegin()->second);
    const TimeSpread high = of(above->second);
    if (above->first == width || above == measured.begin())
        return high;
    const auto below = std::prev(above);
    const double share = static_cast<double>(width - below->first) / static_cast<double>(above->first - below->first);
    return (1 - share) * of(below->second) + share * high;
}

TimeSpread timeOf(const std::map<std::int64_t, LayerTimes::Mlp> &measured, LayerTimes::ByFormat LayerTimes::Mlp::*side,
                  std::int64_t width, NumberFormat format)
{
    return timeAt(measured, width, [&](const LayerTimes::Mlp &times) { return (times.*side).at(format); });
}

TimeSpread timeOf(const std::map<std::int64_t, LayerTimes::ByFormat> &measured, std::int64_t width, NumberFormat format)
{
    return timeAt(measured, width, [&](const LayerTimes::ByFormat &times) { return times.at(format); });
}

} // namespace

TimeSpread LayerTimes::attentionTime(int block, const BlockSpec &planned) const
{
    if (planned.attentionIsLinear())
        return timeOf(attentions.at(static_cast<std::size_t>(block)).proj, planned.proj.inFeatures,
                      planned.proj.format);
    if (attentions.empty())
        return layers.at(planned.qkv.name).at(planned.qkv.format) +
               layers.at(planned.proj.name).at(planned.proj.format);
    const Attention &measured = attentions.at(static_cast<std::size_t>(block));
    const TimeSpread products = timeOf(measured.qkv, planned.qkv.outFeatures, planned.qkv.format) +
                                timeOf(measured.proj, planned.proj.inFeatures, planned.proj.format);
    const int heads = measured.heads - planned.removedHeads;
    if (measured.head.empty() || heads < 1)
        return products;
    const NumberFormat attends = attendsInBfloat16(planned, target) ? NumberFormat::Bf16 : NumberFormat::Fp32;
    return products +
           static_cast<double>(heads) * timeOf(measured.head, (planned.qkWidth() + planned.voWidth()) / heads, attends);
}

TimeSpread LayerTimes::mlpTime(int block, const BlockSpec &planned) const
{
    const auto at = static_cast<std::size_t>(block);
    if (planned.mlpIsLinear())
        return linearMlps.at(at).at(planned.fc2.format);
    return timeOf(mlps.at(at), &Mlp::fc1, planned.mlpWidth(), planned.fc1.format) +
           timeOf(mlps.at(at), &Mlp::fc2, planned.mlpWidth(), planned.fc2.format);
}

double LayerTimes::attentionMilliseconds(int block, const BlockSpec &planned) const
{
    return attentionTime(block, planned).median;
}

double LayerTimes::mlpMilliseconds(int block, const BlockSpec &planned) const
{
    return mlpTime(block, planned).median;
}

TimeSpread LayerTimes::time(const ModelSpec &spec, const LinearSpec &linear) const
{
    if (linear.isAbsent())
        return {};
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        if (linear.name == block.fc2.name && block.mlpIsLinear())
            return linearMlps.at(i).at(linear.format);
        if (linear.name == block.fc1.name)
            return timeOf(mlps.at(i), &Mlp::fc1, block.mlpWidth(), linear.format);
        if (linear.name == block.fc2.name)
            return timeOf(mlps.at(i), &Mlp::fc2, block.mlpWidth(), linear.format);
        if (linear.name == block.qkv.name && !attentions.empty())
            return timeOf(attentions.at(i).qkv, block.qkv.outFeatures, linear.format);
        if (linear.name == block.proj.name && !attentions.empty())
            return timeOf(attentions.at(i).proj, block.proj.inFeatures, linear.format);
    }
    return layers.at(linear.name).at(linear.format);
}

bool LayerTimes::isMeasured(const ModelSpec &spec, const LinearSpec &linear) const
{
    if (linear.isAbsent())
        return true;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        if (linear.name == block.fc2.name && block.mlpIsLinear())
            return i < linearMlps.size();
        if (linear.name == block.fc1.name || linear.name == block.fc2.name)
            return i < mlps.size() && mlps[i].contains(block.mlpWidth());
        if (linear.name == block.qkv.name)
            return i < attentions.size() && attentions[i].qkv.contains(block.qkv.outFeatures);
        if (linear.name == block.proj.name)
            return i < attentions.size() && attentions[i].proj.contains(block.proj.inFeatures);
    }
    return layers.contains(linear.name);
}

double LayerTimes::milliseconds(const ModelSpec &spec) const
{
    double sum = layers.at(spec.patchEmbed.name).at(spec.patchEmbed.format).median;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        sum += attentionMilliseconds(static_cast<int>(i), block) + mlpMilliseconds(static_cast<int>(i), block);
    }
    for (const LinearSpec &linear : spec.preLogits)
        sum += layers.at(linear.name).at(linear.format).median;
    return sum + layers.at(spec.head.name).at(spec.head.format).median;
}

namespace {

// A time for each number format, as JSON: {"int8": 0.3, "int4": 0.5}.
struct FormatTimes
{
    LayerTimes::ByFormat values;
};

void to_json(nlohmann::json &json, const FormatTimes &value)
{
    json = nlohmann::json::object();
    for (const auto &[format, time] : value.values)
        json[std::string(toString(format))] = time;
}

void from_json(const nlohmann::json &json, FormatTimes &value)
{
    const JsonFields fields(json, "formats");
    value.values.clear();
    for (const NumberFormat format : allNumberFormats()) {
        if (fields.has(toString(format)))
            fields.readObject(toString(format), value.values[format]);
    }
    fields.refuseUnknown();
}

} // namespace

static nlohmann::json sizesJson(const std::map<std::int64_t, LayerTimes::ByFormat> &sizes)
{
    nlohmann::json json = nlohmann::json::array();
    for (const auto &[width, times] : sizes)
        json.push_back({{"width", width}, {"times", FormatTimes{times}}});
    return json;
}

void to_json(nlohmann::json &json, const LayerTimes &value)
{
    nlohmann::json layers = nlohmann::json::object();
    for (const auto &[layer, times] : value.layers)
        layers[layer] = FormatTimes{times};
    nlohmann::json blocks = nlohmann::json::array();
    for (const auto &block : value.mlps) {
        nlohmann::json widths = nlohmann::json::array();
        for (const auto &[width, mlp] : block)
            widths.push_back({{"width", width}, {"fc1", FormatTimes{mlp.fc1}}, {"fc2", FormatTimes{mlp.fc2}}});
        blocks.push_back({{"widths", std::move(widths)}});
    }
    json = {{"batch", value.batch},
            {"target", value.target},
            {"int4GroupSize", value.int4GroupSize},
            {"machine", value.machine},
            {"fp32Milliseconds", value.fp32Milliseconds},
            {"layers", std::move(layers)},
            {"mlps", std::move(blocks)}};
    nlohmann::json attentions = nlohmann::json::array();
    for (const LayerTimes::Attention &attention : value.attentions)
        attentions.push_back({{"qkv", sizesJson(attention.qkv)},
                              {"proj", sizesJson(attention.proj)},
                              {"head", sizesJson(attention.head)},
                              {"heads", attention.heads}});
    json["attentions"] = std::move(attentions);
    json["linearMlps"] = nlohmann::json::array();
    for (const LayerTimes::ByFormat &times : value.linearMlps)
        json["linearMlps"].push_back(FormatTimes{times});
}

namespace {

struct WidthTimes
{
    std::int64_t width = 0;
    FormatTimes fc1;
    FormatTimes fc2;
};

void from_json(const nlohmann::json &json, WidthTimes &value)
{
    const JsonFields fields(json, "width");
    fields.read("width", value.width, {1, 1 << 24});
    fields.readObject("fc1", value.fc1);
    fields.readObject("fc2", value.fc2);
}

struct BlockTimes
{
    std::vector<WidthTimes> widths;
};

void from_json(const nlohmann::json &json, BlockTimes &value)
{
    const JsonFields fields(json, "block");
    fields.readObjects("widths", value.widths);
    if (value.widths.empty())
        fields.fail("widths", "must have the block's whole width at least");
}

struct SizeTimes
{
    std::int64_t width = 0;
    FormatTimes times;
};

void from_json(const nlohmann::json &json, SizeTimes &value)
{
    const JsonFields fields(json, "width");
    fields.read("width", value.width, {1, 1 << 24});
    fields.readObject("times", value.times);
}

struct AttentionTimes
{
    std::vector<SizeTimes> qkv;
    std::vector<SizeTimes> proj;
    std::vector<SizeTimes> head;
    int heads = 0;
};

void from_json(const nlohmann::json &json, AttentionTimes &value)
{
    const JsonFields fields(json, "block");
    fields.readObjects("qkv", value.qkv);
    fields.readObjects("proj", value.proj);
    for (const auto &[key, sizes] : {std::pair{"qkv", &value.qkv}, std::pair{"proj", &value.proj}})
        if (sizes->empty())
            fields.fail(key, "must have the whole layer's times at least");
    if (!fields.has("head")) // of before heads were timed
        return;
    fields.readObjects("head", value.head);
    fields.read("heads", value.heads, {0, 1024});
}

} // namespace

void from_json(const nlohmann::json &json, LayerTimes &value)
{
    const JsonFields fields(json, "layer times");
    value = {};
    fields.read("batch", value.batch, {1, 16384});
    fields.readObject("target", value.target);
    if (fields.has("machine"))
        fields.read("machine", value.machine);
    if (fields.has("int4GroupSize"))
        fields.read("int4GroupSize", value.int4GroupSize, {1, 1 << 16});
    fields.read("fp32Milliseconds", value.fp32Milliseconds, zeroOrMore);
    std::map<std::string, FormatTimes> layers;
    fields.readObjectMap("layers", layers);
    for (auto &[layer, times] : layers)
        value.layers[layer] = std::move(times.values);
    std::vector<BlockTimes> blocks;
    fields.readObjects("mlps", blocks);
    for (BlockTimes &block : blocks) {
        std::map<std::int64_t, LayerTimes::Mlp> &mlp = value.mlps.emplace_back();
        for (WidthTimes &entry : block.widths)
            mlp[entry.width] = {std::move(entry.fc1.values), std::move(entry.fc2.values)};
    }
    if (fields.has("linearMlps")) {
        std::vector<FormatTimes> linears;
        fields.readObjects("linearMlps", linears);
        for (FormatTimes &times : linears)
            value.linearMlps.push_back(std::move(times.values));
    }
    if (!fields.has("attentions"))
        return;
    std::vector<AttentionTimes> attentions;
    fields.readObjects("attentions", attentions);
    for (AttentionTimes &block : attentions) {
        LayerTimes::Attention &attention = value.attentions.emplace_back();
        for (SizeTimes &entry : block.qkv)
            attention.qkv[entry.width] = std::move(entry.times.values);
        for (SizeTimes &entry : block.proj)
            attention.proj[entry.width] = std::move(entry.times.values);
        for (SizeTimes &entry : block.head)
            attention.head[entry.width] = std::move(entry.times.values);
        attention.heads = block.heads;
    }
}

} // namespace edgeflex
