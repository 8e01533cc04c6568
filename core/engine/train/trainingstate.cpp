#include "engine/train/trainingstate.h"

#include "engine/io/safetensors.h"
#include "plan/error.h"

#include <array>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>

namespace edgeflex {

namespace fs = std::filesystem;

namespace {

constexpr char recipeKey[] = "recipe";
constexpr char epochsKey[] = "epochs done";
constexpr char stepsKey[] = "steps";

std::string pathIn(const std::string &folder)
{
    return (fs::path(folder) / trainingStateFile).string();
}

// The arrays of the weights and their names in the file.
template<typename Weights>
auto arraysOf(Weights &weights)
{
    return std::array{std::pair("values", &weights.values), std::pair("average", &weights.average),
                      std::pair("first_moment", &weights.firstMoment),
                      std::pair("second_moment", &weights.secondMoment)};
}

std::int64_t numberOf(const WeightFile &file, const char *key)
{
    std::int64_t number = -1;
    if (const auto found = file.metadata.find(key); found != file.metadata.end())
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), number);
    if (number < 0)
        throw Error(file.path + " has no number of " + key + ": it is damaged, train again without --resume");
    return number;
}

} // namespace

void saveTrainingState(const TrainingState &state, const std::string &folder)
{
    std::map<std::string, Tensor> tensors;
    for (const auto &[name, array] : arraysOf(state.weights))
        tensors[name] = Tensor::fromFloats({static_cast<std::int64_t>(array->size())}, *array);
    writeSafetensors(pathIn(folder), tensors,
                     {{recipeKey, state.recipe},
                      {epochsKey, std::to_string(state.epochsDone)},
                      {stepsKey, std::to_string(state.weights.steps)}});
}

bool hasTrainingState(const std::string &folder)
{
    std::error_code ignored;
    return fs::is_regular_file(pathIn(folder), ignored);
}

TrainingState openTrainingState(const std::string &folder, const std::string &recipe, std::size_t values)
{
    if (!hasTrainingState(folder))
        throw Error(folder + " has no unfinished training: leave out --resume to begin one");
    const WeightFile file = readSafetensors(pathIn(folder));
    TrainingState state;
    const auto found = file.metadata.find(recipeKey);
    state.recipe = found == file.metadata.end() ? std::string() : found->second;
    if (state.recipe != recipe)
        throw Error(file.path + " is of a training with other options (" + state.recipe + "): go on with those");
    state.epochsDone = static_cast<int>(numberOf(file, epochsKey));
    state.weights.steps = numberOf(file, stepsKey);
    for (const auto &[name, array] : arraysOf(state.weights)) {
        const Tensor &tensor = file.tensor(name);
        if (tensor.dtype() != DType::F32 || tensor.elements() != static_cast<std::int64_t>(values))
            throw Error(file.path + ": " + name + " is not " + std::to_string(values) +
                        " FP32 values: it is damaged, train again without --resume");
        array->resize(values);
        std::memcpy(array->data(), tensor.raw(), tensor.bytes());
    }
    return state;
}

void removeTrainingState(const std::string &folder)
{
    std::error_code ignored;
    fs::remove(pathIn(folder), ignored);
}

} // namespace edgeflex
