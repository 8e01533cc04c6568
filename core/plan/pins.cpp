#include "plan/pins.h"

#include "plan/compressionplan.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::int64_t maxWidth = 1 << 24;

std::int64_t wholeOf(const std::string &part, const std::map<std::string, std::int64_t> &known,
                     const std::string &names)
{
    const auto found = known.find(part);
    if (found == known.end())
        throw Error("\"" + part + "\" is nothing of the model that could be pinned so; there are " + names);
    return found->second;
}

void requireStep(const std::string &part, std::int64_t kept, std::int64_t least, std::int64_t whole, std::int64_t step,
                 const std::string &what)
{
    if (kept < least || kept > whole || (kept != whole && kept % step != 0))
        throw Error(part + " cannot be pinned to " + std::to_string(kept) + " " + what + "; give a multiple of " +
                    std::to_string(step) + " up to " + std::to_string(whole));
}

void readWhole(const JsonFields &fields, const char *key, std::map<std::string, std::int64_t> &value)
{
    std::map<std::string, double> numbers;
    fields.read(key, numbers, {0, double(maxWidth)});
    value.clear();
    for (const auto &[part, number] : numbers) {
        if (number != std::floor(number))
            fields.fail(key, "must have whole numbers");
        value[part] = static_cast<std::int64_t>(number);
    }
}

} // namespace

std::string pinnedMlp(int block)
{
    return layerName(block, "mlp");
}

std::string pinnedQueries(int block)
{
    return layerName(block, "attn.qk");
}

std::string pinnedValues(int block)
{
    return layerName(block, "attn.vo");
}

std::string pinnedHeads(int block)
{
    return layerName(block, "attn.heads");
}

void addPin(Pins &pins, std::string_view text)
{
    const std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == text.size())
        throw Error("\"" + std::string(text) +
                    "\" pins nothing; write LAYER=FORMAT, such as blocks.0.attn.qkv=fp16, or blocks.0.mlp=CHANNELS");
    const std::string layer(text.substr(0, equals));
    const std::string_view value = text.substr(equals + 1);
    std::int64_t width = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), width);
    if (error != std::errc() || end != value.data() + value.size()) {
        pins.formats[layer] = numberFormatFromString(value);
        return;
    }
    if (width < 0 || width > maxWidth)
        throw Error("\"" + std::string(text) + "\" pins a number that nothing in a model can have");
    (layer.ends_with(".qk") || layer.ends_with(".vo") ? pins.headDims
     : layer.ends_with(".heads")                      ? pins.headCounts
                                                      : pins.mlpWidths)[layer] = width;
}

void requireFits(const Pins &pins, const ModelSpec &spec)
{
    for (const auto &[layer, format] : pins.formats)
        spec.linear(layer); // throws naming it
    const auto blocks = static_cast<int>(spec.blocks.size());
    std::map<std::string, std::int64_t> widths;
    std::map<std::string, std::int64_t> dims;
    std::map<std::string, std::int64_t> counts;
    for (int i = 0; i < blocks; ++i) {
        const BlockSpec &block = spec.blocks[static_cast<std::size_t>(i)];
        if (!block.mlpIsLinear())
            widths[pinnedMlp(i)] = block.mlpWidth();
        if (block.attentionIsLinear())
            continue;
        dims[pinnedQueries(i)] = spec.qkDim(block);
        dims[pinnedValues(i)] = spec.voDim(block);
        counts[pinnedHeads(i)] = spec.headCount(block);
    }
    for (const auto &[mlp, width] : pins.mlpWidths) {
        const std::int64_t whole = wholeOf(mlp, widths, pinnedMlp(0) + " to " + pinnedMlp(blocks - 1));
        requireStep(mlp, width, 0, whole, mlpWidthStep(whole), "channels");
    }
    for (const auto &[heads, dim] : pins.headDims) {
        const std::int64_t whole = wholeOf(heads, dims, pinnedQueries(0) + " to " + pinnedValues(blocks - 1));
        requireStep(heads, dim, 1, whole, headDimStep(spec.headDim), "dimensions of each head");
    }
    for (const auto &[heads, count] : pins.headCounts)
        requireStep(heads, count, 0, wholeOf(heads, counts, pinnedHeads(0) + " to " + pinnedHeads(blocks - 1)), 1,
                    "heads");
}

void to_json(nlohmann::json &json, const Pins &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, format] : value.formats)
        formats[layer] = toString(format);
    json = {{"formats", std::move(formats)},
            {"mlpWidths", value.mlpWidths},
            {"headDims", value.headDims},
            {"headCounts", value.headCounts}};
}

void from_json(const nlohmann::json &json, Pins &value)
{
    const JsonFields fields(json, "pins");
    fields.readWords("formats", value.formats, numberFormatFromString);
    readWhole(fields, "mlpWidths", value.mlpWidths);
    value.headDims.clear();
    if (fields.has("headDims"))
        readWhole(fields, "headDims", value.headDims);
    value.headCounts.clear();
    if (fields.has("headCounts"))
        readWhole(fields, "headCounts", value.headCounts);
    fields.refuseUnknown();
}

} // namespace edgeflex
