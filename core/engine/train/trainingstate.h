#pragma once

#include "engine/train/optimizer.h"

#include <string>

namespace edgeflex {

// A training between two epochs, in a file beside the model. The random numbers of an epoch follow from the seed and
// the epoch's number, so that nothing of them needs to be kept.
struct TrainingState
{
    std::string recipe; // all that shapes the training; one of another recipe cannot go on from here
    int epochsDone = 0;
    TrainingWeights weights;
};

inline constexpr char trainingStateFile[] = "training.safetensors";

// Replaces the folder's state; readers see the old one or the whole new one.
void saveTrainingState(const TrainingState &state, const std::string &folder);
bool hasTrainingState(const std::string &folder);
// Throws Error naming the file when it is not a state of `recipe` with `values` values a tensor.
TrainingState openTrainingState(const std::string &folder, const std::string &recipe, std::size_t values);
void removeTrainingState(const std::string &folder);

} // namespace edgeflex
