#include "engine/tune/choices.h"

#include "plan/linearlayout.h"

#include <algorithm>
#include <limits>

namespace edgeflex {

Choices::Choices(const ModelSpec &spec, const CompressionPlan &settings, const std::vector<NumberFormat> &formats,
                 const Sensitivity &sensitivity, const LayerTimes *times)
    : m_spec(spec),
      m_settings(settings),
      m_formats(formats),
      m_sensitivity(sensitivity),
      m_times(times),
      m_fixedBytes(weightBytes(spec))
{
    for (const LinearSpec *linear : spec.linears())
        m_fixedBytes -= weightBytes(*linear);
    addLayer(spec.patchEmbed);
    for (std::size_t i = 0; i < spec.blocks.size(); ++i) {
        addLayer(spec.blocks[i].qkv);
        addLayer(spec.blocks[i].proj);
        addMlp(static_cast<int>(i));
    }
    for (const LinearSpec &linear : spec.preLogits)
        addLayer(linear);
    addLayer(spec.head);
}

LinearSpec Choices::as(const LinearSpec &linear, NumberFormat format, bool awqScale) const
{
    LinearSpec result = linear;
    result.format = format;
    result.groupSize = m_settings.int4GroupSize;
    result.inputScale = awqScale && isInteger(format) && m_settings.awq;
    return result;
}

void Choices::addLayer(const LinearSpec &linear)
{
    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const NumberFormat format : m_formats) {
        if (!m_sensitivity.measured(linear.name, format))
            continue;
        const LinearSpec spec = as(linear, format, false);
        choices.push_back({weightBytes(spec), m_times ? m_times->layers.at(linear.name).at(format) : 0,
                           m_sensitivity.formatLoss(linear.name, format)});
        options.push_back({{{linear.name, format}}, -1, 0});
    }
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

void Choices::addMlp(int block)
{
    const BlockSpec &spec = m_spec.blocks[static_cast<std::size_t>(block)];
    const auto &measured = m_sensitivity.mlpWidths[static_cast<std::size_t>(block)];
    const std::int64_t whole = spec.mlpWidth();
    std::vector<std::int64_t> widths{whole};
    const std::int64_t step = mlpWidthStep(whole);
    for (std::int64_t width = (whole - 1) / step * step; width >= measured.begin()->first && width > 0; width -= step)
        widths.push_back(width);

    std::vector<Choice> choices;
    std::vector<Option> options;
    for (const std::int64_t width : widths) {
        for (const NumberFormat first : m_formats) {
            for (const NumberFormat second : m_formats) {
                if (!m_sensitivity.measured(spec.fc1.name, first) || !m_sensitivity.measured(spec.fc2.name, second))
                    continue;
                LinearSpec fc1 = as(spec.fc1, first, false);
                LinearSpec fc2 = as(spec.fc2, second, true);
                const double ms = m_times ? m_times->mlpMilliseconds(block, width, first, second) : 0;
                fc1.outFeatures = fc2.inFeatures = width;
                choices.push_back({weightBytes(fc1) + weightBytes(fc2), ms,
                                   m_sensitivity.widthLoss(block, width) +
                                       m_sensitivity.formatLoss(spec.fc1.name, first) +
                                       m_sensitivity.formatLoss(spec.fc2.name, second)});
                options.push_back({{{spec.fc1.name, first}, {spec.fc2.name, second}}, block, width});
            }
        }
    }
    m_groups.push_back(std::move(choices));
    m_options.push_back(std::move(options));
}

std::int64_t Choices::leastBytes() const
{
    std::int64_t bytes = m_fixedBytes;
    for (const auto &group : m_groups) {
        std::int64_t least = std::numeric_limits<std::int64_t>::max();
        for (const Choice &choice : group)
            least = std::min(least, choice.bytes);
        bytes += least;
    }
    return bytes;
}

Choices::Solution Choices::solve(const Budget &budget) const
{
    Budget linears = budget;
    if (linears.bytes)
        linears.bytes = std::max<std::int64_t>(0, *linears.bytes - m_fixedBytes);
    Solution solution{m_settings, solveBudget(m_groups, linears)};
    solution.allocation.bytes += m_fixedBytes;
    if (budget.bytes && solution.allocation.bytes > *budget.bytes)
        solution.allocation.feasible = false;
    for (std::size_t group = 0; group < m_options.size(); ++group) {
        const Option &option = m_options[group][static_cast<std::size_t>(solution.allocation.chosen[group])];
        for (const auto &[layer, format] : option.formats) {
            if (format != NumberFormat::Fp32)
                solution.plan.formats[layer] = format;
        }
        if (option.block >= 0) {
            const auto at = static_cast<std::size_t>(option.block);
            solution.plan.blocks[at].mlpKeep =
                static_cast<double>(option.width) / static_cast<double>(m_spec.blocks[at].mlpWidth());
        }
    }
    return solution;
}

} // namespace edgeflex
