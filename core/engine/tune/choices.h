#pragma once

#include "engine/tune/latencytable.h"
#include "engine/tune/sensitivity.h"
#include "plan/budgetsolver.h"
#include "plan/compressionplan.h"

#include <vector>

namespace edgeflex {

// The solver's groups for a model: one a linear layer, but fc1 and fc2 of a block together with the MLP's width.
class Choices
{
public:
    // `latency` null: times are 0.
    Choices(const ModelSpec &spec, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
            const Sensitivity &sensitivity, LatencyTable *latency);

    // The plan of least predicted loss under the budget, counted for the whole model's weights (norms and positions
    // included) and for the linear layers' milliseconds per image.
    struct Solution
    {
        CompressionPlan plan;
        Allocation allocation; // bytes of the whole model
    };
    Solution solve(const Budget &budget) const;

    std::int64_t leastBytes() const; // that any choice can reach
    double fp32Milliseconds() const { return m_fp32Milliseconds; }

private:
    struct Option
    {
        std::vector<std::pair<std::string, NumberFormat>> formats;
        int block = -1; // whose width it sets; -1: none
        std::int64_t width = 0;
    };
    void addLayer(const LinearSpec &linear, std::int64_t rows);
    void addMlp(int block, std::int64_t rows);
    LinearSpec as(const LinearSpec &linear, NumberFormat format, bool awqScale) const;
    double milliseconds(const LinearSpec &linear, std::int64_t rows) const;

    const ModelSpec &m_spec;
    const CompressionPlan &m_settings;
    const std::vector<NumberFormat> &m_formats;
    const Sensitivity &m_sensitivity;
    LatencyTable *m_latency;
    std::vector<std::vector<Choice>> m_groups;
    std::vector<std::vector<Option>> m_options; // beside m_groups
    std::int64_t m_fixedBytes = 0;              // norms and positions
    double m_fp32Milliseconds = 0;
};

} // namespace edgeflex
