#include "plan/sensitivity.h"

#include "plan/formatfigures.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <numeric>
#include <utility>

namespace edgeflex {

namespace {

using Losses = std::map<std::int64_t, double>; // by what is kept

double lossAt(const Losses &losses, std::int64_t kept)
{
    const auto above = losses.lower_bound(kept);
    if (above == losses.end())
        return losses.empty() ? 0 : losses.rbegin()->second;
    if (above->first == kept || above == losses.begin())
        return above->second;
    const auto below = std::prev(above);
    const double share = static_cast<double>(kept - below->first) / static_cast<double>(above->first - below->first);
    return below->second + share * (above->second - below->second);
}

constexpr IntegerRange blockRange{0, 1 << 16};
constexpr NumberRange pairRange{-1e6, 1e6};
// An attention with fewer heads gets less into another's way than a linear one that moves the answers as far: random
// plans for the demo's model were predicted best with 0.4 to 0.7. Fewer dimensions and fewer MLP channels get into each
// other's way no more than shifts added up say.
constexpr double fewerHeadsPart = 0.5;

// Of a part of which `kept` of `whole` is left.
std::optional<double> partLoss(const std::vector<Losses> &measured, int block, std::int64_t kept, std::int64_t whole)
{
    if (kept == whole)
        return 0;
    const auto at = static_cast<std::size_t>(block);
    if (at >= measured.size() || measured[at].empty())
        return std::nullopt;
    return lossAt(measured[at], kept);
}

std::optional<double> linearLoss(const std::vector<double> &measured, int block)
{
    const auto at = static_cast<std::size_t>(block);
    return at < measured.size() ? std::optional(measured[at]) : std::nullopt;
}

// `part`: how much of a block's half takes part, 0..1.
template<class Part>
std::vector<PairShare> sharesOf(const std::vector<LinearPair> &measured, std::size_t blocks, Part part)
{
    std::vector<double> parts;
    for (std::size_t block = 0; block < blocks; ++block)
        parts.push_back(part(static_cast<int>(block)));
    std::vector<PairShare> shares;
    for (const LinearPair &pair : measured) {
        const auto first = static_cast<std::size_t>(pair.first);
        const auto second = static_cast<std::size_t>(pair.second);
        if (second < blocks && parts[first] > 0 && parts[second] > 0)
            shares.push_back({&pair, parts[first] * parts[second]});
    }
    return shares;
}

nlohmann::json blocksJson(const std::vector<Losses> &blocks)
{
    nlohmann::json json = nlohmann::json::array();
    for (const Losses &block : blocks) {
        nlohmann::json widths = nlohmann::json::array();
        for (const auto &[width, loss] : block)
            widths.push_back({{"width", width}, {"kl", loss}});
        json.push_back({{"widths", std::move(widths)}});
    }
    return json;
}

} // namespace

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
    return lossAt(mlpWidths.at(static_cast<std::size_t>(block)), width);
}

double Sensitivity::qkLoss(int block, std::int64_t dim) const
{
    return lossAt(qkDims.at(static_cast<std::size_t>(block)), dim);
}

double Sensitivity::voLoss(int block, std::int64_t dim) const
{
    return lossAt(voDims.at(static_cast<std::size_t>(block)), dim);
}

double Sensitivity::headLoss(int block, std::int64_t heads) const
{
    return lossAt(headCounts.at(static_cast<std::size_t>(block)), heads);
}

std::optional<double> Sensitivity::attentionLoss(const ModelSpec &spec, int block, const BlockSpec &planned) const
{
    const auto losses = attentionLosses(spec, block, planned);
    return losses ? std::optional(std::accumulate(losses->begin(), losses->end(), 0.0)) : std::nullopt;
}

std::optional<std::array<double, 4>> Sensitivity::attentionLosses(const ModelSpec &spec, int block,
                                                                  const BlockSpec &planned) const
{
    using Parts = std::array<double, 4>;
    const BlockSpec &from = spec.blocks.at(static_cast<std::size_t>(block));
    if (planned.attentionIsLinear()) {
        const auto linear = from.attentionIsLinear() ? std::optional(0.0) : linearLoss(linearAttentions, block);
        return linear ? std::optional(Parts{0, 0, 0, *linear}) : std::nullopt;
    }
    const auto queries = partLoss(qkDims, block, spec.qkDim(planned), spec.qkDim(from));
    const auto values = partLoss(voDims, block, spec.voDim(planned), spec.voDim(from));
    const auto heads = partLoss(headCounts, block, spec.headCount(planned), spec.headCount(from));
    return queries && values && heads ? std::optional(Parts{*queries, *values, *heads, 0}) : std::nullopt;
}

std::optional<double> Sensitivity::mlpLoss(const ModelSpec &spec, int block, const BlockSpec &planned) const
{
    const BlockSpec &from = spec.blocks.at(static_cast<std::size_t>(block));
    if (planned.mlpIsLinear())
        return from.mlpIsLinear() ? 0 : linearLoss(linearMlps, block);
    return partLoss(mlpWidths, block, planned.mlpWidth(), from.mlpWidth());
}

