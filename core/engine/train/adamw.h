#pragma once

#include "engine/train/parameters.h"
#include "plan/verboptions.h"

#include <cstdint>
#include <span>
#include <vector>

namespace edgeflex {

// What a training has come to: the weights, their running average, and the optimizer's memory of gradients, each with
// the values of a ParameterLayout.
struct TrainingWeights
{
    std::vector<float> values;
    std::vector<float> average;     // exponential, over the steps: what is judged and saved
    std::vector<float> firstMoment; // of the gradients
    std::vector<float> secondMoment;
    std::int64_t steps = 0;

    static TrainingWeights startingFrom(std::vector<float> values);
    bool operator==(const TrainingWeights &) const = default;
};

// AdamW (Loshchilov and Hutter 2019) with the gradient's norm held to 1, then the running average.
class AdamW
{
public:
    // Both must outlive this.
    AdamW(const ParameterLayout &layout, const TrainDemoOptions &options);

    // One step down the sum of `gradients`. Uses the calling thread's OpenMP threads; the result does not depend on
    // how many they are.
    void step(TrainingWeights &weights, std::span<const std::vector<float>> gradients, double learningRate);

private:
    const ParameterLayout &m_layout;
    const TrainDemoOptions &m_options;
    std::vector<float> m_gradient;
};

} // namespace edgeflex
