#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/bench/benchmarker.h"
#include "engine/io/atomicfile.h"
#include "plan/error.h"
#include "report/benchmarkreport.h"
#include "report/markdownwriter.h"
#include "report/svgchart.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

namespace {

std::string plansText()
{
    std::string text;
    for (const BenchPlan &plan : defaultBenchPlans())
        text += (text.empty() ? "" : ",") + toString(plan);
    return text;
}

} // namespace

void addBench(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("bench", "Time and weigh models beside ONNX Runtime and OpenVINO");
    auto options = std::make_shared<BenchOptions>();
    auto output = std::make_shared<Output>();
    auto markdown = std::make_shared<std::string>();
    auto svg = std::make_shared<std::string>();
    verb->add_option("MODEL", options->models, "Checkpoint folders or files, original or tuned")->required();
    addModelFacts(*verb, options->facts);
    verb->add_option("--original", options->original, "What a tuned model was made from, where it has moved");
    verb->add_option("--batch", options->batches, "Images a batch, e.g. 1,8 (default: 1)")
        ->delimiter(',')
        ->check(CLI::Range(1, 4096));
    verb->add_option_function<std::vector<std::string>>(
            "--plans",
            [=](const std::vector<std::string> &words) {
                options->plans.clear();
                for (const std::string &word : words)
                    options->plans.push_back(benchPlanFromString(word));
            },
            "What to make of original models, FORMAT[:mlp=SHARE][:attention=SHARE] (default: " + plansText() + ")")
        ->delimiter(',')
        ->type_name("PLAN");
    verb->add_option("--rounds", options->rounds, "Rounds in which all are timed in turn (0: memory alone)")
        ->check(CLI::NonNegativeNumber);
    verb->add_flag("--memory,!--no-memory", options->memory, "Measure each variant's memory in a process of its own");
    verb->add_option("--memory-images", options->memoryImages, "Images that it classifies there")
        ->check(CLI::Range(1, 1000000));
    verb->add_flag("--peers,!--no-peers", options->peers, "Time ONNX Runtime and OpenVINO beside");
    verb->add_option("--onnx-int8", options->onnxInt8, "The model quantized for ONNX Runtime")->type_name("FILE");
    verb->add_option("--openvino-int8", options->openvinoInt8, "The model quantized for OpenVINO, .xml or .onnx")
        ->type_name("FILE");
    verb->add_option("--markdown", *markdown, "Also write the tables as Markdown to this file")->type_name("FILE");
    verb->add_option("--svg", *svg, "Draw the speeds to this file")->type_name("FILE");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            if (!svg->empty() && options->rounds == 0)
                throw Error("--svg draws how fast models are: leave out --rounds 0, or --svg");
            Benchmark result;
            {
                TerminalProgress progress;
                result = benchmark(*options, progress);
            }
            const std::string text = markdownReport(benchmarkReport(result));
            if (!markdown->empty())
                writeTextFile(*markdown, text);
            if (!svg->empty())
                writeTextFile(*svg, svgFile(benchmarkFigure(result)));
            report(*output, result, text);
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
