#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/profile/profiler.h"
#include "plan/quantity.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

std::string fixed(double value, int digits)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return text;
}

std::string describe(const ActivationProfile &profile)
{
    TextTable operations({"operation", "output", "scratch", "weights", "MMACs", "ms", "live"});
    for (std::size_t i = 0; i < profile.operations.size(); ++i) {
        const OperationProfile &operation = profile.operations[i];
        const MemoryMoment &moment = profile.timeline.moments[i];
        operations.addRow({operation.name, formatBytes(operation.outputBytes), formatBytes(operation.scratchBytes),
                           formatBytes(operation.weightBytes), fixed(static_cast<double>(operation.macs) / 1e6, 1),
                           fixed(operation.milliseconds, 2), formatBytes(moment.tensorBytes + moment.scratchBytes)});
    }
    TextTable layers({"layer", "format", "computed in", "weights", "output", "MMACs", "ms", "mean |x|", "max |x|",
                      "FP16 risk", "16-bit"});
    for (const LayerProfile &layer : profile.layers) {
        double mean = 0;
        float most = 0;
        for (std::size_t c = 0; c < layer.inputMeanAbs.size(); ++c) {
            mean += layer.inputMeanAbs[c] / static_cast<double>(layer.inputMeanAbs.size());
            most = std::max(most, layer.inputMaxAbs[c]);
        }
        layers.addRow({layer.name, std::string(toString(layer.format)), std::string(toString(layer.computedIn)),
                       formatBytes(layer.weightBytes), formatBytes(layer.outputBytes),
                       fixed(static_cast<double>(layer.macs) / 1e6, 1), fixed(layer.milliseconds, 2), fixed(mean, 3),
                       fixed(most, 2), std::string(toString(overflowLevel(layer.castRisk))),
                       std::string(toString(safeHalf(layer.castRisk)))});
    }
    const MemoryTimeline &timeline = profile.timeline;
    std::string text = operations.text() + "\n" + layers.text() + "\n";
    text += "peak " + formatBytes(timeline.peakBytes()) + " predicted, " + formatBytes(profile.measuredPeakBytes) +
            " measured (batch " + std::to_string(profile.batch) + ", " + std::string(toString(profile.schedule.kind)) +
            " schedule): weights " + formatBytes(timeline.weightBytes) + " + activations " +
            formatBytes(timeline.peakActivationBytes) + " during " +
            profile.schedule.operations[static_cast<std::size_t>(timeline.peakOperation)].name + ", which hold";
    for (const int tensor : timeline.peakTensors) {
        const ScheduledTensor &held = profile.schedule.tensors[static_cast<std::size_t>(tensor)];
        text += " " + held.name + " (" + formatBytes(held.bytes) + ")";
    }
    const std::int64_t scratch = timeline.moments[static_cast<std::size_t>(timeline.peakOperation)].scratchBytes;
    text += scratch > 0 ? " and scratch (" + formatBytes(scratch) + ")\n" : "\n";
    text += "the eager schedule would peak at " + formatBytes(profile.eagerPeakBytes) + "\n";
    text += std::to_string(profile.images) + " images, " + std::to_string(profile.target.threads) + " threads, " +
            profile.target.instructionSet + "\n";
    return text;
}

} // namespace

void addProfile(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("profile", "Measure activation memory and time, layer by layer");
    auto options = std::make_shared<ProfileOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images: folder, CIFAR-10 batches or IDX pair")->required();
    verb->add_option("--images", options->images, "Images to run at most")->check(CLI::PositiveNumber);
    verb->add_option("--batch", options->batch, "Images a batch")->check(CLI::Range(1, 4096));
    verb->add_option_function<std::string>(
            "--schedule", [=](const std::string &word) { options->schedule = scheduleKindFromString(word); },
            "tight or eager")
        ->type_name("NAME");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            ActivationProfile profile;
            {
                TerminalProgress progress;
                profile = profileModel(*options, progress);
            }
            report(*output, profile, describe(profile));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
