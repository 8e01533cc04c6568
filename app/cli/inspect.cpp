#include "cli/command.h"

#include "engine/model/inspect.h"
#include "plan/linearlayout.h"
#include "plan/quantity.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

std::string numbers(const std::array<double, 3> &values, int channels)
{
    std::string text;
    for (int i = 0; i < (channels == 1 ? 1 : 3); ++i) {
        char number[32];
        std::snprintf(number, sizeof number, "%s%g", i ? ", " : "", values[static_cast<std::size_t>(i)]);
        text += number;
    }
    return text;
}

std::string describe(const ModelSummary &summary)
{
    const ModelSpec &spec = summary.spec;
    const Preprocessing &pre = spec.preprocessing;
    std::string text = spec.name + " (" + spec.naming + " names)\n";
    text += "  " + std::to_string(spec.blocks.size()) + " blocks, width " + std::to_string(spec.width) + ", " +
            std::to_string(spec.heads) + " heads of " + std::to_string(spec.headDim) + ", patches of " +
            std::to_string(spec.patchSize) + " px, " + std::to_string(spec.tokens()) + " tokens, " +
            std::to_string(spec.classes()) + " classes\n";
    text += "  input " + std::to_string(spec.channels) + " x " + std::to_string(spec.imageHeight) + " x " +
            std::to_string(spec.imageWidth) + "; ";
    if (pre.stated) {
        text += pre.resizeShorter > 0 ? "shorter side to " + std::to_string(pre.resizeShorter) + " px"
                                      : std::string("resized to fit");
        text += ", " + std::string(toString(pre.interpolation)) + ", centre crop " + std::to_string(pre.cropHeight) +
                " x " + std::to_string(pre.cropWidth) + ", mean " + numbers(pre.mean, spec.channels) + ", std " +
                numbers(pre.std, spec.channels) + "\n";
    } else {
        text += "normalisation not stated: pass --mean and --std\n";
    }
    text += "  " + std::to_string(summary.parameters) + " parameters, " + formatBytes(summary.fileBytes) +
            " on disk, " + formatBytes(summary.weightsBytes) + " in memory\n";
    char macs[64];
    std::snprintf(macs, sizeof macs, "%.2f", static_cast<double>(summary.macsPerImage) / 1e9);
    text += std::string("  ") + macs + " GMACs an image, peak " + formatBytes(summary.peakBytesBatch1) +
            " at batch 1 (predicted, tight schedule)\n";
    for (const auto &[key, value] : summary.provenance)
        text += "  " + key + ": " + value + "\n";

    TextTable table({"layer", "out", "in", "format", "weights"});
    for (const LinearSpec *linear : spec.linears()) {
        if (linear->isAbsent()) {
            table.addRow({linear->name, "", "", "removed", ""});
            continue;
        }
        table.addRow({linear->name, std::to_string(linear->outFeatures), std::to_string(linear->inFeatures),
                      std::string(toString(linear->format)), formatBytes(weightBytes(*linear))});
    }
    return text + "\n" + table.text();
}

} // namespace

void addInspect(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("inspect", "Say what a model is: family, sizes, layers, weights");
    auto options = std::make_shared<InspectOptions>();
    auto output = std::make_shared<Output>();
    auto job = std::make_shared<JobOptions>();
    addModel(*verb, options->model);
    addJob(*verb, *job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            const ModelSummary summary = inspectModel(*options);
            report(*output, summary, describe(summary));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
