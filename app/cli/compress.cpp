#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/compress/compressor.h"
#include "plan/quantity.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

// What a half has left, "linear" where that is nothing but a linear layer.
std::string leftText(bool linear, std::int64_t count)
{
    return linear ? "linear" : std::to_string(count);
}

std::string formatText(const LinearSpec &linear)
{
    return linear.isAbsent() ? "removed" : std::string(toString(linear.format));
}

} // namespace

std::string describe(const CompressResult &result)
{
    const ModelSpec &spec = result.spec;
    const bool headsWent =
        std::ranges::any_of(spec.blocks, [&](const BlockSpec &block) { return spec.headCount(block) != spec.heads; });
    std::vector<std::string> columns{"block"};
    if (headsWent)
        columns.emplace_back("heads");
    for (const char *column : {"QK", "VO", "MLP width", "qkv", "proj", "fc1", "fc2", "proj error", "fc2 error"})
        columns.emplace_back(column);
    TextTable table(columns);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        const BlockSpec &block = spec.blocks[i];
        const auto errorOf = [&](const LinearSpec &linear) {
            const auto error = result.layerError.find(linear.name);
            char text[32] = "";
            if (error != result.layerError.end())
                std::snprintf(text, sizeof text, "%.4f", error->second.refit);
            return std::string(text);
        };
        const bool linear = block.attentionIsLinear();
        std::vector<std::string> cells{std::to_string(i)};
        if (headsWent)
            cells.push_back(leftText(linear, spec.headCount(block)));
        for (const std::string &cell :
             {leftText(linear, spec.qkDim(block)), leftText(linear, spec.voDim(block)),
              leftText(block.mlpIsLinear(), block.mlpWidth()), formatText(block.qkv), formatText(block.proj),
              formatText(block.fc1), formatText(block.fc2), errorOf(block.proj), errorOf(block.fc2)})
            cells.push_back(cell);
        table.addRow(std::move(cells));
    }
    return table.text() + "patch_embed " + std::string(toString(result.spec.patchEmbed.format)) + ", head " +
           std::string(toString(result.spec.head.format)) + "\n" + result.out + ": " + formatBytes(result.folderBytes) +
           " on disk, weights " + formatBytes(result.weightsBytes) + " in memory, " +
           formatPercent(static_cast<double>(result.weightsBytes) / static_cast<double>(result.baselineWeightsBytes)) +
           " of FP32's " + formatBytes(result.baselineWeightsBytes) + "; calibrated on " +
           std::to_string(result.calibrationImages) + " images" + calibrationViews(result.crops, result.flips) + "\n";
}

void addCompress(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("compress", "Prune and quantize a model after a plan");
    auto options = std::make_shared<CompressOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images to calibrate on")->required();
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    addFlips(*verb, options->flips);
    verb->add_option("--crops", options->crops, "Random crops of each image to calibrate on besides")
        ->check(CLI::Range(0, mostCrops));
    verb->add_option("--batch", options->batch, "Images a batch while calibrating")->check(CLI::Range(1, 4096));
    verb->add_option("--plan", options->plan, "The plan's JSON file")->required();
    verb->add_option("--out", options->out, "Folder to write")->required();
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            CompressResult result;
            {
                TerminalProgress progress;
                result = compressModel(*options, progress);
            }
            report(*output, result, describe(result));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
