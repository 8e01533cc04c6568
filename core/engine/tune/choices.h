#pragma once

#include "plan/budgetsolver.h"
#include "plan/compressionplan.h"
#include "plan/layertimes.h"
#include "plan/sensitivity.h"

#include <vector>

namespace edgeflex {

// The solver's groups for a model: one a linear layer, but fc1 and fc2 of a block together with the MLP's width, and
// qkv and proj together with what the heads keep.
class Choices
{
public:
    // `times` null: times are 0.
    Choices(const ModelSpec &spec, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
            const Sensitivity &sensitivity, const LayerTimes *times);

    // The plan of least predicted loss under the budget, counted for the whole model's weights (norms and positions
    // included) and for the linear layers' milliseconds a batch.
    struct Solution
    {
        CompressionPlan plan;
        Allocation allocation; // bytes of the whole model
    };
    Solution solve(const Budget &budget) const;

    std::int64_t leastBytes() const; // that any choice can reach

private:
    struct Option
    {
        std::vector<std::pair<std::string, NumberFormat>> formats;
        int block = -1;         // whose width or heads it sets; -1: none
        std::int64_t width = 0; // of the MLP; 0: unchanged
        std::int64_t qkDim = 0; // of every head; 0: unchanged
        std::int64_t voDim = 0;
    };
    void addLayer(const LinearSpec &linear);
    void addAttention(int block);
    void addMlp(int block);
    LinearSpec as(const LinearSpec &linear, NumberFormat format, bool awqScale) const;

    const ModelSpec &m_spec;
    const CompressionPlan &m_settings;
    const std::vector<NumberFormat> &m_formats;
    const Sensitivity &m_sensitivity;
    const LayerTimes *m_times;
    std::vector<std::vector<Choice>> m_groups;
    std::vector<std::vector<Option>> m_options; // beside m_groups
    std::int64_t m_fixedBytes = 0;              // norms and positions
};

} // namespace edgeflex
