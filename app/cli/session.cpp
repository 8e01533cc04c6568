#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/tune/sessionrecorder.h"
#include "plan/quantity.h"
#include "report/texttable.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

std::string fixed(const char *format, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    return text;
}

std::string describe(const Session &session, const std::string &out)
{
    TextTable table({"variant", "quality", "weights", "peak", "latency", "top-1", "points lost (95 %)"});
    for (const Variant &variant : session.variants) {
        const Measurement &measured = variant.measurement;
        std::string latency = "not measured";
        std::string lost;
        if (measured.latency)
            latency = fixed("%.2f ms", measured.latency->medianMs);
        if (measured.againstBaseline) {
            const BaselineComparison &against = *measured.againstBaseline;
            if (measured.latency)
                latency = fixed("x%.3f", against.latencyRatio.median);
            lost = fixed("%.2f", against.drop.points) + " (" + fixed("%.2f", against.drop.low) + " to " +
                   fixed("%.2f", against.drop.high) + ")";
        }
        table.addRow({variant.name, std::string(toString(variant.quality)), formatBytes(measured.weightsBytes),
                      formatBytes(measured.peakMemory.allocatorBytes), latency, formatPercent(measured.top1.rate),
                      lost});
    }
    return table.text() + "\n" + out + ": open it with edgeflex-studio, or write it up with edgeflex report\n";
}

} // namespace

void addSession(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("session", "Measure a model and what was made of it, for window and report");
    auto options = std::make_shared<SessionOptions>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images to calibrate on")->required();
    verb->add_option("--search", options->search, "Images to judge each choice on, others than those of --calibration");
    verb->add_option("--data", options->data, "Labelled images that judge")->required();
    verb->add_option("--tuned", options->tuned, "Folders that tune or compress made of the model")->type_name("FOLDER");
    verb->add_flag("--recipe", options->recipe, "Also the steps of the EdgeFlex recipe, as drafts");
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    addFlips(*verb, options->flips);
    verb->add_option("--data-images", options->dataImages, "Images that judge at most (0: all)")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--batch", options->batch, "Images a batch, for latency and peak memory")
        ->check(CLI::Range(1, 4096));
    verb->add_option("--repeats", options->repeats, "Times that a model is timed (0: no latency)")
        ->check(CLI::NonNegativeNumber);
    verb->add_option_function<std::string>(
            "--schedule", [=](const std::string &word) { options->schedule = scheduleKindFromString(word); },
            "tight or eager")
        ->type_name("NAME");
    addBytes(*verb, "--max-weights", options->budgets.maxWeightsBytes, "Budget that the report judges by");
    addBytes(*verb, "--max-peak", options->budgets.maxPeakBytes, "Budget that the report judges by");
    verb->add_option("--max-latency-ratio", options->budgets.maxLatencyRatio, "Budget that the report judges by");
    verb->add_option("--max-drop", options->budgets.maxDropPoints, "Budget that the report judges by");
    verb->add_option("--out", options->out, "Folder to write")->required();
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            Session session;
            {
                TerminalProgress progress;
                session = recordSession(*options, progress);
            }
            report(*output, session.variants, describe(session, options->out));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
