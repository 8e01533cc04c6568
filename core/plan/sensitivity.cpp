#include "plan/sensitivity.h"

#include "plan/formatfigures.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <iterator>

namespace edgeflex {

bool Sensitivity::measured(const std::string &layer, NumberFormat format) const
{
    if (format == NumberFormat::Fp32)
        return true;
    const auto found = formats.find(layer);
    return found != formats.end() && found->second.contains(format);
}

double Sensitivity::formatLoss(const std::string &layer, NumberFormat format) const
{
    return format == NumberFormat::Fp32 ? 0 : formats.at(layer).at(format);
}

double Sensitivity::widthLoss(int block, std::int64_t width) const
{
    const auto &losses = mlpWidths.at(static_cast<std::size_t>(block));
    const auto above = losses.lower_bound(width);
    if (above == losses.end())
        return losses.empty() ? 0 : losses.rbegin()->second;
    if (above->first == width || above == losses.begin())
        return above->second;
    const auto below = std::prev(above);
    const double share = static_cast<double>(width - below->first) / static_cast<double>(above->first - below->first);
    return below->second + share * (above->second - below->second);
}

void to_json(nlohmann::json &json, const Sensitivity &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, losses] : value.formats)
        formats[layer] = FormatFigures{losses};
    nlohmann::json blocks = nlohmann::json::array();
    for (const auto &block : value.mlpWidths) {
        nlohmann::json widths = nlohmann::json::array();
        for (const auto &[width, loss] : block)
            widths.push_back({{"width", width}, {"kl", loss}});
        blocks.push_back({{"widths", std::move(widths)}});
    }
    json = {{"images", value.images}, {"formats", std::move(formats)}, {"mlpWidths", std::move(blocks)}};
    if (!value.shifts.empty())
        json["shifts"] = value.shifts;
}

namespace {

struct WidthLoss
{
    std::int64_t width = 0;
    double kl = 0;
};

void from_json(const nlohmann::json &json, WidthLoss &value)
{
    const JsonFields fields(json, "width");
    fields.read("width", value.width, {1, 1 << 24});
    fields.read("kl", value.kl, zeroOrMore);
}

struct BlockLosses
{
    std::map<std::int64_t, double> widths;
};

void from_json(const nlohmann::json &json, BlockLosses &value)
{
    std::vector<WidthLoss> entries;
    const JsonFields fields(json, "block");
    fields.readObjects("widths", entries);
    if (entries.empty())
        fields.fail("widths", "must have the block's whole width at least");
    for (const WidthLoss &entry : entries)
        value.widths[entry.width] = entry.kl;
}

} // namespace

void from_json(const nlohmann::json &json, Sensitivity &value)
{
    const JsonFields fields(json, "sensitivity");
    value = {};
    fields.read("images", value.images);
    std::map<std::string, FormatFigures> formats;
    fields.readObjectMap("formats", formats);
    for (auto &[layer, losses] : formats)
        value.formats[layer] = std::move(losses.values);
    std::vector<BlockLosses> blocks;
    fields.readObjects("mlpWidths", blocks);
    for (BlockLosses &block : blocks)
        value.mlpWidths.push_back(std::move(block.widths));
    if (fields.has("shifts"))
        fields.readObject("shifts", value.shifts);
    if (!value.shifts.empty() && value.shifts.mlpWidths.size() != value.mlpWidths.size())
        fields.fail("shifts", "must be of as many blocks as mlpWidths");
}

} // namespace edgeflex
