#pragma once

#include "engine/model/transformer.h"
#include "plan/progress.h"

#include <cstdint>

namespace edgeflex {

// A model packed for measuring, and what packing it added to the counting allocator.
class LoadedModel
{
public:
    LoadedModel(const VitModel &model, const ExecutionTarget &target, Progress &progress);

    const Transformer &transformer() const { return m_transformer; }
    std::int64_t weightsBytes() const { return m_weightsBytes; }
    // The allocator's peak of one pass over `pixels`, with this model's weights and nobody else's.
    std::int64_t allocatorPeak(ScheduleKind kind, int batch, const float *pixels, const Progress &progress) const;

private:
    std::int64_t m_before; // first, so that it is taken before the weights are packed
    Transformer m_transformer;
    std::int64_t m_weightsBytes;
};

} // namespace edgeflex
