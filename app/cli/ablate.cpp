#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/io/atomicfile.h"
#include "engine/tune/ablate.h"
#include "report/ablationtable.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

void addAblate(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("ablate", "Measure what each stage of compression is worth");
    auto options = std::make_shared<AblateOptions>();
    auto output = std::make_shared<Output>();
    auto markdown = std::make_shared<std::string>();
    addModel(*verb, options->model);
    verb->add_option("--calibration", options->calibration, "Images to calibrate on")->required();
    verb->add_option("--search", options->search, "Images to search on (default: one calibration image in five)");
    verb->add_option("--data", options->data, "Labelled images that judge, others than those")->required();
    verb->add_option("--mlp-keep", options->mlpKeep, "Share of MLP channels that stays, on average")
        ->check(CLI::Range(0.01, 1.0));
    verb->add_option_function<std::string>(
            "--format", [=](const std::string &word) { options->format = numberFormatFromString(word); },
            "Number format of every layer: fp32, fp16, bf16, int8 or int4")
        ->type_name("NAME");
    verb->add_option("--group-size", options->int4GroupSize, "Inputs that share an INT4 scale")
        ->check(CLI::IsMember({32, 64, 128}));
    verb->add_option("--images", options->images, "Calibration images at most")->check(CLI::PositiveNumber);
    verb->add_option("--search-images", options->searchImages, "Search images at most")->check(CLI::PositiveNumber);
    verb->add_option("--data-images", options->dataImages, "Images that judge at most (0: all)")
        ->check(CLI::NonNegativeNumber);
    verb->add_option("--crops", options->crops, "Random crops of each image, as a stage of its own")
        ->check(CLI::Range(0, mostCrops));
    verb->add_option("--markdown", *markdown, "Also write the table as Markdown to this file")->type_name("FILE");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            Ablation result;
            {
                TerminalProgress progress;
                result = ablate(*options, progress);
            }
            const std::string table = ablationTable(result);
            if (!markdown->empty())
                writeTextFile(*markdown, table);
            report(*output, result, table);
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
