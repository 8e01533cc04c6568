#pragma once

#include "engine/compress/channelmoments.h"
#include "engine/compress/roundinggrid.h"
#include "engine/kernels/linearweights.h"
#include "plan/compressionplan.h"
#include "plan/progress.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace edgeflex {

// What rounding a layer's weights is judged by: the mean square error of its outputs over calibration. Where the bias
// is corrected for the mean error, that is the error of inputs about their mean.
class RoundingObjective
{
public:
    // `moments` are of what W multiplies, and must outlive this; null: all inputs alike.
    RoundingObjective(const LinearWeights &weights, const RoundingStages &stages, const ChannelMoments *moments);

    // Of the squared errors of a row's values, as of errorWeights(). [K]
    std::vector<float> errorWeights() const;
    // Codes [N, K] of `values` F32 [N, K]: by GPTQ where it is asked for and there is a Gram matrix, else the nearest.
    std::vector<std::int8_t> codes(const Tensor &values, const RoundingGrid &grid, const Progress &progress) const;
    // The bias of `quantized`, made of `original` F32 [N, K]; see biascorrection.h.
    void correctBias(LinearWeights &quantized, const Tensor &original) const;

private:
    RoundingStages m_stages;
    std::int64_t m_features;
    const ChannelMoments *m_moments;
    std::optional<ChannelMoments> m_centred; // where the bias is corrected
};

} // namespace edgeflex
