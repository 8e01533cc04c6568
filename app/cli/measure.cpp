#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/evaluate/measure.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <memory>

namespace edgeflex::cli {

namespace {

template<typename... Values>
std::string line(const char *format, Values... values)
{
    char text[512];
    std::snprintf(text, sizeof text, format, values...);
    return text;
}

std::string describe(const Proportion &share, const char *name)
{
    return line("%-10s %lld of %lld = %s (95 %%: %s to %s)\n", name, static_cast<long long>(share.correct),
                static_cast<long long>(share.total), formatPercent(share.rate).c_str(),
                formatPercent(share.low).c_str(), formatPercent(share.high).c_str());
}

std::string describe(const Measurement &result)
{
    const Conditions &conditions = result.conditions;
    std::string text = describe(result.top1, "top-1") + describe(result.top5, "top-5");
    if (result.latency)
        text += line("%-10s median %.2f ms, 95 %% below %.2f ms, %.2f ms an image (batch %d, %d repeats)\n", "latency",
                     result.latency->medianMs, result.latency->p95Ms, result.latency->perImageMs, conditions.batch,
                     conditions.repeats);
    else
        text += line("%-10s not measured\n", "latency");
    text += line("%-10s %s in memory\n", "weights", formatBytes(result.weightsBytes).c_str());
    text += line("%-10s %s by the allocator (batch %d, %s schedule)\n", "peak",
                 formatBytes(result.peakMemory.allocatorBytes).c_str(), conditions.batch,
                 std::string(toString(conditions.schedule)).c_str());
    if (result.peakMemory.processBytes >= 0)
        text += line("%-10s %s above the idle engine's %s (VmHWM of a fresh process)\n", "",
                     formatBytes(result.peakMemory.processBytes).c_str(),
                     formatBytes(result.peakMemory.idleProcessBytes).c_str());
    if (result.againstBaseline) {
        const BaselineComparison &against = *result.againstBaseline;
        text += "against " + against.baseline + "\n";
        text += describe(against.baselineTop1, "  its top-1");
        text +=
            line("%-10s %+.2f points (95 %%: %+.2f to %+.2f; at most %.2f lost, one-sided 95 %%; McNemar p = %.3g)\n",
                 "  lost", against.drop.points, against.drop.low, against.drop.high, against.drop.upperBound,
                 against.drop.mcnemarP);
        text += line("%-10s %s of the answers, mean KL %.5f\n", "  agrees", formatPercent(against.agreement).c_str(),
                     against.klMean);
        if (result.latency)
            text += line("%-10s x%.3f (95 %% of repeats: %.3f to %.3f, in turn)\n", "  latency",
                         against.latencyRatio.median, against.latencyRatio.low, against.latencyRatio.high);
        text += line("%-10s x%.4f\n%-10s x%.4f\n", "  weights", against.weightsRatio, "  peak", against.peakRatio);
    }
    text += line("%s, %d threads, %s, oneDNN %s\n", conditions.machine.c_str(), conditions.target.threads,
                 conditions.target.instructionSet.c_str(), conditions.oneDnnVersion.c_str());
    return text;
}

} // namespace

void addMeasure(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("measure", "Measure accuracy, latency, weights and peak memory");
    auto options = std::make_shared<MeasureOptions>();
    auto baseline = std::make_shared<std::string>();
    auto output = std::make_shared<Output>();
    addModel(*verb, options->model);
    verb->add_option("--data", options->data, "Labelled images: folder, CIFAR-10 batches or IDX pair")->required();
    verb->add_option("--baseline", *baseline, "Model to compare with, on the same images and in turn");
    verb->add_option("--images", options->images, "Images to use at most (0: all)")->check(CLI::NonNegativeNumber);
    verb->add_option("--batch", options->batch, "Images a batch, for latency and peak memory")
        ->check(CLI::Range(1, 4096));
    verb->add_option("--repeats", options->repeats, "Times that a model is timed (0: no latency)")
        ->check(CLI::NonNegativeNumber);
    verb->add_option_function<std::string>(
            "--schedule", [=](const std::string &word) { options->schedule = scheduleKindFromString(word); },
            "tight or eager")
        ->type_name("NAME");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            if (!baseline->empty()) {
                options->baseline = options->model; // a bare baseline needs the same words
                options->baseline->path = *baseline;
            }
            Measurement result;
            {
                TerminalProgress progress;
                result = measureModel(*options, progress);
            }
            result.answers.reset(); // for the window's comparisons, not for people
            report(*output, result, describe(result));
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
