#include "engine/compress/roundingobjective.h"

#include "engine/compress/biascorrection.h"
#include "engine/compress/gptq.h"

namespace edgeflex {

RoundingObjective::RoundingObjective(const LinearWeights &weights, const RoundingStages &stages,
                                     const ChannelMoments *moments)
    : m_stages(stages), m_features(weights.spec.inFeatures), m_moments(moments)
{
    if (moments && stages.biasCorrection && !weights.bias.empty())
        m_centred = centred(*moments);
}

std::vector<float> RoundingObjective::errorWeights() const
{
    return edgeflex::errorWeights(m_centred ? &*m_centred : m_moments, m_features);
}

std::vector<std::int8_t> RoundingObjective::codes(const Tensor &values, const RoundingGrid &grid,
                                                  const Progress &progress) const
{
    const ChannelMoments *moments = m_centred ? &*m_centred : m_moments;
    if (!m_stages.gptq || !moments || moments->gram.empty())
        return nearestCodes(values, grid);
    return gptqCodes(values, grid, moments->gram, progress);
}

void RoundingObjective::correctBias(LinearWeights &quantized, const Tensor &original) const
{
    if (m_centred)
        edgeflex::correctBias(quantized, original, m_moments->mean);
}

} // namespace edgeflex
