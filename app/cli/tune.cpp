#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/io/atomicfile.h"
#include "engine/tune/tuner.h"
#include "plan/jsonfields.h"
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

std::string describe(const TuneResult &result)
{
    TextTable steps({"tried", "weights", "peak", "predicted KL", "KL", "points lost", "agreement", "latency"});
    for (const TuneStep &step : result.steps)
        steps.addRow({step.reason, formatBytes(step.weightsBytes), formatBytes(step.peakBytes),
                      fixed(step.predictedKl, 5), fixed(step.measuredKl, 5), fixed(step.evidence.drop.points, 2),
                      formatPercent(step.evidence.agreement, 1),
                      step.latencyRatio > 0 ? "x" + fixed(step.latencyRatio, 3) : "not measured"});
    return cli::describe(result.compressed) + "\n" + steps.text() + "\n" + result.verdict + "\n";
}

} // namespace

void addTune(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("tune", "Find and build the model that loses least within your budgets");
    auto options = std::make_shared<TuneOptions>();
    auto output = std::make_shared<Output>();
    auto pareto = std::make_shared<std::string>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images to calibrate on")->required();
    verb->add_option("--search", options->search, "Images to search on (default: one calibration image in five)");
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    addFlips(*verb, options->flips);
    verb->add_option("--search-images", options->searchImages, "Search images at most (default: 200 to 2000)")
        ->check(CLI::PositiveNumber);
    verb->add_option("--batch", options->batch, "Images a batch, for peak memory and latency")
        ->check(CLI::Range(1, 4096));
    addBytes(*verb, "--max-weights", options->maxWeightsBytes, "Most bytes of weights in memory, e.g. 5.7MB");
    addBytes(*verb, "--max-peak", options->maxPeakBytes, "Most bytes of weights and activations, e.g. 20MB");
    verb->add_option("--max-latency-ratio", options->maxLatencyRatio, "Most latency, as a share of FP32's");
    verb->add_option("--max-drop", options->maxDropPoints, "Most accuracy points lost on the search images");
    verb->add_option_function<std::vector<std::string>>(
            "--pin",
            [=](const std::vector<std::string> &pins) {
                for (const std::string &pin : pins)
                    addPin(options->pins, pin);
            },
            "What stays as you say: LAYER=FORMAT, blocks.N.mlp=CHANNELS, blocks.N.attn.heads=HEADS, or "
            "blocks.N.attn.qk=DIMENSIONS and .vo=; 0 channels or heads for a linear layer in their place; may be given "
            "more than once")
        ->type_name("LAYER=VALUE");
    verb->add_option("--pareto", *pareto, "Also write the predicted trade-offs, with a plan for each, as JSON")
        ->type_name("FILE");
    verb->add_option("--out", options->out, "Folder to write")->required();
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            TuneResult result;
            {
                TerminalProgress progress;
                result = tuneModel(*options, progress);
            }
            if (!pareto->empty())
                writeTextFile(*pareto, jsonText(result.front, 2) + "\n");
            report(*output, result, describe(result));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
