#include "plan/layertimes.h"

#include "plan/formatfigures.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <iterator>
#include <stdexcept>

namespace edgeflex {

namespace {

// The time of one side of an MLP at `width`, linear between the widths measured and the nearest beyond them.
double timeAt(const std::map<std::int64_t, LayerTimes::Mlp> &measured, LayerTimes::ByFormat LayerTimes::Mlp::*side,
              std::int64_t width, NumberFormat format)
{
    if (measured.empty())
        throw std::out_of_range("no MLP times");
    const auto above = measured.lower_bound(width);
    if (above == measured.end())
        return (measured.rbegin()->second.*side).at(format);
    const double high = (above->second.*side).at(format);
    if (above->first == width || above == measured.begin())
        return high;
    const auto below = std::prev(above);
    const double low = (below->second.*side).at(format);
    return low +
           (high - low) * static_cast<double>(width - below->first) / static_cast<double>(above->first - below->first);
}

} // namespace

double LayerTimes::mlpMilliseconds(int block, std::int64_t width, NumberFormat fc1, NumberFormat fc2) const
{
    const auto &measured = mlps.at(static_cast<std::size_t>(block));
    return timeAt(measured, &Mlp::fc1, width, fc1) + timeAt(measured, &Mlp::fc2, width, fc2);
}

double LayerTimes::milliseconds(const ModelSpec &spec, const LinearSpec &linear) const
{
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        if (linear.name == block.fc1.name)
            return timeAt(mlps.at(i), &Mlp::fc1, block.mlpWidth(), linear.format);
        if (linear.name == block.fc2.name)
            return timeAt(mlps.at(i), &Mlp::fc2, block.mlpWidth(), linear.format);
    }
    return layers.at(linear.name).at(linear.format);
}

double LayerTimes::linearMilliseconds(const ModelSpec &spec) const
{
    double sum = layers.at(spec.patchEmbed.name).at(spec.patchEmbed.format);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        sum += layers.at(block.qkv.name).at(block.qkv.format) + layers.at(block.proj.name).at(block.proj.format) +
               mlpMilliseconds(static_cast<int>(i), block.mlpWidth(), block.fc1.format, block.fc2.format);
    }
    for (const LinearSpec &linear : spec.preLogits)
        sum += layers.at(linear.name).at(linear.format);
    return sum + layers.at(spec.head.name).at(spec.head.format);
}

void to_json(nlohmann::json &json, const LayerTimes &value)
{
    nlohmann::json layers = nlohmann::json::object();
    for (const auto &[layer, times] : value.layers)
        layers[layer] = FormatFigures{times};
    nlohmann::json blocks = nlohmann::json::array();
    for (const auto &block : value.mlps) {
        nlohmann::json widths = nlohmann::json::array();
        for (const auto &[width, mlp] : block)
            widths.push_back({{"width", width}, {"fc1", FormatFigures{mlp.fc1}}, {"fc2", FormatFigures{mlp.fc2}}});
        blocks.push_back({{"widths", std::move(widths)}});
    }
    json = {{"batch", value.batch},
            {"target", value.target},
            {"fp32Milliseconds", value.fp32Milliseconds},
            {"layers", std::move(layers)},
            {"mlps", std::move(blocks)}};
}

namespace {

struct WidthTimes
{
    std::int64_t width = 0;
    FormatFigures fc1;
    FormatFigures fc2;
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

} // namespace

void from_json(const nlohmann::json &json, LayerTimes &value)
{
    const JsonFields fields(json, "layer times");
    value = {};
    fields.read("batch", value.batch, {1, 16384});
    fields.readObject("target", value.target);
    fields.read("fp32Milliseconds", value.fp32Milliseconds, zeroOrMore);
    std::map<std::string, FormatFigures> layers;
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
}

} // namespace edgeflex