std::vector<PairShare> Sensitivity::attentionPairs(const ModelSpec &spec, const ModelSpec &planned) const
{
    return sharesOf(linearAttentionPairs, planned.blocks.size(), [&](int block) {
        const auto at = static_cast<std::size_t>(block);
        const BlockSpec &to = planned.blocks[at];
        if (spec.blocks.at(at).attentionIsLinear())
            return 0.0;
        if (to.attentionIsLinear())
            return 1.0;
        const double linear = at < linearAttentions.size() ? linearAttentions[at] : 0;
        const double loss =
            partLoss(headCounts, block, spec.headCount(to), spec.headCount(spec.blocks[at])).value_or(0);
        return loss > 0 && linear > 0 ? std::min(1.0, fewerHeadsPart * std::sqrt(loss / linear)) : 0.0;
    });
}

std::vector<PairShare> Sensitivity::mlpPairs(const ModelSpec &spec, const ModelSpec &planned) const
{
    return sharesOf(linearMlpPairs, planned.blocks.size(), [&](int block) {
        const auto at = static_cast<std::size_t>(block);
        return !spec.blocks.at(at).mlpIsLinear() && planned.blocks[at].mlpIsLinear() ? 1.0 : 0.0;
    });
}

void to_json(nlohmann::json &json, const LinearPair &value)
{
    json = {{"first", value.first}, {"second", value.second}, {"kl", value.kl}};
    if (!value.shift.codes.empty())
        json["shift"] = value.shift;
}

void from_json(const nlohmann::json &json, LinearPair &value)
{
    const JsonFields fields(json, "pair");
    value = {};
    fields.read("first", value.first, blockRange);
    fields.read("second", value.second, blockRange);
    if (value.second <= value.first)
        fields.fail("second", "must be a later block than the first");
    fields.read("kl", value.kl, pairRange);
    if (fields.has("shift"))
        fields.readObject("shift", value.shift);
    if (value.shift.codes.empty())
        value.shift = {};
}

void to_json(nlohmann::json &json, const Sensitivity &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, losses] : value.formats)
        formats[layer] = FormatFigures{losses};
    json = {{"images", value.images},
            {"formats", std::move(formats)},
            {"mlpWidths", blocksJson(value.mlpWidths)},
            {"qkDims", blocksJson(value.qkDims)},
            {"voDims", blocksJson(value.voDims)},
            {"headCounts", blocksJson(value.headCounts)},
            {"linearAttentions", value.linearAttentions},
            {"linearMlps", value.linearMlps},
            {"linearAttentionPairs", value.linearAttentionPairs},
            {"linearMlpPairs", value.linearMlpPairs}};
    if (!value.shifts.empty())
        json["shifts"] = value.shifts;
    if (value.estimated)
        json["estimated"] = true;
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
    Losses widths;
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
    const auto read = [&](const char *key, std::vector<Losses> &into) {
        std::vector<BlockLosses> blocks;
        fields.readObjects(key, blocks);
        for (BlockLosses &block : blocks)
            into.push_back(std::move(block.widths));
    };
    read("mlpWidths", value.mlpWidths);
    if (fields.has("qkDims"))
        read("qkDims", value.qkDims);
    if (fields.has("voDims"))
        read("voDims", value.voDims);
    if (fields.has("headCounts"))
        read("headCounts", value.headCounts);
    if (fields.has("linearAttentions"))
        fields.read("linearAttentions", value.linearAttentions, zeroOrMore);
    if (fields.has("linearMlps"))
        fields.read("linearMlps", value.linearMlps, zeroOrMore);
    if (fields.has("linearAttentionPairs"))
        fields.readObjects("linearAttentionPairs", value.linearAttentionPairs);
    if (fields.has("linearMlpPairs"))
        fields.readObjects("linearMlpPairs", value.linearMlpPairs);
    if (fields.has("shifts"))
        fields.readObject("shifts", value.shifts);
    if (value.shifts.empty())
        value.shifts = {};
    if (fields.has("estimated"))
        fields.read("estimated", value.estimated);
    const LogitShifts &shifts = value.shifts;
    const std::pair<std::size_t, std::size_t> sizes[] = {
        {shifts.mlpWidths.size(), value.mlpWidths.size()},
        {shifts.qkDims.size(), value.qkDims.size()},
        {shifts.voDims.size(), value.voDims.size()},
        {shifts.headCounts.size(), value.headCounts.size()},
        {shifts.linearAttentions.size(), value.linearAttentions.size()},
        {shifts.linearMlps.size(), value.linearMlps.size()}};
    if (!shifts.empty() && std::ranges::any_of(sizes, [](const auto &pair) { return pair.first != pair.second; }))
        fields.fail("shifts", "must be of as many blocks as the losses are");
    const auto check = [&](const char *key, const std::vector<LinearPair> &pairs, std::size_t blocks) {
        std::pair before{-1, -1};
        for (const LinearPair &pair : pairs) {
            if (static_cast<std::size_t>(pair.second) >= blocks)
                fields.fail(key, "must be of blocks whose halves were measured alone");
            if (pair.shift.codes.size() != shifts.logits.size())
                fields.fail(key, "must have shifts of as many images as the others are");
            if (std::pair(pair.first, pair.second) <= before)
                fields.fail(key, "must be in the order of their blocks, each once");
            before = {pair.first, pair.second};
        }
    };
    check("linearAttentionPairs", value.linearAttentionPairs, value.linearAttentions.size());
    check("linearMlpPairs", value.linearMlpPairs, value.linearMlps.size());
}

} // namespace edgeflex
