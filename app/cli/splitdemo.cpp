#include "cli/command.h"

#include "engine/train/trainingset.h"

#include <iostream>
#include <memory>

namespace edgeflex::cli {

void addSplitDemo(CLI::App &program, Action &action)
{
    auto *verb = program.add_subcommand("split-demo", "Write the images that train-demo trains on and those it holds "
                                                      "out, to calibrate and to search on");
    auto data = std::make_shared<std::string>();
    auto out = std::make_shared<std::string>();
    verb->add_option("--data", *data, "Fashion-MNIST's folder; only its training images are read")->required();
    verb->add_option("--out", *out, "Folder to write")->required();
    verb->callback([=, &action] {
        action = [=] {
            const TrainingSet images(*data);
            writeTrainingSets(images, *out);
            std::cout << *out << ": " << images.training().size() << " images in training-images-idx3-ubyte, "
                      << images.heldOut().size() << " in held-out-images-idx3-ubyte\n";
            return exitSuccess;
        };
    });
}

} // namespace edgeflex::cli
