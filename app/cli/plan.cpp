#include "cli/command.h"

#include "engine/compress/planner.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

void addPlan(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("plan", "Write a compression plan as JSON on standard output");
    auto options = std::make_shared<PlanOptions>();
    auto output = std::make_shared<Output>();
    auto job = std::make_shared<JobOptions>();
    addModel(*verb, options->model);
    verb->add_option("--mlp-keep", options->mlpKeep, "Share of MLP channels kept, on average over the blocks");
    verb->add_flag("--uniform", options->uniform, "The same share in every block");
    verb->add_option_function<std::string>(
            "--format", [=](const std::string &word) { options->format = numberFormatFromString(word); },
            "fp32, fp16, bf16, int8 or int4 for every linear layer")
        ->type_name("NAME");
    addJob(*verb, *job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            const nlohmann::json plan = makePlan(openModel(options->model), *options);
            report(*output, plan, plan.dump(2) + "\n");
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
