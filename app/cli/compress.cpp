#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/compress/compressor.h"
#include "plan/quantity.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

std::string describe(const CompressResult &result)
{
    TextTable table({"block", "QK", "VO", "MLP width", "qkv", "proj", "fc1", "fc2", "proj error", "fc2 error"});
    for (std::size_t i = 0; i < result.spec.blocks.size(); ++i) {
        const BlockSpec &block = result.spec.blocks[i];
        const auto errorOf = [&](const LinearSpec &linear) {
            const auto error = result.layerError.find(linear.name);
            char text[32] = "";
            if (error != result.layerError.end())
                std::snprintf(text, sizeof text, "%.4f", error->second.refit);
            return std::string(text);
        };
        table.addRow({std::to_string(i), std::to_string(result.spec.qkDim(block)),
                      std::to_string(result.spec.voDim(block)), std::to_string(block.mlpWidth()),
                      std::string(toString(block.qkv.format)), std::string(toString(block.proj.format)),
                      std::string(toString(block.fc1.format)), std::string(toString(block.fc2.format)),
                      errorOf(block.proj), errorOf(block.fc2)});
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
