#include "cli/command.h"

#include "cli/terminalprogress.h"
#include "engine/train/demotrainer.h"
#include "plan/quantity.h"

#include <nlohmann/json.hpp>

#include <memory>

namespace edgeflex::cli {

void addTrainDemo(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("train-demo", "Train the demo's Vision Transformer on Fashion-MNIST");
    auto options = std::make_shared<TrainDemoOptions>();
    auto output = std::make_shared<Output>();
    verb->add_option("--data", options->data, "Fashion-MNIST's folder; only its training images are read")->required();
    verb->add_option("--out", options->out, "Folder to write")->required();
    verb->add_option("--epochs", options->epochs, "Times that every training image is seen")
        ->check(CLI::Range(1, 10000));
    verb->add_option("--seed", options->seed, "Seed of the weights, the order and the augmentation");
    verb->add_option("--batch", options->batch, "Images a step")->check(CLI::Range(1, 4096));
    verb->add_option("--width", options->width, "Width of the model")->check(CLI::Range(1, 4096));
    verb->add_option("--depth", options->depth, "Blocks of the model")->check(CLI::Range(1, 64));
    verb->add_option("--heads", options->heads, "Attention heads of the model")->check(CLI::Range(1, 64));
    verb->add_option("--mlp-width", options->mlpWidth, "Channels of the model's MLPs")->check(CLI::Range(1, 16384));
    verb->add_flag("--resume", options->resume, "Go on from the last whole epoch in --out, with the same options");
    addJob(*verb, options->job);
    addOutput(*verb, *output);
    verb->callback([=, &action] {
        action = [=] {
            TrainDemoResult result;
            {
                TerminalProgress progress;
                result = trainDemo(*options, progress);
            }
            report(*output, result,
                   options->out + ": " + std::to_string(result.parameters) + " parameters, " +
                       std::to_string(result.epochs) + " epochs, held-out " + std::to_string(result.heldOut.correct) +
                       " of " + std::to_string(result.heldOut.total) + " = " + formatPercent(result.heldOut.rate) +
                       ", " + formatDuration(result.seconds) + "\n");
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
