#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/model/inspect.h"
#include "engine/model/synthesize.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

void addSynthesize(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("synthesize", "Write a model with seeded random weights, to measure a shape");
    auto options = std::make_shared<SynthesizeOptions>();
    auto output = std::make_shared<Output>();
    auto job = std::make_shared<JobOptions>();
    verb->add_option("ARCHITECTURE", options->architecture, "vit-tiny, vit-small, vit-base, vit-large or vit-huge")
        ->required();
    verb->add_option("--classes", options->classes, "Classes")->check(CLI::Range(1, 1000000));
    verb->add_option("--seed", options->seed, "Seed of the weights");
    verb->add_option("--out", options->out, "Folder to write")->required();
    addJob(*verb, *job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            {
                TerminalProgress progress;
                synthesizeModel(*options, progress);
            }
            InspectOptions written;
            written.model.path = options->out;
            const ModelSummary summary = inspectModel(written);
            report(*output, summary,
                   options->out + ": " + summary.spec.name + ", " + formatBytes(summary.fileBytes) +
                       ", synthesized weights: good for the speed and memory of a shape, not for accuracy\n");
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
