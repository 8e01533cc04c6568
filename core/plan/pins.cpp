#include "plan/pins.h"

#include "plan/compressionplan.h"
#include "plan/jsonfields.h"

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>

namespace edgeflex {

namespace {

constexpr std::int64_t maxWidth = 1 << 24;

} // namespace

std::string pinnedMlp(int block)
{
    return layerName(block, "mlp");
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
    if (width < 1 || width > maxWidth)
        throw Error("\"" + std::string(text) + "\" pins a width that no MLP has; give at least one channel");
    pins.mlpWidths[layer] = width;
}

void requireFits(const Pins &pins, const ModelSpec &spec)
{
    for (const auto &[layer, format] : pins.formats)
        spec.linear(layer); // throws naming it
    std::map<std::string, std::int64_t> whole;
    for (std::size_t i = 0; i < spec.blocks.size(); ++i)
        whole[pinnedMlp(static_cast<int>(i))] = spec.blocks[i].mlpWidth();
    for (const auto &[mlp, width] : pins.mlpWidths) {
        const auto found = whole.find(mlp);
        if (found == whole.end())
            throw Error("\"" + mlp + "\" is no MLP of the model whose width could be pinned; they are called " +
                        pinnedMlp(0) + " to " + pinnedMlp(static_cast<int>(spec.blocks.size()) - 1));
        const std::int64_t step = mlpWidthStep(found->second);
        if (width > found->second || (width != found->second && width % step != 0))
            throw Error(mlp + " cannot be pinned to " + std::to_string(width) + " channels; give a multiple of " +
                        std::to_string(step) + " up to " + std::to_string(found->second));
    }
}

void to_json(nlohmann::json &json, const Pins &value)
{
    nlohmann::json formats = nlohmann::json::object();
    for (const auto &[layer, format] : value.formats)
        formats[layer] = toString(format);
    json = {{"formats", std::move(formats)}, {"mlpWidths", value.mlpWidths}};
}

void from_json(const nlohmann::json &json, Pins &value)
{
    const JsonFields fields(json, "pins");
    fields.readWords("formats", value.formats, numberFormatFromString);
    std::map<std::string, double> widths;
    fields.read("mlpWidths", widths, {1, double(maxWidth)});
    value.mlpWidths.clear();
    for (const auto &[mlp, width] : widths) {
        if (width != std::floor(width))
            fields.fail("mlpWidths", "must have whole numbers");
        value.mlpWidths[mlp] = static_cast<std::int64_t>(width);
    }
    fields.refuseUnknown();
}

} // namespace edgeflex
