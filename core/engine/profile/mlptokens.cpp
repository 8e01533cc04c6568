#include "engine/profile/mlptokens.h"

#include "engine/profile/statisticscollector.h"
#include "plan/error.h"

#include <cstddef>

namespace edgeflex {

MlpTokenCollector::MlpTokenCollector(const ModelSpec &spec, int block, double correction, bool weighsClassTokens)
    : m_fc1(1 + 4 * block + 2),
      m_tokens(spec.tokens()),
      m_classTokenWeight(
          static_cast<float>(weighsClassTokens ? StatisticsCollector::classTokenWeight(spec) : std::int64_t(1))),
      m_correction(static_cast<float>(correction))
{
    m_fit.width = m_held.width = spec.width;
}

void MlpTokenCollector::linearInput(int linear, const float *x, std::int64_t rows)
{
    MlpTokens &tokens = m_validation ? m_held : m_fit;
    if (linear == m_fc1)
        tokens.inputs.insert(tokens.inputs.end(), x, x + rows * tokens.width);
}

void MlpTokenCollector::add(const float *before, const float *behind, const float *reference, std::int64_t rows)
{
    MlpTokens &tokens = m_validation ? m_held : m_fit;
    const auto values = static_cast<std::size_t>(rows * tokens.width);
    if (tokens.inputs.size() != tokens.outputs.size() + values)
        throw Error("an MLP saw other tokens than those that were added");
    const std::size_t first = tokens.outputs.size();
    tokens.outputs.resize(first + values);
    for (std::size_t i = 0; i < values; ++i)
        tokens.outputs[first + i] = behind[i] - before[i] + m_correction * (reference[i] - behind[i]);
    for (std::int64_t row = 0; row < rows; ++row)
        tokens.weights.push_back(row % m_tokens == 0 ? m_classTokenWeight : 1.0F);
}

} // namespace edgeflex
