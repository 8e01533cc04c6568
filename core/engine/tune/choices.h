#pragma once

#include "plan/budgetsolver.h"
#include "plan/compressionplan.h"
#include "plan/layertimes.h"
#include "plan/paretofront.h"
#include "plan/pins.h"
#include "plan/sensitivity.h"

#include <string>
#include <vector>

namespace edgeflex {

// The solver's groups for a model: one a linear layer, but fc1 and fc2 of a block together with the MLP's width, and
// qkv and proj together with the heads and what they keep; either half may be linear instead.
class Choices
{
public:
    // `times` null: times are 0, and activations, too, as these depend on its batch and machine. What is pinned has no
    // other choice. Throws Error naming the layer where the pins do not fit the model or ask for a format that its
    // sensitivity was not measured in.
    Choices(const ModelSpec &spec, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
            const Pins &pins, const Sensitivity &sensitivity, const LayerTimes *times);

    // The plan of least predicted loss under the budget, counted for the whole model's weights (norms and positions
    // included), for the linear layers' milliseconds a batch, and for the peak of a pass in the tight schedule: weights
    // and what is live beside them, in which only the widths and formats count of the block where most is live.
    struct Solution
    {
        CompressionPlan plan;
        Allocation allocation; // bytes of the whole model; scratch as the schedule's largest
    };
    Solution solve(const Budget &budget) const;

    // What can be had at all; by latency where there are times.
    ParetoFront front() const;

    std::int64_t leastBytes() const; // that any choice can reach

private:
    struct Option
    {
        std::vector<std::pair<std::string, NumberFormat>> formats;
        int block = -1; // of which it is half; -1: of none
        bool attention = false;
        BlockPlan kept = {}; // of that half
    };
    void addLayer(const LinearSpec &linear);
    void addAttention(int block);
    void addMlp(int block);
    // One option for each pair of formats of the half's two layers, or each of its one where it is to be linear.
    void addHalf(std::vector<Choice> &choices, std::vector<Option> &options, int block, bool attention,
                 const BlockPlan &kept) const;
    void addGroup(const std::string &what, std::vector<Choice> choices, std::vector<Option> options);
    std::vector<BlockPlan> attentionPlans(int block) const;              // that were measured, or as pinned
    std::vector<NumberFormat> formatsOf(const std::string &layer) const; // that were measured, or the one pinned
    std::vector<std::int64_t> widthsOf(int block) const;                 // of an MLP; 0: linear
    // Scratch of the operations that a plan's choice is part of; 0 without times.
    std::int64_t layerScratch(const LinearSpec &linear) const;
    std::int64_t attentionScratchOf(const BlockSpec &planned) const;
    std::int64_t mlpScratchOf(const BlockSpec &planned) const;
    CompressionPlan planOf(const std::vector<int> &chosen) const;
    std::vector<ParetoPoint> points(Resource resource) const;
    LinearSpec as(const LinearSpec &linear, NumberFormat format, bool awqScale) const;

    const ModelSpec &m_spec;
    const CompressionPlan &m_settings;
    const std::vector<NumberFormat> &m_formats;
    const Pins &m_pins;
    const Sensitivity &m_sensitivity;
    const LayerTimes *m_times;
    std::vector<std::vector<Choice>> m_groups;
    std::vector<std::vector<Option>> m_options; // beside m_groups
    std::int64_t m_fixedBytes = 0;              // norms and positions
    std::int64_t m_tokenBytes = 0;              // live throughout a pass
};

} // namespace edgeflex
