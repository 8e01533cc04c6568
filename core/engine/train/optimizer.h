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

// One step of training: Muon for the matrices of the blocks, AdamW (Loshchilov and Hutter 2019) for all else, with the
// gradient's norm held to 1; then the running average. Muon takes about half the epochs that AdamW alone needs.
class Optimizer
{
public:
    // Both must outlive this.
    Optimizer(const ParameterLayout &layout, const TrainDemoOptions &options);

    // One step down the sum of `gradients`. Uses the calling thread's OpenMP threads; the result does not depend on
    // how many they are.
    void step(TrainingWeights &weights, std::span<const std::vector<float>> gradients, double learningRate);

private:
    // A matrix that steps as a whole; queries, keys and values are three.
    struct Matrix
    {
        std::size_t offset = 0;
        std::int64_t rows = 0;
        std::int64_t columns = 0;
    };
    // What a step does to every value.
    struct Step
    {
        float clip = 1;   // factor of the gradient
        float follow = 0; // share of the way that the average goes towards the value
        double learningRate = 0;
    };

    double sum(std::span<const std::vector<float>> gradients);
    void stepMatrix(TrainingWeights &weights, const Matrix &matrix, const Step &step) const;
    void stepValues(TrainingWeights &weights, const ParameterSlot &slot, const Step &step) const;

    const TrainDemoOptions &m_options;
    std::vector<Matrix> m_matrices;
    std::vector<ParameterSlot> m_others;
    std::vector<float> m_gradient;
};

} // namespace edgeflex
